/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - the clocks (clock.h): the platform's, and the wall clock as an
 * offset to it.
 */
#include "core/clock.h"
#include "halvm/abi/errno.h"
#include "platform.h"

/* Read and written as one word; 0 until it is first asked for. */
static uint64_t wall_offset;

uint64_t clock_now(void)
{
	return platform_clock();
}

int64_t clock_wall_offset(void)
{
	uint64_t offset = __atomic_load_n(&wall_offset, __ATOMIC_RELAXED);

	if (__builtin_expect(offset == 0, 0)) {
		offset = platform_wall_offset();
		__atomic_store_n(&wall_offset, offset, __ATOMIC_RELAXED);
	}
	return (int64_t)offset;
}

uint64_t clock_wall(void)
{
	return platform_clock() + (uint64_t)clock_wall_offset();
}

void clock_set_wall(uint64_t ns)
{
	__atomic_store_n(&wall_offset, ns - platform_clock(), __ATOMIC_RELAXED);
}

int clock_from_timespec(const struct abi_timespec *ts, uint64_t *ns)
{
	if (ts->sec < 0 || ts->nsec < 0 || ts->nsec >= (int64_t)NS_PER_SEC)
		return -EINVAL;
	if (ts->sec >= (int64_t)(CLOCK_FOREVER / NS_PER_SEC))
		*ns = CLOCK_FOREVER;
	else
		*ns = (uint64_t)ts->sec * NS_PER_SEC + (uint64_t)ts->nsec;
	return 0;
}

uint64_t clock_deadline(uint64_t ns)
{
	return ns >= CLOCK_FOREVER ? UINT64_MAX : clock_now() + ns;
}

uint64_t clock_wall_deadline(uint64_t ns)
{
	uint64_t offset = (uint64_t)clock_wall_offset();

	if (ns >= CLOCK_FOREVER)
		return UINT64_MAX;
	return ns > offset ? ns - offset : 0;
}
