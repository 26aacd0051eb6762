/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/cpu_init.h - the first steps of a CPU, and its trap stacks (IST).
 */
#ifndef ARCH_CPU_INIT_H
#define ARCH_CPU_INIT_H

enum { IST_IRQ = 1, IST_FAULT = 2, IST_ABORT = 3 };

/* Segments, TSS, GS; interrupts are off.  index < CPUS_MAX. */
void cpu_init(unsigned index);

#endif
