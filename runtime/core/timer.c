/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timer.c - timers in a tree by deadline, and the CPU's timer interrupt.
 *
 * The hardware is programmed for the first deadline only when nothing earlier
 * is programmed: what a cancelled timer or an unused time slice leaves there
 * costs one interrupt that finds nothing to do, less than writing the
 * hardware's registers each time.
 *
 * Timers of one deadline fire in the order they were armed in.
 */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "core/sched.h"
#include "core/timer.h"
#include "lib/list.h"
#include "platform.h"

#define NEVER UINT64_MAX

static struct spinlock lock = SPINLOCK_INIT;
static struct tree timers;
static struct timer *first;
/* What each CPU is about to be interrupted for, and what it is calling. */
static uint64_t programmed[CPUS_MAX] = {[0 ... CPUS_MAX - 1] = NEVER};
static struct timer *firing[CPUS_MAX];

static inline struct timer *timer_of(struct tree_node *node)
{
	return container_of(node, struct timer, node);
}

void timer_program(uint64_t deadline)
{
	uint64_t *now = &programmed[percpu_self()->index];

	if (deadline < *now) {
		*now = deadline;
		platform_timer_arm(deadline);
	}
}

/* The lock is held, here and in remove. */
static void insert(struct timer *t)
{
	struct tree_node **link = &timers.root, *parent = NULL;

	while (*link) {
		parent = *link;
		link = t->deadline < timer_of(parent)->deadline
			   ? &parent->left
			   : &parent->right;
	}
	tree_insert(&timers, &t->node, parent, link);
	t->armed = true;
	if (!first || t->deadline < first->deadline)
		first = t;
}

static void remove(struct timer *t)
{
	if (first == t) {
		struct tree_node *next = tree_next(&t->node);

		first = next ? timer_of(next) : NULL;
	}
	tree_remove(&timers, &t->node);
	t->armed = false;
}

void timer_arm(struct timer *t, uint64_t deadline)
{
	unsigned long flags = spin_lock(&lock);

	if (t->armed)
		remove(t);
	t->deadline = deadline;
	insert(t);
	timer_program(first->deadline);
	spin_unlock(&lock, flags);
}

/* Another CPU is in t's function. */
static bool fires_elsewhere(const struct timer *t)
{
	unsigned self = percpu_self()->index;

	for (unsigned i = 0; i < CPUS_MAX; i++)
		if (i != self && firing[i] == t)
			return true;
	return false;
}

void timer_cancel(struct timer *t)
{
	for (;;) {
		unsigned long flags = spin_lock(&lock);
		bool wait;

		if (t->armed)
			remove(t);
		wait = fires_elsewhere(t);
		spin_unlock(&lock, flags);
		if (!wait)
			return;
		cpu_relax();
	}
}

void timer_interrupt(void)
{
	unsigned cpu = percpu_self()->index;
	unsigned long flags = spin_lock(&lock);
	uint64_t now = clock_now(), slice;

	programmed[cpu] = NEVER;
	while (first && first->deadline <= now) {
		struct timer *t = first;

		remove(t);
		firing[cpu] = t;
		spin_unlock(&lock, flags);
		t->fire(t);
		flags = spin_lock(&lock);
		firing[cpu] = NULL;
	}
	if (first)
		timer_program(first->deadline);
	spin_unlock(&lock, flags);
	slice = sched_tick(now);
	timer_program(slice);
}
