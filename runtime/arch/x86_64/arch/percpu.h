/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/percpu.h - what each CPU has of its own, found through the GS segment.
 *
 * Only the CPU it belongs to touches it, with interrupts off, but for
 * `current`, which a thread may read at any time: it is the thread itself.
 */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include <stdint.h>

#define CPUS_MAX 1

struct thread;

/* Assembly knows the offsets of the first three (context.S, trap.S). */
struct percpu {
	struct thread *current;
	struct percpu *self;
	void *exit_stack; /* top of the stack that ending threads run on */
	unsigned index;
	unsigned irq_depth; /* of nested interrupt handlers; 0 in a thread */
	struct run_queue *run_queue; /* core/sched.c */
	/* Assembly knows the offsets of these, too. */
	void *signal_area; /* core/signal_frame.c */
	void *irq_stack;   /* top of the one that interrupts run on */
};

static inline struct thread *thread_current(void)
{
	struct thread *t;

	__asm__("movq %%gs:0, %0" : "=r"(t));
	return t;
}

/* With interrupts off only: else the thread may move to another CPU. */
static inline struct percpu *percpu_self(void)
{
	struct percpu *p;

	__asm__ volatile("movq %%gs:8, %0" : "=r"(p));
	return p;
}

#endif
