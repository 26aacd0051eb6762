/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timer.h - functions called at a time of clock_now, in interrupt context.
 */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/tree.h"

struct timer {
	struct tree_node node;
	uint64_t deadline;
	bool armed;
	void (*fire)(struct timer *t); /* may arm it again */
};

/* All in any context.  timer_arm replaces an earlier deadline. */
void timer_arm(struct timer *t, uint64_t deadline);
/* When it returns, fire isn't running and won't run. */
void timer_cancel(struct timer *t);

/*
 * The hardware's next interrupt of this CPU at `deadline` or before: what the
 * tree of timers doesn't know of (the time slice).  Interrupts are off.
 */
void timer_program(uint64_t deadline);

/* The hook of platform.h's on_timer. */
void timer_interrupt(void);

#endif
