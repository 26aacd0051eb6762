/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/cpu.h on the host: the processor is host.c's.  An interrupt is a flag
 * and a queue: host_raise (host.h) runs a handler at once, or when interrupts
 * are switched on again.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <stdbool.h>
#include <stdint.h>

#define RFLAGS_IF 0x200UL

unsigned long irq_save(void);
void irq_restore(unsigned long flags);
void irq_enable(void);
void irq_disable(void);
bool irq_enabled(void);

/*
 * Runs what is queued; if there is nothing, moves the clock to the timer's
 * deadline.  Without a deadline either, the test fails: all threads sleep for
 * ever.
 */
void cpu_wait(void);

static inline void cpu_relax(void)
{
}

/* One cycle is one nanosecond of host_clock. */
uint64_t cpu_tsc(void);

/* As the real one: UINT64_MAX if it doesn't fit. */
static inline uint64_t cpu_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	unsigned __int128 r = (unsigned __int128)a * b / c;

	return r > UINT64_MAX ? UINT64_MAX : (uint64_t)r;
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* What the test says; NULL: a processor without any feature. */
extern struct cpuid (*host_cpuid)(uint32_t leaf, uint32_t subleaf);

static inline struct cpuid cpu_id(uint32_t leaf, uint32_t subleaf)
{
	if (host_cpuid)
		return host_cpuid(leaf, subleaf);
	return (struct cpuid){0, 0, 0, 0};
}

#endif
