/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timer.c - the local APIC's timer.
 *
 * Its rate is measured by its own work: whenever it is set anew, what it
 * counted since the last time is compared with the clock.  Until then it is
 * what the platform says, or taken as 1 GHz.  Such a guess may be wrong by far,
 * so that the timer has always fired when it is set anew; then it is learnt
 * from how long that took, too.
 */
#include "arch/apic.h"
#include "arch/cpu.h"
#include "arch/trap.h"
#include "pc/pc.h"

#define NS_PER_SECOND 1000000000UL
#define MEASURE_MIN_NS 1000000UL
#define APIC_HZ_MIN 1000000UL

static void (*timer_callback)(void);
static uint64_t apic_hz = NS_PER_SECOND;
static bool is_guess;
static uint32_t armed_ticks;
static uint64_t armed_at;

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

/*
 * It has fired, some time after it had counted armed_ticks: the rate is that or
 * a little higher.  What isn't twice as late as was meant is no error.
 */
static void learn_from_shot(void)
{
	uint64_t ns = platform_clock() - armed_at, hz;

	if (!armed_ticks || ns < MEASURE_MIN_NS)
		return;
	hz = cpu_mul_div(armed_ticks, NS_PER_SECOND, ns);
	if (hz > apic_hz || (hz < apic_hz / 2 && hz >= APIC_HZ_MIN))
		apic_hz = hz;
}

static void timer_interrupt(void *unused)
{
	(void)unused;
	if (is_guess)
		learn_from_shot();
	armed_ticks = 0;
	lapic_eoi();
	timer_callback();
}

void pc_timer_init(void (*on_timer)(void), uint64_t hz)
{
	pic_disable();
	if (!lapic_init())
		pc_fail("the machine has no local APIC");
	is_guess = !hz;
	if (hz)
		apic_hz = hz;
	timer_callback = on_timer;
	trap_set_handler(VECTOR_TIMER, timer_interrupt, NULL);
}
