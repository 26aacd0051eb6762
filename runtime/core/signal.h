/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal.h - signals of the one process.
 *
 * A signal is delivered where the program's own code is interrupted or at the
 * end of a system call, never inside one (in_kernel > 0): a call that sleeps
 * is woken and returns -EINTR or -ERESTARTSYS.
 */
#ifndef CORE_SIGNAL_H
#define CORE_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "halvm/abi/signal.h"
#include "lib/list.h"

struct thread;
struct trap_frame;

/* Bit n - 1 is signal n. */
typedef uint64_t sigset_bits;

struct signal_queue {
	sigset_bits pending;
	struct list infos; /* of those that bring more than their number */
};

struct signal_thread {
	sigset_bits blocked;
	sigset_bits saved;  /* what sigsuspend and ppoll put back */
	bool restore_saved; /* when the call ends */
	struct signal_queue queue;
	struct abi_sigaltstack alt_stack;
	sigset_bits waiting_for; /* rt_sigtimedwait */
};

void signal_thread_init(struct signal_thread *s, const struct thread *parent);
void signal_thread_free(struct signal_thread *s);

/*
 * Sends a signal to thread t, or with NULL to the process: a thread that
 * doesn't block it gets it.  info may be NULL.  Any context.  0, -EAGAIN (too
 * many queued real-time signals).  Signal 0 does nothing.
 */
int signal_send(struct thread *t, int sig, const struct abi_siginfo *info);

/* The calling thread has an unblocked signal that isn't ignored. */
bool signal_interrupts(void);

/*
 * Replaces the mask until the call's end (sigsuspend, ppoll, epoll_pwait): if
 * a signal ends the call, its handler runs with the new mask.
 */
void signal_mask_for_call(sigset_bits mask);
void signal_mask_call_done(void); /* no signal came: put it back now */

/*
 * At the end of a system call with the result r: delivers what is pending;
 * the handlers have run when it returns.  Returns r, with -ERESTARTSYS only if
 * the call shall start again, else -EINTR in its place.
 */
long signal_leave_call(long r);

/* Before an interrupt returns to program code: may change the frame. */
void signal_leave_interrupt(struct trap_frame *frame);

/* The hook of arch/trap.h's `exception`: SIGSEGV, SIGFPE, ..., or a panic. */
void signal_exception(struct trap_frame *frame, uintptr_t addr);

#endif
