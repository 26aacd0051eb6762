/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * eventfd.c - a counter to wait for (eventfd(2)).
 *
 * `lock` is an io spin lock, held for a few instructions; the queue is woken
 * under it.
 */
#include "io/eventfd.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/anon.h"
#include "io/waiter.h"

#define COUNT_MAX (UINT64_MAX - 1) /* eventfd(2) */

struct eventfd {
	struct spinlock lock;
	struct wait_queue queue;
	uint64_t count;
	bool semaphore;
};

static uint64_t count(const struct eventfd *e)
{
	return __atomic_load_n(&e->count, __ATOMIC_RELAXED);
}

/* What a read gets now; 0: nothing. */
static uint64_t take(struct eventfd *e)
{
	unsigned long flags = spin_lock(&e->lock);
	uint64_t n = e->semaphore && e->count ? 1 : e->count;

	__atomic_store_n(&e->count, e->count - n, __ATOMIC_RELAXED);
	if (n)
		file_wake(&e->queue, POLLOUT | POLLWRNORM);
	spin_unlock(&e->lock, flags);
	return n;
}

static bool add(struct eventfd *e, uint64_t n)
{
	unsigned long flags = spin_lock(&e->lock);
	bool fits = n <= COUNT_MAX - e->count;

	if (fits) {
		__atomic_store_n(&e->count, e->count + n, __ATOMIC_RELAXED);
		file_wake(&e->queue, POLLIN | POLLRDNORM);
	}
	spin_unlock(&e->lock, flags);
	return fits;
}

static long eventfd_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct eventfd *e = f->data;
	uint64_t n;

	(void)pos;
	if (to->left < sizeof(n))
		return -EINVAL;
	while (!(n = take(e))) {
		long error = -EAGAIN;

		if (!(file_flags(f) & O_NONBLOCK))
			error = io_wait(&e->queue, POLLIN, count(e) > 0);
		if (error)
			return error;
	}
	return uio_write(to, &n, sizeof(n)) ? -EFAULT : (long)sizeof(n);
}

static long eventfd_write(struct file *f, struct uio *from, uint64_t *pos)
{
	struct eventfd *e = f->data;
	uint64_t n;

	(void)pos;
	if (from->left < sizeof(n))
		return -EINVAL;
	if (uio_read(&n, from, sizeof(n)))
		return -EFAULT;
	if (n > COUNT_MAX)
		return -EINVAL;
	while (!add(e, n)) {
		long error = -EAGAIN;

		if (!(file_flags(f) & O_NONBLOCK))
			error = io_wait(&e->queue, POLLOUT,
					n <= COUNT_MAX - count(e));
		if (error)
			return error;
	}
	return sizeof(n);
}

static uint32_t eventfd_poll(struct file *f)
{
	uint64_t n = count(f->data);
	uint32_t events = 0;

	if (n > 0)
		events |= POLLIN | POLLRDNORM;
	if (n < COUNT_MAX)
		events |= POLLOUT | POLLWRNORM;
	return events;
}

static int eventfd_stat(struct file *f, struct abi_stat *st)
{
	return anon_stat(st, ANON_MODE, f->data);
}

static void eventfd_release(struct file *f)
{
	heap_free(f->data);
}

static const struct file_ops eventfd_ops = {
    .read = eventfd_read,
    .write = eventfd_write,
    .poll = eventfd_poll,
    .stat = eventfd_stat,
    .release = eventfd_release,
};

struct file *eventfd_new(uint32_t initial, bool semaphore, uint32_t flags)
{
	struct eventfd *e = heap_zalloc(sizeof(*e));
	struct file *f;

	if (!e)
		return NULL;
	wait_queue_init(&e->queue);
	e->count = initial;
	e->semaphore = semaphore;
	f = file_create(&eventfd_ops, e, flags | O_RDWR);
	if (!f) {
		heap_free(e);
		return NULL;
	}
	f->poll_queue = &e->queue;
	return f;
}
