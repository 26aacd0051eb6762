/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * poll.c - waiting for any of many descriptors.
 *
 * Entries lie in chunks of a page, so their number is bounded by memory alone;
 * a few are in struct poll itself.  Each holds a reference of its file and,
 * once there is nothing to report, waits on the file's queue.  A wake sets
 * poll->told, which no wait in between can lose as it could a thread's wake.
 * Nothing is locked here.
 */
#include "io/poll.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"

#define CHUNK_BYTES 4096

struct poll_chunk {
	struct poll_chunk *next;
	unsigned used;
	struct poll_entry entry[];
};

#define CHUNK_ENTRIES                                                          \
	((CHUNK_BYTES - sizeof(struct poll_chunk)) / sizeof(struct poll_entry))

void poll_init(struct poll *p)
{
	p->thread = thread_current();
	p->told = false;
	p->few_used = 0;
	p->chunks = p->last = NULL;
}

static struct poll_entry *new_entry(struct poll *p)
{
	struct poll_chunk *c = p->last;
	struct poll_entry *e;

	if (p->few_used < POLL_FEW) {
		e = &p->few[p->few_used++];
		e->chunk = NULL;
		return e;
	}
	if (!c || c->used == CHUNK_ENTRIES) {
		c = heap_alloc(CHUNK_BYTES);
		if (!c)
			return NULL;
		c->next = NULL;
		c->used = 0;
		if (p->last)
			p->last->next = c;
		else
			p->chunks = c;
		p->last = c;
	}
	e = &c->entry[c->used++];
	e->chunk = c;
	return e;
}

static bool wake(struct waiter *w, uint32_t events)
{
	struct poll_entry *e = container_of(w, struct poll_entry, waiter);

	if (events && !(events & e->events))
		return false;
	__atomic_store_n(&e->poll->told, true, __ATOMIC_RELEASE);
	thread_wake(w->thread);
	return true;
}

struct poll_entry *poll_add(struct poll *p, int fd, uint32_t events)
{
	struct poll_entry *e = new_entry(p);

	if (!e)
		return NULL;
	waiter_init_thread(&e->waiter);
	e->waiter.wake = wake;
	e->poll = p;
	e->fd = fd;
	e->events = events | POLLERR | POLLHUP;
	e->revents = 0;
	e->file = fd >= 0 ? fd_get_open(fd) : NULL;
	return e;
}

struct poll_entry *poll_next(struct poll *p, struct poll_entry *e)
{
	struct poll_chunk *c = e ? e->chunk : NULL;

	if (!e)
		return p->few_used ? p->few : NULL;
	if (!c) {
		if (++e < p->few + p->few_used)
			return e;
		return p->chunks ? p->chunks->entry : NULL;
	}
	if (++e < c->entry + c->used)
		return e;
	return c->next ? c->next->entry : NULL;
}

/* Looks at all; the number that has something. */
static long look(struct poll *p)
{
	long n = 0;

	for (struct poll_entry *e = NULL; (e = poll_next(p, e));) {
		if (e->file)
			e->revents = file_poll(e->file) & e->events;
		else
			e->revents = e->fd < 0 ? 0 : POLLNVAL;
		if (e->revents)
			n++;
	}
	return n;
}

static void wait_on_all(struct poll *p)
{
	for (struct poll_entry *e = NULL; (e = poll_next(p, e));)
		if (e->file && e->file->poll_queue)
			wait_add(e->file->poll_queue, &e->waiter);
}

static int sleep(struct poll *p, uint64_t deadline)
{
	int error = 0;

	while (!error && !__atomic_load_n(&p->told, __ATOMIC_ACQUIRE))
		error = thread_sleep(deadline, SLEEP_INTERRUPTIBLE);
	__atomic_store_n(&p->told, false, __ATOMIC_RELAXED);
	return error;
}

long poll_run(struct poll *p, uint64_t deadline)
{
	long n = look(p);
	int error = 0;

	if (n || deadline == 0)
		return n;
	wait_on_all(p);
	for (;;) {
		n = look(p);
		if (n || error)
			break;
		error = sleep(p, deadline);
	}
	for (struct poll_entry *e = NULL; (e = poll_next(p, e));)
		wait_remove(&e->waiter);
	if (n)
		return n;
	return error == -ETIMEDOUT ? 0 : error;
}

void poll_free(struct poll *p)
{
	struct poll_chunk *c, *next;

	for (struct poll_entry *e = NULL; (e = poll_next(p, e));)
		if (e->file)
			file_put(e->file);
	for (c = p->chunks; c; c = next) {
		next = c->next;
		heap_free(c);
	}
}
