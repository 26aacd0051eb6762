/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * waiter.h - how calls of io wait on the queue of a file, which is woken for
 * different events (POLL*) by file_wake.
 *
 * All who wait are told and look again, so a queue may be shared by readers and
 * writers, threads in poll, and epoll's entries.
 */
#ifndef IO_WAITER_H
#define IO_WAITER_H

#include "core/wait.h"
#include "halvm/abi/errno.h"

struct io_waiter {
	struct waiter waiter;
	uint32_t events; /* it waits for these, POLLERR and POLLHUP */
	bool told;	 /* set by a wake.  Atomic. */
};

/* For the calling thread. */
void io_waiter_init(struct io_waiter *io, uint32_t events);
bool io_waiter_wake(struct waiter *w, uint32_t events);

/*
 * Sleeps until `condition` holds, interruptibly, looking again whenever one of
 * the events happens; the expression may take locks.  0, -ETIMEDOUT or
 * -ERESTARTSYS.
 */
#define io_wait_deadline(q, wanted, condition, deadline)                       \
	({                                                                     \
		struct io_waiter io_;                                          \
		int error_ = 0;                                                \
		io_waiter_init(&io_, (wanted));                                \
		wait_add((q), &io_.waiter);                                    \
		while (!(condition)) {                                         \
			error_ =                                               \
			    thread_sleep((deadline), SLEEP_INTERRUPTIBLE);     \
			if (error_) {                                          \
				if (condition)                                 \
					error_ = 0;                            \
				break;                                         \
			}                                                      \
		}                                                              \
		wait_remove(&io_.waiter);                                      \
		error_ == -EINTR ? -ERESTARTSYS : error_;                      \
	})

#define io_wait(q, wanted, condition)                                          \
	io_wait_deadline(q, wanted, condition, DEADLINE_NEVER)

#endif
