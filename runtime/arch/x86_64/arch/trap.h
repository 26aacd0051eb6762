/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/trap.h - exceptions and interrupts, and who is told of them.
 *
 * Each kind has a stack of its own, per CPU (IST), because the interrupted
 * stack may not be paged in: one for interrupts, one for page faults and other
 * exceptions, one for double fault, NMI and machine check.  Handlers run with
 * interrupts off and touch nothing that may fault.
 */
#ifndef ARCH_TRAP_H
#define ARCH_TRAP_H

#include <stdbool.h>
#include <stdint.h>
#include "arch/context.h"

enum {
	VECTOR_DEBUG = 1,
	VECTOR_PAGE_FAULT = 14,
	VECTOR_IRQ_FIRST = 0x20, /* exceptions are below */
	VECTOR_IRQ_LAST = 0x5f,
	VECTOR_TIMER = 0x60, /* a higher priority class than devices */
	VECTOR_EVENT = 0x61, /* trap_use_event */
	VECTOR_SPURIOUS = 0x6f,
	VECTORS = 0x70,
};

enum { FAULT_WRITE = 1, FAULT_EXEC = 2 };

/* What core gives to boot, which gives it to arch (trap_set_hooks). */
struct trap_hooks {
	/*
	 * A page fault at addr.  0: mapped now, go on.  Else -errno: the
	 * access is wrong, and `fatal` is called, unless it was user.h's.
	 */
	int (*page_fault)(uintptr_t addr, unsigned access);
	/* An exception nobody mended.  May change the frame and return. */
	void (*exception)(struct trap_frame *frame, uintptr_t addr);
	/*
	 * An interrupt is about to return to the frame; may switch threads
	 * and not return.
	 */
	void (*leave)(struct trap_frame *frame);
};

/* Sets up IDT, TSS and stacks of this CPU. */
void trap_init(void);
void trap_set_hooks(const struct trap_hooks *hooks);

/* The handler of one vector, VECTOR_IRQ_FIRST or above. */
void trap_set_handler(unsigned vector, void (*fn)(void *), void *argument);
/*
 * Readies VECTOR_EVENT for trap_set_handler: a vector that a hypervisor raises
 * as long as something is pending.  It begins on the interrupted stack, which
 * may fault, for then it comes again; and where interrupts are off already it
 * does nothing, because QEMU's TCG delivers an event that VMRUN injects twice
 * (7.2, helper_vmrun leaves exception_index set), at any time after the first.
 */
void trap_use_event(void);
/* A vector without a handler, for a device; -ENOSPC if there is none. */
int trap_alloc_vector(void);

#endif
