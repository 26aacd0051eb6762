/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * thread.h - threads, the run queue, and sleeping.
 *
 * A thread sleeps by thread_sleep and is woken by thread_wake.  A wake is
 * remembered, so the usual loop can't miss one:
 *
 *	for (;;) {
 *		make sure somebody will wake us (wait.h);
 *		if (condition)
 *			break;
 *		error = thread_sleep(deadline, flags);
 *	}
 *
 * thread_sleep may return 0 for no reason; callers look at their condition.
 * Nobody sleeps with a spin lock held, nor in an interrupt handler.
 */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch/context.h"
#include "arch/percpu.h"
#include "core/signal.h"
#include "core/timer.h"
#include "lib/list.h"

enum thread_state {
	THREAD_READY,	/* in a run queue */
	THREAD_RUNNING, /* a CPU's current */
	THREAD_SLEEPING,
	THREAD_ENDED,
};

struct thread {
	struct arch_thread arch; /* first: assembly knows it */
	int tid;
	enum thread_state state;
	bool wake_pending; /* woken before it slept */
	bool is_idle;
	struct list run_node; /* of the run queue */
	struct list all_node; /* of thread_all; also read by the debugger */
	struct tree_node tid_node;
	struct timer sleep_timer;
	struct signal_thread signals; /* core/signal.c */
	uint32_t *clear_tid; /* set_tid_address, CLONE_CHILD_CLEARTID */
	void *robust_list;
	size_t robust_size;
	uint64_t cpu_time;	/* ns it ran, until it was last switched to */
	uint64_t switched_at;	/* clock_now() when it was */
	struct run_queue *home; /* core/sched.c, as the next two */
	uint64_t slice_left;	/* ns */
	bool sleep_expired;	/* sleep_timer fired */
	uintptr_t unmap_base;	/* thread_exit */
	size_t unmap_size;
	int priority, policy, nice;
	char name[16];
};

#define DEADLINE_NEVER UINT64_MAX

/*
 * Start: makes the boot's flow of control the first thread, tid 1, and this
 * CPU's idle thread.  -ENOMEM.
 */
int thread_init(void);

/*
 * A new thread, not yet running, as a copy of the caller in what clone keeps
 * (signal mask, name, priority); NULL if there is no memory.
 */
struct thread *thread_create(void);
/* Makes it ready to run for the first time. */
void thread_start(struct thread *t);
/*
 * Ends the calling thread: clears and wakes clear_tid, robust list.  If
 * unmap_size isn't 0, unmaps that (its stack) first.  The last thread's end is
 * the process's, with `status`.
 */
_Noreturn void thread_exit(int status, uintptr_t unmap_base, size_t unmap_size);

enum {
	SLEEP_INTERRUPTIBLE = 1, /* a signal that isn't blocked ends it */
};

/*
 * Until woken, or until clock_now() >= deadline.  0: woken (or no reason);
 * -ETIMEDOUT; -EINTR: a signal is there for the caller to leave for.
 */
int thread_sleep(uint64_t deadline, unsigned flags);
/* Any context.  t must be alive: the waker holds a lock that its end takes. */
void thread_wake(struct thread *t);

/* Lets others run that are ready. */
void thread_yield(void);

/* By tid, 0 meaning the caller; NULL.  The caller holds thread_all_lock. */
struct thread *thread_find(int tid);
extern struct spinlock thread_all_lock;
extern struct list thread_all;
unsigned thread_count(void);

/* ns the thread has run up to now. */
uint64_t thread_cpu_time(struct thread *t);
/* ns that threads have run since thread_init: the time not idle. */
uint64_t thread_process_time(void);
/* ns of its whole time slice, by its nice value (-20 to 19). */
uint64_t thread_slice(const struct thread *t);

/* The hook of arch/trap.h's `leave`: preemption and signals. */
void thread_leave_interrupt(struct trap_frame *frame);

#endif
