/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/spin.h on the host: there is one CPU, so a lock that is held when it is
 * taken is a deadlock, and the test fails.
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

unsigned long spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock, unsigned long flags);

#endif
