/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/spin.h - spin locks that keep interrupts off.
 *
 * While one is held this CPU takes no interrupt and switches no thread.  Code
 * of the runtime runs on the stacks of the program's threads, which are paged
 * in on demand.  So spin_lock first touches the stack SPIN_STACK bytes below:
 * a page fault happens before the lock is taken, never while it is held, and
 * a stack that is used up faults where nothing is locked.  What runs under a
 * lock, further locks included, must need less stack than that: where
 * interrupts are off already nothing is touched.
 *
 * Memory of the program may be touched under a lock only where the lock's
 * place in the order (doc/ARCHITECTURE.md) is before the lock of the address
 * space.
 */
#ifndef ARCH_SPIN_H
#define ARCH_SPIN_H

#include "arch/cpu.h"

#define SPIN_STACK 2048

struct spinlock {
	uint32_t held;
};

#define SPINLOCK_INIT                                                          \
	{                                                                      \
		0                                                              \
	}

/* Returns what spin_unlock wants: the state of interrupts before. */
static inline unsigned long spin_lock(struct spinlock *lock)
{
	unsigned long flags, below;

	if (irq_enabled())
		__asm__ volatile("lea %c1(%%rsp), %0; orb $0, (%0)"
				 : "=&r"(below)
				 : "i"(-SPIN_STACK)
				 : "cc", "memory");
	flags = irq_save();
	while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			cpu_relax();
	return flags;
}

static inline void spin_unlock(struct spinlock *lock, unsigned long flags)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
	irq_restore(flags);
}

#endif
