/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/signal.h - the machine's part of signals: how a handler is entered and
 * left, and what its ucontext_t holds.
 *
 * A handler is entered through arch_signal_trampoline: whoever decides that a
 * thread is to run a handler (core, in an interrupt or in arch_with_frame)
 * keeps the thread's trap frame, and makes the thread continue there, with
 * interrupts off.  The trampoline takes this CPU's signal stack, which is not
 * the program's, calls `enter`, and continues where the frame that `enter`
 * returns says.  The FPU's registers are all the time those of the program.
 */
#ifndef ARCH_SIGNAL_H
#define ARCH_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>
#include "arch/context.h"
#include "halvm/abi/signal.h"

/*
 * Set by core at the start.  The first two run on the stack that ends at
 * percpu's signal_area, with interrupts off.
 */
struct arch_signal_hooks {
	/* Builds the handler's frame. */
	struct trap_frame *(*enter)(void);
	/* rt_sigreturn, with in_kernel counted once. */
	struct trap_frame *(*leave)(const void *ucontext);
	/* What ends halvm_cancel_point: signal_leave_call. */
	long (*leave_call)(long r);
};

extern struct arch_signal_hooks arch_signal_hooks;

extern const char arch_signal_trampoline[];

/*
 * Calls fn with the caller's state, as if an interrupt had come after this
 * call (callee-saved registers, rip, rsp, flags; the others are 0), with
 * interrupts off; then continues what the frame says.  Returns the frame's rax.
 */
long arch_with_frame(void (*fn)(struct trap_frame *frame));

/*
 * Makes the frame continue at entry(a, b, c), as called with the stack pointer
 * sp (sp + 8 is a multiple of 16), interrupts on or off.
 */
void arch_frame_call(struct trap_frame *frame, uintptr_t entry, uintptr_t sp,
		     uint64_t a, uint64_t b, uint64_t c, bool interrupts);

/* A frame to a ucontext_t's machine part, and back; all else there is 0. */
void arch_context_store(struct abi_mcontext *to,
			const struct trap_frame *frame);
void arch_context_load(struct trap_frame *frame,
		       const struct abi_mcontext *from);

/*
 * An FPU image that the program had in its hands: from_size bytes of it were
 * read, 512 at least.  Makes it one that arch_fpu_restore can take.
 */
void arch_fpu_check(void *fpu, uint64_t from_size);
/* Marks an image as one of arch_fpu_size bytes; how many one that was marked
 * has, else 512. */
void arch_fpu_mark(void *fpu);
uint64_t arch_fpu_marked(const void *fpu);

/* The CPU's FPU control words as at a program's start (psABI 3.2.1, 3.4.1). */
void arch_fpu_reset(void);

/* What an exception is as a signal: 0 if it isn't one. */
int arch_exception_signal(const struct trap_frame *frame, int *code);

#endif
