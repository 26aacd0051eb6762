/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/percpu.h on the host: one CPU, whose data is a global.
 */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include <stdint.h>

#define CPUS_MAX 1

struct thread;

struct percpu {
	struct thread *current;
	struct percpu *self;
	void *exit_stack;
	unsigned index;
	unsigned irq_depth;
	struct run_queue *run_queue;
	void *signal_area;
};

extern struct percpu host_percpu;

static inline struct thread *thread_current(void)
{
	return host_percpu.current;
}

static inline struct percpu *percpu_self(void)
{
	return &host_percpu;
}

#endif
