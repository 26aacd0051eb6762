/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched.c - the run queue, sleeping and preemption (sched.h, thread.h).
 */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "core/sched.h"
#include "core/signal.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"

/* What is left of a slice and isn't worth a switch: ns. */
#define SLICE_LEAST 100000UL
/* Of SLICE for each step of the nice value: 20 steps down to nothing. */
#define NICE_STEPS 20

struct run_queue {
	struct spinlock lock;
	struct list woken; /* run first */
	struct list ready;
	struct thread *current, *idle;
	uint64_t slice_end; /* when current's turn ends; NEVER: no one waits */
	bool need_resched;  /* the next interrupt's end switches */
};

static struct run_queue queues[CPUS_MAX];
static uint64_t started;

static inline bool nobody_ready(const struct run_queue *q)
{
	return list_empty(&q->woken) && list_empty(&q->ready);
}

static struct run_queue *lock_home(struct thread *t, unsigned long *flags)
{
	for (;;) {
		struct run_queue *q =
		    __atomic_load_n(&t->home, __ATOMIC_RELAXED);

		*flags = spin_lock(&q->lock);
		if (q == t->home)
			return q;
		spin_unlock(&q->lock, *flags);
	}
}

uint64_t thread_slice(const struct thread *t)
{
	return SLICE / NICE_STEPS * (unsigned)(NICE_STEPS - t->nice);
}

/* --- Choosing; the queue's lock is held --- */

/* t stops running: what it used. */
static void stop(struct thread *t, uint64_t now)
{
	uint64_t ran = now - t->switched_at;

	t->cpu_time += ran;
	t->slice_left = ran < t->slice_left ? t->slice_left - ran : 0;
}

/* The next thread becomes the CPU's current, but for its registers. */
static struct thread *choose(struct run_queue *q, uint64_t now)
{
	struct list *node = list_pop(&q->woken);
	struct thread *t = q->idle;

	if (!node)
		node = list_pop(&q->ready);
	if (node)
		t = container_of(node, struct thread, run_node);
	t->state = THREAD_RUNNING;
	t->switched_at = now;
	q->current = t;
	q->need_resched = false;
	q->slice_end = DEADLINE_NEVER;
	if (!nobody_ready(q)) {
		q->slice_end = now + t->slice_left;
		timer_program(q->slice_end);
	}
	percpu_self()->current = t;
	return t;
}

/* Somebody waits: current's turn ends with its slice, at most `delay` away. */
static void limit_slice(struct run_queue *q, uint64_t delay)
{
	uint64_t now = clock_now(), latest = now + delay;
	uint64_t end = q->current->switched_at + q->current->slice_left;

	/* It ran on alone after its slice: it gets notice, too. */
	if (end > latest || end <= now)
		end = latest;
	if (end < q->slice_end) {
		q->slice_end = end;
		timer_program(end);
	}
}

static void make_ready(struct run_queue *q, struct thread *t)
{
	bool first = t->slice_left >= SLICE_LEAST;

	t->state = THREAD_READY;
	if (!first)
		t->slice_left = thread_slice(t);
	list_append(first ? &q->woken : &q->ready, &t->run_node);
	/* Other CPUs than this one would have to be interrupted here. */
	if (q->current == q->idle || (first && percpu_self()->irq_depth))
		q->need_resched = true;
	else
		limit_slice(q, WAKE_DELAY);
}

/* --- Switching; interrupts are off, no lock is held --- */

/* A signal that came while the thread waited for its turn. */
static inline void deliver_signals(struct thread *t)
{
	struct arch_thread *a = &t->arch;

	if (__builtin_expect(a->pending && a->preempted && a->in_kernel == 0,
			     0))
		signal_leave_interrupt(&a->frame);
}

/* Leaves t, whose new state is set, and comes back; releases the queue. */
static void switch_from(struct run_queue *q, struct thread *t)
{
	uint64_t now = clock_now();
	struct thread *next;

	stop(t, now);
	next = choose(q, now);
	spin_unlock(&q->lock, 0);
	if (next == t)
		return;
	deliver_signals(next);
	arch_switch(&t->arch, &next->arch);
}

/* Back to the queue: in front if a part of its slice is left. */
static void put_back(struct run_queue *q, struct thread *t)
{
	t->state = THREAD_READY;
	if (t->slice_left < SLICE_LEAST) {
		t->slice_left = thread_slice(t);
		list_append(&q->ready, &t->run_node);
	} else {
		list_insert_after(&q->ready, &t->run_node);
	}
}

static void preempt(struct run_queue *q, struct thread *t,
		    struct trap_frame *frame)
{
	uint64_t now = clock_now();
	struct thread *next;

	spin_lock(&q->lock);
	stop(t, now);
	put_back(q, t);
	next = choose(q, now);
	spin_unlock(&q->lock, 0);
	if (next == t)
		return;
	arch_preempt(&t->arch, frame);
	deliver_signals(next);
	arch_resume(&next->arch);
}

void thread_leave_interrupt(struct trap_frame *frame)
{
	struct percpu *cpu = percpu_self();
	struct thread *t = cpu->current;

	/* The idle thread looks itself, and has no state worth storing. */
	if (!cpu->run_queue || cpu->irq_depth || t->is_idle ||
	    !(frame->rflags & RFLAGS_IF))
		return;
	if (cpu->run_queue->need_resched)
		preempt(cpu->run_queue, t, frame);
	if (__builtin_expect(t->arch.pending && t->arch.in_kernel == 0, 0))
		signal_leave_interrupt(frame);
}

