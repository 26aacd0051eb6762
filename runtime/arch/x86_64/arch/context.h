/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/context.h - the state of a thread that isn't running, and how to switch.
 *
 * A thread loses the CPU in one of two ways.  It gives it up in a call of the
 * runtime (arch_switch): then what the psABI lets a call destroy is dead, and
 * the callee-saved registers and control words lie on its stack.  Or an
 * interrupt takes the CPU from it: then its registers are in `frame` and its
 * FPU, SSE and AVX state in `fpu`.
 *
 * The runtime's code never uses vector registers (-mgeneral-regs-only), so an
 * interrupt that returns to the thread it interrupted need not save them.
 */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As trap.S pushes them; the last five by the processor. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* First member of struct thread; assembly knows the offsets of the first 4. */
struct arch_thread {
	uint64_t rsp;	   /* where arch_switch left it */
	int32_t in_kernel; /* depth of system calls it is in, see sys/sys.h */
	uint32_t pending;  /* not 0: look for signals before leaving them */
	uint64_t fs_base;  /* libc's thread pointer */
	bool preempted;	   /* frame and fpu hold the state, not rsp */
	/* While frame serves as a stack (arch_resume), for trap_use_event. */
	uint64_t below_frame[8];
	struct trap_frame frame;
	void *fpu; /* arch_fpu_size bytes, aligned to 64 */
};

/* Bytes of FPU state of this processor, 512 to a few thousand. */
extern size_t arch_fpu_size;

/* A state as a program finds it at its start (psABI 3.4.1). */
void arch_fpu_init(void *fpu);
/* The CPU's to memory, and back.  Interrupts are off. */
void arch_fpu_save(void *fpu);
void arch_fpu_restore(const void *fpu);

/*
 * Prepares t to start, when it is first switched to, with all registers 0 but
 * rip, rsp and rdi = argument, interrupts on.  The caller has set t->fpu.
 */
void arch_thread_start(struct arch_thread *t, uintptr_t rip, uintptr_t rsp,
		       uintptr_t argument);

/* Sets the thread pointer of the running thread. */
void arch_set_fs_base(struct arch_thread *t, uint64_t base);

/*
 * Leaves `from` and continues `to`; returns when another thread switches back.
 * Interrupts are off before and after.  The caller has set percpu's current.
 */
void arch_switch(struct arch_thread *from, struct arch_thread *to);

/*
 * Continues `to` and forgets where it was called: from an interrupt that has
 * stored the interrupted thread by arch_preempt, or from a thread that ended.
 * Interrupts are off.
 */
_Noreturn void arch_resume(struct arch_thread *to);

/* Stores what the interrupt interrupted in t, which becomes `preempted`. */
void arch_preempt(struct arch_thread *t, const struct trap_frame *frame);

/*
 * Runs fn(argument) on this CPU's exit stack with interrupts off; fn doesn't
 * return.  For a thread that ends and whose stack others may now unmap.
 */
_Noreturn void arch_on_exit_stack(void (*fn)(void *), void *argument);

#endif
