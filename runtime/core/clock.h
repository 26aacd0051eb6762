/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.h - what time it is.  Any context.
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdint.h>

#define NS_PER_SEC 1000000000UL

/* ns since boot; never goes back. */
uint64_t clock_now(void);
/* ns since 1970-01-01 UTC. */
uint64_t clock_wall(void);
/* Sets the wall clock (clock_settime); timers of CLOCK_REALTIME follow. */
void clock_set_wall(uint64_t ns);
/* clock_wall() - clock_now(). */
int64_t clock_wall_offset(void);

#endif
