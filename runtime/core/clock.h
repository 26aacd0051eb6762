/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.h - what time it is.  Any context.
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdint.h>
#include "halvm/abi/time.h"

#define NS_PER_SEC 1000000000UL

/* ns since boot; never goes back. */
uint64_t clock_now(void);
/* ns since 1970-01-01 UTC. */
uint64_t clock_wall(void);
/* Sets the wall clock (clock_settime); deadlines already set stay. */
void clock_set_wall(uint64_t ns);
/* clock_wall() - clock_now(). */
int64_t clock_wall_offset(void);

/*
 * Times of the program.  What doesn't fit, 292 years, is CLOCK_FOREVER.
 * clock_from_timespec: 0 or -EINVAL (negative, or nsec not below 10^9).
 */
#define CLOCK_FOREVER ((uint64_t)INT64_MAX)
int clock_from_timespec(const struct abi_timespec *ts, uint64_t *ns);
static inline struct abi_timespec clock_to_timespec(uint64_t ns)
{
	struct abi_timespec ts = {(int64_t)(ns / NS_PER_SEC),
				  (int64_t)(ns % NS_PER_SEC)};

	return ts;
}

/*
 * Deadlines for thread_sleep: ns from now, and the time ns of the wall clock
 * (as it is set now).  CLOCK_FOREVER becomes DEADLINE_NEVER.
 */
uint64_t clock_deadline(uint64_t ns);
uint64_t clock_wall_deadline(uint64_t ns);

#endif
