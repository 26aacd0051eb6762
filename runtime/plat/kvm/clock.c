/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - this platform's clocks and timer: kvmclock where there is one,
 * else the TSC; the local APIC's timer.
 *
 * The APIC timer's rate is measured by its own work: whenever it is set anew,
 * what it counted since the last time is compared with the clock.  Until then
 * it is taken as 1 GHz, which is QEMU's and KVM's.
 */
#include "arch/apic.h"
#include "arch/clocks.h"
#include "arch/cpu.h"
#include "arch/trap.h"
#include "kvm.h"

#define NS_PER_SECOND 1000000000UL
#define MEASURE_MIN_NS 1000000UL

static bool use_kvmclock;
static void (*timer_callback)(void);
static uint64_t apic_hz = NS_PER_SECOND;
static uint32_t armed_ticks;
static uint64_t armed_at;

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

static void measure(uint64_t now)
{
	uint64_t ns = now - armed_at;
	uint32_t left;

	if (!armed_ticks || ns < MEASURE_MIN_NS)
		return;
	left = lapic_timer_left();
	/* If it has fired, it is not known when. */
	if (left)
		apic_hz = cpu_mul_div((armed_ticks - left), NS_PER_SECOND, ns);
}

void platform_timer_arm(uint64_t deadline)
{
	uint64_t now, ns, ticks;

	if (deadline == UINT64_MAX) {
		if (armed_ticks)
			lapic_timer_set(0);
		armed_ticks = 0;
		return;
	}
	now = platform_clock();
	measure(now);
	ns = deadline > now ? deadline - now : 1;
	/* A longer time than fits comes early, and the caller arms again. */
	if (ns > 2 * NS_PER_SECOND)
		ns = 2 * NS_PER_SECOND;
	ticks = ns;
	if (apic_hz != NS_PER_SECOND)
		ticks = cpu_mul_div(ns, apic_hz, NS_PER_SECOND) + 1;
	if (ticks > UINT32_MAX)
		ticks = UINT32_MAX;
	armed_at = now;
	armed_ticks = (uint32_t)ticks;
	lapic_timer_set(armed_ticks);
}

static void timer_interrupt(void *unused)
{
	(void)unused;
	armed_ticks = 0;
	lapic_eoi();
	timer_callback();
}

void kvm_clock_init(const struct boot_info *info, void (*on_timer)(void))
{
	use_kvmclock = kvmclock_init();
	if (!use_kvmclock)
		tsc_start(info->entry_tsc);
	timer_callback = on_timer;
	trap_set_handler(VECTOR_TIMER, timer_interrupt, NULL);
}
