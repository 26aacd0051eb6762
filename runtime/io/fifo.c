/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fifo.c - pipes with a name.
 *
 * inode->object is the pipe while a file of it is open; the inode's lock guards
 * it, and is taken before the pipe's.
 */
#include "io/fifo.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/inode.h"
#include "io/pipe.h"
#include "io/waiter.h"

static void fifo_release(struct file *f)
{
	struct inode *inode = f->inode;
	bool last;

	mutex_lock(&inode->lock);
	last = pipe_leave(f->data, f);
	if (last)
		inode->object = NULL;
	mutex_unlock(&inode->lock);
	if (last)
		pipe_free(f->data);
	inode_put(inode);
}

static const struct file_ops fifo_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .control = pipe_control,
    .release = fifo_release,
};

static void add(unsigned *n)
{
	__atomic_store_n(n, *n + 1, __ATOMIC_RELAXED);
}

/* The file becomes a reader, a writer or both. */
static int join(struct inode *inode, struct file *f)
{
	struct pipe *p = inode->object;
	bool reads = file_can_read(f), writes = file_can_write(f);

	if (!p)
		p = pipe_new();
	if (!p)
		return -ENOMEM;
	if (writes && !reads && p->readers == 0 &&
	    (file_flags(f) & O_NONBLOCK)) {
		if (!inode->object)
			pipe_free(p);
		return -ENXIO;
	}
	inode->object = p;
	f->data = p;
	f->poll_queue = &p->queue;
	f->inode = inode_get(inode);
	mutex_lock(&p->lock);
	f->pos = reads ? p->writer_opens : p->reader_opens;
	if (reads) {
		add(&p->readers);
		add(&p->reader_opens);
	}
	if (writes) {
		add(&p->writers);
		add(&p->writer_opens);
	}
	file_wake(&p->queue, POLLIN | POLLOUT);
	mutex_unlock(&p->lock);
	return 0;
}

/*
 * Until the other end has been opened since join, even if it has gone again;
 * f->pos is as join left it.
 */
static int wait_for_other(struct file *f)
{
	struct pipe *p = f->data;
	bool reads = file_can_read(f);
	unsigned *here = reads ? &p->writers : &p->readers;
	unsigned *opens = reads ? &p->writer_opens : &p->reader_opens;
	unsigned before = (unsigned)f->pos;

	if ((reads && file_can_write(f)) ||
	    __atomic_load_n(here, __ATOMIC_ACQUIRE) > 0 ||
	    __atomic_load_n(opens, __ATOMIC_ACQUIRE) != before) {
		f->pos = 0;
		return 0;
	}
	if (file_flags(f) & O_NONBLOCK)
		return 0; /* pipe_poll wants to know */
	f->pos = 0;
	return io_wait(&p->queue, POLLIN | POLLOUT,
		       __atomic_load_n(opens, __ATOMIC_ACQUIRE) != before);
}

int fifo_open(struct inode *inode, uint32_t flags, struct file **file)
{
	struct file *f = file_create(&fifo_ops, NULL, flags);
	int error;

	if (!f)
		return -ENOMEM;
	mutex_lock(&inode->lock);
	error = join(inode, f);
	mutex_unlock(&inode->lock);
	if (error) {
		heap_free(f);
		return error;
	}
	error = wait_for_other(f);
	if (error) {
		file_put(f);
		return error;
	}
	*file = f;
	return 0;
}
