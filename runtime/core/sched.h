/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched.h - the run queue, for thread.c and timer.c only.
 *
 * Each CPU has a queue with a lock of its own.  A thread has a home queue, and
 * only the CPU of that queue ever runs it, so nobody else can continue a
 * thread whose registers are still being stored.  (To balance load, a CPU may
 * give away a thread that is in its own queue.)
 *
 * Round robin by time slices of SLICE; a thread woken goes before those that
 * only had used up their slice, with what is left of its own.  It takes the CPU
 * at once from the idle thread, and if an interrupt woke it; else the waker,
 * which often sleeps itself soon, has WAKE_DELAY to do so.
 *
 * Locking: the queue's lock protects its lists, and state, wake_pending, home
 * and slice of the threads at home there.  Nothing else is locked under it but
 * the timer's lock, which timer_program doesn't take.  From the choice of the
 * next thread until it runs, interrupts stay off.
 */
#ifndef CORE_SCHED_H
#define CORE_SCHED_H

#include <stdint.h>
#include "core/thread.h"

#define SLICE 10000000UL
#define WAKE_DELAY 1000000UL

/* Start: this CPU's queue, with `boot` running and `idle` to fall back on. */
void sched_init(struct thread *boot, struct thread *idle);

/* Makes a new thread ready. */
void sched_add(struct thread *t);

/* The idle thread's life. */
_Noreturn void sched_idle(void);

/*
 * Leaves the calling thread, which has ended, for another and never returns.
 * `last` is called in between, when no CPU needs the thread any more.
 * Interrupts are off, and the stack isn't the thread's.
 */
_Noreturn void sched_end(struct thread *t, void (*last)(struct thread *));

/* ns this CPU was idle. */
uint64_t sched_idle_time(void);

/* timer.c's interrupt: what the slice needs.  The time it wants to be told. */
uint64_t sched_tick(uint64_t now);

#endif
