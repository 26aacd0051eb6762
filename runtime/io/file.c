/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file.c - open files: references, reading and writing at a place, readiness.
 *
 * No lock but the file's own pos_lock (a sleeping mutex), held over a read or
 * write of a file that has a place, as Linux does (POSIX 2.9.7: atomic with
 * respect to each other).
 */
#include "io/file.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/waiter.h"

#define FLAGS_OF_OPENING (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

void (*file_unwatch)(struct file *f);

struct file *file_create(const struct file_ops *ops, void *data, uint32_t flags)
{
	struct file *f = heap_zalloc(sizeof(*f));

	if (!f)
		return NULL;
	f->ops = ops;
	f->references = 1;
	f->flags = flags & ~(uint32_t)FLAGS_OF_OPENING;
	mutex_init(&f->pos_lock);
	list_init(&f->watchers);
	f->data = data;
	return f;
}

void file_get(struct file *f)
{
	__atomic_fetch_add(&f->references, 1, __ATOMIC_RELAXED);
}

void file_put(struct file *f)
{
	if (__atomic_sub_fetch(&f->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	if (file_unwatch)
		file_unwatch(f);
	if (f->ops->release)
		f->ops->release(f);
	heap_free(f);
}

bool file_can_read(const struct file *f)
{
	uint32_t flags = file_flags(f);
	uint32_t mode = flags & O_ACCMODE;

	return !(flags & O_PATH) && (mode == O_RDONLY || mode == O_RDWR);
}

bool file_can_write(const struct file *f)
{
	uint32_t flags = file_flags(f);
	uint32_t mode = flags & O_ACCMODE;

	return !(flags & O_PATH) && (mode == O_WRONLY || mode == O_RDWR);
}

uint32_t file_poll(struct file *f)
{
	if (!f->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return f->ops->poll(f);
}

bool io_waiter_wake(struct waiter *w, uint32_t events)
{
	struct io_waiter *io = container_of(w, struct io_waiter, waiter);

	if (events && !(events & io->events))
		return false;
	__atomic_store_n(&io->told, true, __ATOMIC_RELEASE);
	thread_wake(w->thread);
	return true;
}

void io_waiter_init(struct io_waiter *io, uint32_t events)
{
	waiter_init_thread(&io->waiter);
	io->waiter.wake = io_waiter_wake;
	io->events = events | POLLERR | POLLHUP;
	io->told = false;
}

/* The common part of file_read and file_write. */
static long transfer(struct file *f, struct uio *u, uint64_t *at,
		     long (*op)(struct file *, struct uio *, uint64_t *))
{
	long r;

	if (at)
		return f->has_pos ? op(f, u, at) : -ESPIPE;
	if (!f->has_pos)
		return op(f, u, NULL);
	mutex_lock(&f->pos_lock);
	r = op(f, u, &f->pos);
	mutex_unlock(&f->pos_lock);
	return r;
}

long file_read(struct file *f, struct uio *to, uint64_t *at)
{
	if (!file_can_read(f))
		return -EBADF;
	if (at && !f->has_pos)
		return -ESPIPE;
	if (!f->ops->read)
		return -EINVAL;
	if (to->left == 0)
		return 0;
	return transfer(f, to, at, f->ops->read);
}

long file_write(struct file *f, struct uio *from, uint64_t *at)
{
	if (!file_can_write(f))
		return -EBADF;
	if (at && !f->has_pos)
		return -ESPIPE;
	if (!f->ops->write)
		return -EINVAL;
	return transfer(f, from, at, f->ops->write);
}

long file_seek_to(struct file *f, int64_t base, int64_t offset)
{
	int64_t to;

	if (__builtin_add_overflow(base, offset, &to))
		return -EOVERFLOW;
	if (to < 0)
		return -EINVAL;
	f->pos = (uint64_t)to;
	return to;
}

long file_seek_from(struct file *f, int64_t offset, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	return file_seek_to(f, whence == SEEK_CUR ? (int64_t)f->pos : 0,
			    offset);
}
