/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - this platform's clock: kvmclock where there is one, else the TSC.
 */
#include "arch/clocks.h"
#include "kvm.h"

#define NS_PER_SECOND 1000000000UL

static bool use_kvmclock;

uint64_t platform_clock(void)
{
	return use_kvmclock ? kvmclock_read() : tsc_clock();
}

uint64_t platform_wall_offset(void)
{
	static uint64_t offset;
	static bool known;

	if (!known) {
		uint64_t now = platform_clock();

		offset = use_kvmclock ? kvmclock_wall()
				      : rtc_read() * NS_PER_SECOND - now;
		known = true;
	}
	return offset;
}

void kvm_clock_init(const struct boot_info *info)
{
	use_kvmclock = kvmclock_init();
	if (!use_kvmclock)
		tsc_start(info->entry_tsc, 0);
}
