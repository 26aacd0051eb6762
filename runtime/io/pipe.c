/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe.c - pipes: reading, writing, readiness (pipe(7), POSIX write()).
 *
 * The buffer is a ring of pages that are there only while bytes lie in them,
 * and one more.  See pipe.h for the locks.
 */
#include "io/pipe.h"
#include "arch/page.h"
#include "arch/user.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/poll.h"
#include "io/waiter.h"

static size_t ring_size(const struct pipe *p)
{
	return p->pages * PAGE_SIZE;
}

static size_t used(const struct pipe *p)
{
	return __atomic_load_n(&p->used, __ATOMIC_RELAXED);
}

static size_t room(const struct pipe *p)
{
	return __atomic_load_n(&p->pages, __ATOMIC_RELAXED) * PAGE_SIZE -
	       used(p);
}

static unsigned count(const unsigned *n)
{
	return __atomic_load_n(n, __ATOMIC_RELAXED);
}

/* n bytes have been read from the page at read_at. */
static void consume(struct pipe *p, size_t n)
{
	size_t at = p->read_at;
	char **page = &p->page[at / PAGE_SIZE];

	__atomic_store_n(&p->used, p->used - n, __ATOMIC_RELAXED);
	if (p->used == 0) {
		p->read_at =
		    at / PAGE_SIZE * PAGE_SIZE; /* stays for the next */
		return;
	}
	p->read_at = (at + n) % ring_size(p);
	/* At its end; if the ring isn't filled up to it again, it is empty. */
	if (p->read_at % PAGE_SIZE == 0 &&
	    p->used <= ring_size(p) - PAGE_SIZE) {
		heap_free(*page);
		*page = NULL;
	}
}

/* What is there, up to what is wanted: the number of bytes, or -EFAULT. */
static long take(struct pipe *p, struct uio *to)
{
	size_t done = 0;

	while (to->left > 0 && p->used > 0) {
		size_t in_page = p->read_at % PAGE_SIZE;
		size_t part = PAGE_SIZE - in_page;
		char *page = p->page[p->read_at / PAGE_SIZE];

		if (part > p->used)
			part = p->used;
		if (part > to->left)
			part = to->left;
		if (uio_write(to, page + in_page, part) < 0)
			return done ? (long)done : -EFAULT;
		consume(p, part);
		done += part;
	}
	return (long)done;
}

/* At most n bytes, for which there is room. */
static long put(struct pipe *p, struct uio *from, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t at = (p->read_at + p->used) % ring_size(p);
		size_t part = PAGE_SIZE - at % PAGE_SIZE;
		char **page = &p->page[at / PAGE_SIZE];

		if (part > n - done)
			part = n - done;
		if (!*page && !(*page = heap_alloc(PAGE_SIZE)))
			return done ? (long)done : -ENOMEM;
		if (uio_read(*page + at % PAGE_SIZE, from, part) < 0)
			return done ? (long)done : -EFAULT;
		__atomic_store_n(&p->used, p->used + part, __ATOMIC_RELAXED);
		done += part;
	}
	return (long)done;
}

long pipe_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct pipe *p = f->data;
	long r;

	(void)pos;
	mutex_lock(&p->lock);
	for (;;) {
		if (p->used > 0) {
			r = take(p, to);
			file_wake(&p->queue, POLLOUT | POLLWRNORM);
			break;
		}
		r = 0;
		if (p->writers == 0)
			break;
		r = -EAGAIN;
		if (file_flags(f) & O_NONBLOCK)
			break;
		mutex_unlock(&p->lock);
		r = io_wait(&p->queue, POLLIN,
			    used(p) > 0 || count(&p->writers) == 0);
		mutex_lock(&p->lock);
		if (r)
			break;
	}
	mutex_unlock(&p->lock);
	return r;
}

/*
 * One step of a write that needs room for `need` bytes at once: the number
 * written, 0 to wait for room, or -errno.
 */
static long write_some(struct pipe *p, struct uio *from, size_t need)
{
	size_t n = room(p);
	long r;

	if (p->readers == 0) {
		signal_send(thread_current(), ABI_SIGPIPE, NULL);
		return -EPIPE;
	}
	if (n < need)
		return 0;
	r = put(p, from, n < from->left ? n : from->left);
	if (r > 0)
		file_wake(&p->queue, POLLIN | POLLRDNORM);
	return r;
}

long pipe_write(struct file *f, struct uio *from, uint64_t *pos)
{
	struct pipe *p = f->data;
	size_t total = from->left;
	size_t need = total <= PIPE_BUF ? total : 1;
	long r = 0;

	(void)pos;
	if (total == 0)
		return 0;
	mutex_lock(&p->lock);
	while (from->left > 0) {
		r = write_some(p, from, need);
		if (r < 0)
			break;
		if (r > 0)
			continue;
		r = -EAGAIN;
		if (file_flags(f) & O_NONBLOCK)
			break;
		mutex_unlock(&p->lock);
		r = io_wait(&p->queue, POLLOUT,
			    room(p) >= need || count(&p->readers) == 0);
		mutex_lock(&p->lock);
		if (r)
			break;
	}
	mutex_unlock(&p->lock);
	return from->left < total ? (long)(total - from->left) : r;
}

/*
 * As on Linux: a reader of a FIFO that no writer ever opened after it isn't
 * told of a hang-up (f->pos, which has no other use here, is writer_opens as it
 * was when a FIFO was opened without a writer, else 0).
 */
uint32_t pipe_poll(struct file *f)
{
	const struct pipe *p = f->data;
	uint32_t events = 0;

	if (file_can_read(f)) {
		if (used(p) > 0)
			events |= POLLIN | POLLRDNORM;
		if (count(&p->writers) == 0 &&
		    count(&p->writer_opens) != f->pos)
			events |= POLLHUP;
	}
	if (file_can_write(f)) {
		if (room(p) >= PIPE_BUF)
			events |= POLLOUT | POLLWRNORM;
		if (count(&p->readers) == 0)
			events |= POLLERR;
	}
	return events;
}

long pipe_ioctl(struct file *f, unsigned long request, uintptr_t argument)
{
	uint32_t n = (uint32_t)used(f->data);

	if (request != FIONREAD)
		return -ENOTTY;
	return user_write((void *)argument, &n, sizeof(n));
}

bool pipe_leave(struct pipe *p, const struct file *f)
{
	bool last;

	mutex_lock(&p->lock);
	if (file_can_read(f))
		__atomic_store_n(&p->readers, p->readers - 1, __ATOMIC_RELAXED);
	if (file_can_write(f))
		__atomic_store_n(&p->writers, p->writers - 1, __ATOMIC_RELAXED);
	last = p->readers == 0 && p->writers == 0;
	if (!last && (p->readers == 0 || p->writers == 0))
		file_wake(&p->queue, POLLIN | POLLOUT | POLLERR | POLLHUP);
	mutex_unlock(&p->lock);
	return last;
}
