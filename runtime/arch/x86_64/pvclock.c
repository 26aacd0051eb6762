/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pvclock.c - see arch/pvclock.h.
 */
#include "arch/pvclock.h"

#include "arch/cpu.h"

#define NS_PER_SECOND 1000000000UL

uint64_t pvclock_read(const volatile struct pvclock_time *time, uint64_t *last)
{
	uint32_t version;
	uint64_t ticks, ns, seen;

	do {
		version = time->version;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		ticks = cpu_tsc() - time->tsc;
		if (time->shift < 0)
			ticks >>= -time->shift;
		else
			ticks <<= time->shift;
		ns = time->ns +
		     (uint64_t)((unsigned __int128)ticks * time->factor >> 32);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (version & 1 || version != time->version);
	/* An update may be a little behind what was read before it. */
	seen = __atomic_load_n(last, __ATOMIC_RELAXED);
	if (ns < seen)
		return seen;
	__atomic_store_n(last, ns, __ATOMIC_RELAXED);
	return ns;
}

uint64_t pvclock_wall(const volatile struct pvclock_wall *wall)
{
	uint32_t version;
	uint64_t ns;

	do {
		version = wall->version;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		ns = wall->seconds * NS_PER_SECOND + wall->nanoseconds;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (version & 1 || version != wall->version);
	return ns;
}
