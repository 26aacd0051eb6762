/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ptimer.h - timers that send signals: timer_create(2) and setitimer(2).
 *
 * Times are ns of the timer's clock.  Thread context.
 */
#ifndef CORE_PTIMER_H
#define CORE_PTIMER_H

#include <stdbool.h>
#include <stdint.h>
#include "halvm/abi/signal.h"

struct ptimer_setting {
	uint64_t value;	   /* until it expires, or when; 0: off */
	uint64_t interval; /* after that; 0: once */
};

/*
 * clock: ABI_CLOCK_*, or a CPU-time clock of clock_getcpuclockid(3).  event
 * NULL: SIGALRM with the number as value.  The number, or -EINVAL (event,
 * clock), -EOPNOTSUPP (a clock without timers), -EAGAIN.
 */
int ptimer_create(int clock, const struct abi_sigevent *event);
/* 0 or -EINVAL: no such timer.  absolute: new->value is a time. */
int ptimer_set(int id, bool absolute, const struct ptimer_setting *new,
	       struct ptimer_setting *old);
int ptimer_get(int id, struct ptimer_setting *now);
int ptimer_delete(int id);
/* How many expirations the last signal stands for, beside its own. */
int ptimer_overrun(int id);

enum { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMERS };

/* new may be NULL. */
void itimer_set(unsigned which, const struct ptimer_setting *new,
		struct ptimer_setting *old);

#endif
