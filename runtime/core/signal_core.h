/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal_core.h - what the files of signal.h share.  All under signal_lock
 * but the first.
 */
#ifndef CORE_SIGNAL_CORE_H
#define CORE_SIGNAL_CORE_H

#include "arch/spin.h"
#include "core/signal.h"

extern struct spinlock signal_lock;

/* Of the process: for whichever thread takes them first. */
extern struct signal_queue signal_process_queue;
extern struct abi_sigaction signal_actions[ABI_SIGNALS];

void signal_queue_init(struct signal_queue *q);
/* 0, or -EAGAIN for a real-time signal without a node. */
int signal_queue_add(struct signal_queue *q, int sig,
		     const struct abi_siginfo *info);
void signal_queue_add_info(struct signal_queue *q, struct signal_info *i);
/* The lowest signal of the set, taken out; 0: there is none. */
int signal_queue_take(struct signal_queue *q, sigset_bits set,
		      struct abi_siginfo *info);
/* Forgets all pending ones of the set. */
void signal_queue_flush(struct signal_queue *q, sigset_bits set);

/* Nothing happens when it is delivered. */
bool signal_is_ignored(int sig);
/* SIG_DFL again (SA_RESETHAND). */
void signal_reset_action(int sig);
/* What t could deliver now. */
sigset_bits signal_deliverable(const struct thread *t);
/* Sets t's arch.pending. */
void signal_update(struct thread *t);
/* Sets t's mask; returns those of the process it now leaves to others. */
sigset_bits signal_set_mask(struct thread *t, sigset_bits mask);

/*
 * The masks while the handler of d runs and after it; what of the process t now
 * leaves to others.
 */
sigset_bits signal_begin(struct thread *t, struct signal_delivery *d);

/* Without the lock: finds threads for pending signals of the process. */
void signal_retarget(sigset_bits set);

/* Per-CPU memory that handlers are entered and left on; 0 or -ENOMEM. */
int signal_frame_init(void);
/* Of arch/signal.h's hooks. */
struct trap_frame *signal_enter_handler(void);
struct trap_frame *signal_leave_handler(const void *ucontext);

#endif
