/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal.h - signals of the one process.
 *
 * A signal is delivered where the program's own code is interrupted or at the
 * end of a system call, never inside one (in_kernel > 0): a call that sleeps
 * is woken and returns -EINTR or -ERESTARTSYS.
 *
 * arch.pending of a thread isn't 0 if it may have something to deliver; it is
 * written under the signal lock.  Lock order: thread_all_lock, signal lock,
 * run queue.
 */
#ifndef CORE_SIGNAL_H
#define CORE_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch/context.h"
#include "halvm/abi/signal.h"
#include "lib/list.h"

struct thread;
struct signal_queue;

/* Bit n - 1 is signal n. */
typedef uint64_t sigset_bits;

/* A signal that waits with more than its number. */
struct signal_info {
	struct list node;
	struct abi_siginfo info;
	/*
	 * Of a timer: called when it leaves its queue, under the signal lock;
	 * may change info.  NULL: it goes back to the pool.
	 */
	void (*taken)(struct signal_info *i);
	struct signal_queue *queue; /* NULL: it waits in none */
};

struct signal_queue {
	sigset_bits pending;
	struct list infos; /* of those that bring more than their number */
};

/* What a thread is about to run a handler for. */
struct signal_delivery {
	struct trap_frame frame; /* where it was */
	struct abi_siginfo info;
	struct abi_sigaction action;
	sigset_bits mask; /* to be put back after it */
	uintptr_t fault_addr;
	bool is_fault; /* frame.vector and .error tell of it */
};

struct signal_thread {
	sigset_bits blocked;
	sigset_bits saved;  /* what sigsuspend and ppoll put back */
	bool restore_saved; /* when the call ends */
	struct signal_queue queue;
	struct abi_sigaltstack alt_stack;
	sigset_bits waiting_for; /* rt_sigtimedwait */
	struct signal_delivery delivery;
};

/* parent NULL: the first thread, with the start of this module. */
void signal_thread_init(struct signal_thread *s, const struct thread *parent);
/* The thread has left thread_all; its process's signals go to others. */
void signal_thread_free(struct signal_thread *s);

/*
 * Sends a signal to thread t, or with NULL to the process: a thread that
 * doesn't block it gets it.  info may be NULL.  Any context; with t the caller
 * keeps t alive.  0, -EAGAIN (too many queued real-time signals).  Signal 0
 * does nothing.
 */
int signal_send(struct thread *t, int sig, const struct abi_siginfo *info);
/*
 * The same with a node of the caller's, which must not be queued; signal is
 * i->info.signo.  False: it was ignored, and i isn't queued.
 */
bool signal_send_info(struct thread *t, struct signal_info *i);
/* Takes it out of its queue; it isn't touched any more after that. */
void signal_cancel_info(struct signal_info *i);
/* In thread context, without locks: so that signal_send finds a node. */
void signal_reserve_info(void);

/* The calling thread has an unblocked signal that isn't ignored. */
bool signal_interrupts(void);

/* The calling thread's mask: how is ABI_SIG_*.  Delivers nothing yet. */
int signal_change_mask(int how, sigset_bits set);

/*
 * Replaces the mask until the call's end (sigsuspend, ppoll, epoll_pwait): if
 * a signal ends the call, its handler runs with the new mask.  A call that
 * then returns -ERESTARTSYS is -EINTR after any handler.
 */
void signal_mask_for_call(sigset_bits mask);
void signal_mask_call_done(void); /* no signal came: put it back now */

/* sigaction(2), sigpending(2), sigaltstack(2); 0 or -errno. */
int signal_set_action(int sig, const struct abi_sigaction *new,
		      struct abi_sigaction *old);
sigset_bits signal_pending(void);
int signal_set_stack(const struct abi_sigaltstack *stack, uintptr_t sp);
void signal_get_stack(struct abi_sigaltstack *stack, uintptr_t sp);
/*
 * sigtimedwait(2): the number of a signal of the set, which is no longer
 * pending; -EAGAIN after the deadline, -EINTR.
 */
int signal_wait(sigset_bits set, uint64_t deadline, struct abi_siginfo *info);

/*
 * At the end of a system call with the result r: delivers what is pending;
 * the handlers have run when it returns.  Returns r, with -ERESTARTSYS only if
 * the call shall start again, else -EINTR in its place.
 *
 * sys_leave calls it with in_kernel still counted if r is -ERESTARTSYS, else
 * no longer; it isn't when this returns.
 */
long signal_leave_call(long r);

/*
 * Before an interrupt returns to program code: may change the frame, which is
 * that of the calling thread, or of a preempted one that is `current` now.
 */
void signal_leave_interrupt(struct trap_frame *frame);

/* The hook of arch/trap.h's `exception`: SIGSEGV, SIGFPE, ..., or a panic. */
void signal_exception(struct trap_frame *frame, uintptr_t addr);

#endif
