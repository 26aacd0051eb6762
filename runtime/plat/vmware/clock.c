/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - this platform's clock: the TSC, at the rate that the hypervisor
 * tells, or measured where none does.
 */
#include "arch/clocks.h"
#include "machine.h"

#define NS_PER_SECOND 1000000000UL

uint64_t platform_clock(void)
{
	return tsc_clock();
}

uint64_t platform_wall_offset(void)
{
	static uint64_t offset;
	static bool known;

	if (!known) {
		uint64_t now = platform_clock(), wall = hypervisor_time();

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
	tsc_start(info->entry_tsc, m->tsc_hz);
}
