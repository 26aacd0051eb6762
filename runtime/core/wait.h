/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * wait.h - queues of those who wait for an event, and a mutex that sleeps.
 *
 * A waiter is told by its function, in the waker's context (which may be an
 * interrupt handler) with the queue's lock held: it must be short, must not
 * touch this queue, and may wake a thread.  A thread that waits uses
 * waiter_init_thread, and may wait on many queues at once.
 */
#ifndef CORE_WAIT_H
#define CORE_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include "arch/spin.h"
#include "core/thread.h"
#include "lib/list.h"

struct wait_queue {
	struct spinlock lock;
	struct list waiters; /* longest waiting first */
};

struct waiter {
	struct list node;
	struct wait_queue *queue; /* NULL: in none */
	struct thread *thread;
	/* True: it counts as woken (for wait_wake's max). */
	bool (*wake)(struct waiter *w, uint32_t events);
};

#define WAIT_QUEUE_INIT(q)                                                     \
	{                                                                      \
		SPINLOCK_INIT, LIST_INIT((q).waiters)                          \
	}

void wait_queue_init(struct wait_queue *q);
/* Its function wakes the calling thread. */
void waiter_init_thread(struct waiter *w);
void wait_add(struct wait_queue *q, struct waiter *w);
/* Safe if it is in no queue. */
void wait_remove(struct waiter *w);

/*
 * Tells at most max waiters, longest waiting first; they stay in the queue
 * until they remove themselves.  events: what happened (POLL*), 0 if it
 * doesn't matter.  Returns how many were told.  Any context.
 */
unsigned wait_wake(struct wait_queue *q, unsigned max, uint32_t events);
#define WAIT_ALL UINT32_MAX

/*
 * Sleeps until `condition` holds; the expression may take locks.  0,
 * -ETIMEDOUT or -EINTR, as thread_sleep.
 */
#define wait_until(q, condition, deadline, flags)                              \
	({                                                                     \
		struct waiter w_;                                              \
		int error_ = 0;                                                \
		waiter_init_thread(&w_);                                       \
		wait_add((q), &w_);                                            \
		while (!(condition)) {                                         \
			error_ = thread_sleep((deadline), (flags));            \
			if (error_) {                                          \
				if (condition)                                 \
					error_ = 0;                            \
				break;                                         \
			}                                                      \
		}                                                              \
		wait_remove(&w_);                                              \
		error_;                                                        \
	})

/* For long critical sections; fair enough, not recursive, not for irqs. */
struct mutex {
	struct spinlock lock;
	struct thread *owner;
	struct list waiters;
};

#define MUTEX_INIT(m)                                                          \
	{                                                                      \
		SPINLOCK_INIT, NULL, LIST_INIT((m).waiters)                    \
	}

void mutex_init(struct mutex *m);
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

#endif
