/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - this platform's clock: the TSC, at the rate that the hypervisor
 * tells, or measured where none does.
 */
#include "arch/clocks.h"
#include "arch/vmware.h"
#include "machine.h"

#define NS_PER_SECOND 1000000000UL
#define NS_PER_US 1000UL
#define US_PER_SECOND 1000000UL
/* Of the host's time: 2000-01-01 and 2200-01-01, in seconds since 1970. */
#define TIME_LEAST 946684800UL
#define TIME_MOST 7258118400UL

static bool has_backdoor;

uint64_t platform_clock(void)
{
	return tsc_clock();
}

/* Nanoseconds since 1970 as the host has them; 0 if it doesn't say. */
static uint64_t host_time(void)
{
	struct port_registers r;
	uint64_t seconds;

	if (!has_backdoor)
		return 0;
	r = vmware_call(VMWARE_GET_TIME, 0);
	seconds = (uint64_t)r.esi << 32 | r.edx;
	if (r.eax != VMWARE_MAGIC || seconds < TIME_LEAST ||
	    seconds > TIME_MOST || r.ebx >= US_PER_SECOND)
		return 0;
	return seconds * NS_PER_SECOND + r.ebx * NS_PER_US;
}

uint64_t platform_wall_offset(void)
{
	static uint64_t offset;
	static bool known;

	if (!known) {
		uint64_t now = platform_clock(), wall = host_time();

		if (!wall)
			wall = rtc_read() * NS_PER_SECOND;
		offset = wall - now;
		known = true;
	}
	return offset;
}

void vmware_clock_init(const struct boot_info *info,
		       const struct vmware_machine *m)
{
	has_backdoor = m->by_backdoor;
	tsc_start(info->entry_tsc, m->tsc_hz);
}