uint64_t sched_tick(uint64_t now)
{
	struct run_queue *q = percpu_self()->run_queue;
	uint64_t end;
	unsigned long flags;

	if (!q)
		return DEADLINE_NEVER;
	flags = spin_lock(&q->lock);
	if (now >= q->slice_end) {
		q->slice_end = DEADLINE_NEVER;
		q->need_resched = true;
	}
	end = q->slice_end;
	spin_unlock(&q->lock, flags);
	return end;
}

void sched_idle(void)
{
	struct thread *self = thread_current();
	struct run_queue *q = self->home;

	irq_disable();
	for (;;) {
		spin_lock(&q->lock);
		if (!nobody_ready(q)) {
			self->state = THREAD_READY; /* though in no list */
			switch_from(q, self);
		} else {
			q->need_resched = false;
			spin_unlock(&q->lock, 0);
			cpu_wait();
		}
	}
}

void sched_end(struct thread *t, void (*last)(struct thread *))
{
	struct run_queue *q = t->home;
	uint64_t now = clock_now();
	struct thread *next;

	spin_lock(&q->lock);
	stop(t, now);
	t->state = THREAD_ENDED;
	next = choose(q, now);
	spin_unlock(&q->lock, 0);
	last(t);
	deliver_signals(next);
	arch_resume(&next->arch);
}

/* --- Sleeping and waking --- */

static void sleep_expired(struct timer *timer)
{
	struct thread *t = container_of(timer, struct thread, sleep_timer);

	t->sleep_expired = true;
	thread_wake(t);
}

static inline bool interrupted(const struct thread *t, unsigned flags)
{
	return (flags & SLEEP_INTERRUPTIBLE) && t->arch.pending &&
	       signal_interrupts();
}

int thread_sleep(uint64_t deadline, unsigned flags)
{
	struct thread *t = thread_current();
	struct run_queue *q;
	unsigned long irq;

	if (interrupted(t, flags))
		return -EINTR;
	q = lock_home(t, &irq);
	if (t->wake_pending) {
		t->wake_pending = false;
		spin_unlock(&q->lock, irq);
		return 0;
	}
	if (deadline != DEADLINE_NEVER) {
		if (deadline <= clock_now()) {
			spin_unlock(&q->lock, irq);
			return -ETIMEDOUT;
		}
		t->sleep_expired = false;
		t->sleep_timer.fire = sleep_expired;
		timer_arm(&t->sleep_timer, deadline);
	}
	t->state = THREAD_SLEEPING;
	switch_from(q, t);
	irq_restore(irq);
	if (deadline != DEADLINE_NEVER) {
		timer_cancel(&t->sleep_timer);
		if (t->sleep_expired)
			return -ETIMEDOUT;
	}
	return interrupted(t, flags) ? -EINTR : 0;
}

void thread_wake(struct thread *t)
{
	unsigned long flags;
	struct run_queue *q = lock_home(t, &flags);

	if (t->state == THREAD_SLEEPING)
		make_ready(q, t);
	else
		t->wake_pending = true;
	spin_unlock(&q->lock, flags);
}

void thread_yield(void)
{
	struct thread *t = thread_current();
	unsigned long flags;
	struct run_queue *q = lock_home(t, &flags);

	if (nobody_ready(q)) {
		spin_unlock(&q->lock, flags);
		return;
	}
	t->state = THREAD_READY;
	list_append(&q->ready, &t->run_node);
	switch_from(q, t);
	irq_restore(flags);
}

/* --- Start, new threads, times --- */

void sched_init(struct thread *boot, struct thread *idle)
{
	struct percpu *cpu = percpu_self();
	struct run_queue *q = &queues[cpu->index];

	list_init(&q->woken);
	list_init(&q->ready);
	q->slice_end = DEADLINE_NEVER;
	q->idle = idle;
	q->current = boot;
	boot->home = idle->home = q;
	boot->slice_left = idle->slice_left = SLICE;
	boot->state = THREAD_RUNNING;
	idle->state = THREAD_READY; /* but in no list */
	started = boot->switched_at = idle->switched_at = clock_now();
	cpu->current = boot;
	cpu->run_queue = q;
}

void sched_add(struct thread *t)
{
	unsigned long flags = irq_save();
	struct run_queue *q = percpu_self()->run_queue;

	irq_restore(flags);
	flags = spin_lock(&q->lock);
	t->home = q;
	t->state = THREAD_READY;
	t->slice_left = thread_slice(t);
	list_append(&q->ready, &t->run_node);
	if (q->current == q->idle)
		q->need_resched = true;
	else
		limit_slice(q, SLICE);
	spin_unlock(&q->lock, flags);
}

uint64_t thread_cpu_time(struct thread *t)
{
	unsigned long flags;
	struct run_queue *q = lock_home(t, &flags);
	uint64_t ns = t->cpu_time;

	if (t->state == THREAD_RUNNING)
		ns += clock_now() - t->switched_at;
	spin_unlock(&q->lock, flags);
	return ns;
}

uint64_t sched_idle_time(void)
{
	uint64_t ns = 0;

	for (unsigned i = 0; i < CPUS_MAX; i++)
		if (queues[i].idle)
			ns += thread_cpu_time(queues[i].idle);
	return ns;
}

uint64_t thread_process_time(void)
{
	uint64_t ns = (clock_now() - started) * CPUS_MAX;

	return ns - sched_idle_time();
}
