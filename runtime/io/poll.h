/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * poll.h - waiting for any of many descriptors: the engine of poll(2) and
 * select(2).
 *
 *	poll_init(&p);
 *	for each descriptor: entry = poll_add(&p, fd, events) ...
 *	n = poll_run(&p, deadline);
 *	for each entry (poll_next): entry->revents
 *	poll_free(&p);
 */
#ifndef IO_POLL_H
#define IO_POLL_H

#include "io/file.h"

struct poll;
struct poll_chunk;

struct poll_entry {
	struct waiter waiter;
	struct poll *poll;
	struct poll_chunk *chunk; /* it lies in, or NULL */
	struct file *file;	  /* with a reference, or NULL */
	int fd;
	uint32_t events, revents; /* POLL* */
};

#define POLL_FEW 4

struct poll {
	struct thread *thread;
	bool told; /* something may have changed.  Atomic. */
	unsigned few_used;
	struct poll_chunk *chunks, *last;
	struct poll_entry few[POLL_FEW];
};

/* For the calling thread. */
void poll_init(struct poll *p);
/*
 * Its revents are POLLNVAL if fd isn't open, but nothing if fd < 0.  POLLERR
 * and POLLHUP are always waited for.  NULL: no memory.
 */
struct poll_entry *poll_add(struct poll *p, int fd, uint32_t events);
/*
 * How many entries have revents: 0 at the deadline, -EINTR.  Deadline 0 doesn't
 * wait.
 */
long poll_run(struct poll *p, uint64_t deadline);
/* The entries in order: the first, after NULL; NULL at the end. */
struct poll_entry *poll_next(struct poll *p, struct poll_entry *e);
void poll_free(struct poll *p);

#endif
