/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * core/timer.c and core/clock.c: order, re-arming, cancelling, and how seldom
 * the hardware is written.
 */
#include "check.h"
#include "core/clock.h"
#include "core/timer.h"
#include "arch/cpu.h"
#include "halvm/abi/errno.h"
#include "host.h"
#include "platform.h"

#define MANY 5000
#define US 1000UL

struct probe {
	struct timer timer;
	uint64_t fired_at;
	unsigned count, order;
	uint64_t again; /* re-arms itself so many ns later */
	struct timer *cancels;
};

static unsigned order;

static void fire(struct timer *t)
{
	struct probe *p = (struct probe *)t;

	p->count++;
	p->order = ++order;
	p->fired_at = clock_now();
	if (p->again)
		timer_arm(t, t->deadline + p->again);
	if (p->cancels)
		timer_cancel(p->cancels);
}

static struct probe probe(void)
{
	struct probe p = {.timer.fire = fire};
	return p;
}

static void test_order(void)
{
	struct probe a = probe(), b = probe(), c = probe(), d = probe();
	uint64_t now = clock_now();

	order = 0;
	timer_arm(&a.timer, now + 30 * US);
	timer_arm(&b.timer, now + 10 * US);
	timer_arm(&c.timer, now + 20 * US);
	timer_arm(&d.timer, now + 20 * US);
	check(a.timer.armed, "armed");
	host_advance(9 * US);
	check(order == 0, "nothing fires early");
	host_advance(6 * US);
	check(b.count == 1 && order == 1, "the first fires");
	check(b.fired_at == now + 10 * US, "at its time");
	host_advance(100 * US);
	check(c.order == 2 && d.order == 3, "equal deadlines: first come");
	check(a.order == 4, "the last");
	check(!a.timer.armed && !b.timer.armed, "not armed any more");
	check(host_timer == UINT64_MAX, "no interrupt is left");
}

static void test_change(void)
{
	struct probe a = probe(), b = probe();
	uint64_t now = clock_now();

	timer_arm(&a.timer, now + 10 * US);
	timer_arm(&b.timer, now + 20 * US);
	timer_arm(&a.timer, now + 30 * US);
	host_advance(25 * US);
	check(a.count == 0 && b.count == 1, "a later deadline replaces");
	timer_arm(&a.timer, clock_now() + 1 * US);
	host_advance(2 * US);
	check(a.count == 1, "an earlier deadline replaces");
	host_advance(20 * US);
	check(a.count == 1, "and fires once");
	timer_arm(&a.timer, 0);
	host_advance(0);
	check(a.count == 2, "a deadline in the past fires at once");
	timer_arm(&a.timer, clock_now() + 5 * US);
	timer_cancel(&a.timer);
	timer_cancel(&a.timer);
	host_advance(10 * US);
	check(a.count == 2, "cancelled");
}

static void test_inside(void)
{
	struct probe a = probe(), b = probe(), c = probe();
	uint64_t now = clock_now();

	a.again = 10 * US;
	timer_arm(&a.timer, now + 10 * US);
	host_advance(95 * US);
	check(a.count == 9, "a timer arms itself again: %u", a.count);
	a.cancels = &a.timer;
	host_advance(5 * US);
	check(a.count == 10, "and once more");
	host_advance(100 * US);
	check(a.count == 10, "and cancels itself");
	now = clock_now();
	b.cancels = &c.timer;
	timer_arm(&b.timer, now + US);
	timer_arm(&c.timer, now + US);
	host_advance(2 * US);
	check(b.count == 1 && c.count == 0, "one cancels the next");
}

static void test_hardware(void)
{
	struct probe a = probe();
	unsigned arms;

	host_advance(1000 * US);
	arms = host_timer_arms;
	for (int i = 0; i < 1000; i++) {
		timer_arm(&a.timer, clock_now() + 1000 * US);
		host_clock += 10;
		timer_cancel(&a.timer);
	}
	check(host_timer_arms - arms == 1, "1000 timeouts, %u writes",
	      host_timer_arms - arms);
	host_advance(2000 * US);
	check(a.count == 0, "none fired");
	check(host_timer == UINT64_MAX, "quiet in the end");
}

static void test_disabled(void)
{
	struct probe a = probe();
	unsigned long flags = irq_save();

	timer_arm(&a.timer, clock_now() + US);
	host_advance(2 * US);
	check(a.count == 0, "nothing fires with interrupts off");
	irq_restore(flags);
	check(a.count == 1, "but when they are on again");
}

static void test_many(void)
{
	static struct probe p[MANY];
	uint64_t now = clock_now(), seed = 1;
	bool right = true, early = false;

	order = 0;
	for (int i = 0; i < MANY; i++) {
		p[i] = probe();
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		timer_arm(&p[i].timer, now + US + (seed >> 40) % (1000 * US));
	}
	for (int i = 0; i < MANY; i += 3)
		timer_cancel(&p[i].timer);
	host_advance(2000 * US);
	for (int i = 0; i < MANY; i++) {
		right = right && p[i].count == (i % 3 ? 1 : 0);
		early = early ||
			(p[i].count && p[i].fired_at != p[i].timer.deadline);
	}
	check(right, "of %d, those not cancelled fired", MANY);
	check(!early, "each at its time");
}

static void test_clock(void)
{
	struct abi_timespec ts = {2, 5};
	uint64_t ns = 0;

	check(clock_from_timespec(&ts, &ns) == 0 && ns == 2 * NS_PER_SEC + 5,
	      "timespec to ns");
	check(clock_to_timespec(ns).sec == 2 && clock_to_timespec(ns).nsec == 5,
	      "and back");
	ts.nsec = 1000000000;
	check(clock_from_timespec(&ts, &ns) == -EINVAL, "10^9 ns");
	ts.nsec = -1;
	check(clock_from_timespec(&ts, &ns) == -EINVAL, "negative ns");
	ts = (struct abi_timespec){-1, 0};
	check(clock_from_timespec(&ts, &ns) == -EINVAL, "negative s");
	ts.sec = INT64_MAX;
	check(clock_from_timespec(&ts, &ns) == 0 && ns == CLOCK_FOREVER,
	      "what doesn't fit is for ever");
	check(clock_deadline(ns) == UINT64_MAX, "no deadline");
	check(clock_wall_deadline(ns) == UINT64_MAX, "nor of the wall clock");
	check(clock_wall() - clock_now() == host_wall_offset, "wall clock");
	check(clock_wall_deadline(clock_wall() + 7) == clock_now() + 7,
	      "a time of the wall clock");
	check(clock_wall_deadline(5) == 0, "one before the boot");
	clock_set_wall(1000);
	check(clock_wall() == 1000, "set");
	host_clock += 5;
	check(clock_wall() == 1005, "and goes on");
}

int main(void)
{
	platform_init(NULL, timer_interrupt);
	irq_enable();
	test_order();
	test_change();
	test_inside();
	test_hardware();
	test_disabled();
	test_many();
	test_clock();
	return check_done();
}
