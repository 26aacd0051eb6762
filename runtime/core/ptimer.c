/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ptimer.c - timers that send signals (ptimer.h).
 *
 * An interval timer stops when it has sent its signal and goes on when that is
 * taken; what expired meanwhile are its overruns.  So a signal that stays
 * blocked costs no interrupts.  A timer is thus in one hand at a time: armed
 * (`fire` comes next), or its signal waits (`taken` comes next), or neither.
 *
 * ptimer_lock is taken before thread_all_lock and the signal lock.  `taken`
 * runs under the latter without ptimer_lock: who changes a timer takes its
 * signal back first.  What was armed for an earlier setting calls `fire` too
 * early or in vain, which then does nothing.
 *
 * CPU-time clocks run with the time of all threads, that of a single thread
 * too; they are looked at when so much time has passed as is left, again and
 * again, but not more often than CPU_STEP.
 */
#include "core/ptimer.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "core/heap.h"
#include "core/signal.h"
#include "core/thread.h"
#include "core/timer.h"
#include "core/process.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/time.h"

#define TIMERS_MAX 256
#define CPU_STEP 1000000UL /* ns */

enum kind { KIND_MONOTONIC, KIND_WALL, KIND_CPU };

struct ptimer {
	struct timer timer;
	struct signal_info info;
	enum kind kind;
	int notify, tid;
	bool active;	   /* expires at deadline, or has and wasn't taken */
	uint64_t deadline; /* of its clock */
	uint64_t interval;
	int overrun;
};

static struct spinlock ptimer_lock = SPINLOCK_INIT;
static struct ptimer *table[TIMERS_MAX];
static struct ptimer itimers[ITIMERS];

static uint64_t read_clock(enum kind kind)
{
	if (kind == KIND_WALL)
		return clock_wall();
	return kind == KIND_CPU ? thread_process_time() : clock_now();
}

/* Wakes fire() when the deadline may have come. */
static void arm(struct ptimer *p)
{
	uint64_t now, left;

	if (p->kind == KIND_MONOTONIC) {
		timer_arm(&p->timer, p->deadline);
	} else if (p->kind == KIND_WALL) {
		timer_arm(&p->timer, clock_wall_deadline(p->deadline));
	} else {
		now = read_clock(p->kind);
		left = p->deadline > now ? p->deadline - now : 0;
		timer_arm(&p->timer,
			  clock_deadline(left < CPU_STEP ? CPU_STEP : left));
	}
}

/* The next deadline after now; returns how many are left out. */
static uint64_t advance(struct ptimer *p, uint64_t now)
{
	uint64_t missed =
	    now > p->deadline ? (now - p->deadline) / p->interval : 0;

	p->deadline += (missed + 1) * p->interval;
	return missed;
}

/* Of signal_info, under the signal lock. */
static void taken(struct signal_info *i)
{
	struct ptimer *p = container_of(i, struct ptimer, info);
	uint64_t missed = 0;

	if (!p->interval) {
		p->active = false;
	} else if (p->active) {
		missed = advance(p, read_clock(p->kind));
		arm(p);
	}
	p->overrun = missed > INT32_MAX ? INT32_MAX : (int)missed;
	if (i->info.code == ABI_SI_TIMER)
		i->info.timer.overrun = p->overrun;
}

/* False if nobody will take it. */
static bool notify(struct ptimer *p)
{
	struct thread *t;
	unsigned long flags;
	bool sent;

	if (p->notify == ABI_SIGEV_NONE)
		return false;
	if (p->notify != ABI_SIGEV_THREAD_ID)
		return signal_send_info(NULL, &p->info);
	flags = spin_lock(&thread_all_lock);
	t = thread_find(p->tid);
	sent = t && signal_send_info(t, &p->info);
	spin_unlock(&thread_all_lock, flags);
	return sent;
}

static void fire(struct timer *timer)
{
	struct ptimer *p = container_of(timer, struct ptimer, timer);
	unsigned long flags = spin_lock(&ptimer_lock);
	uint64_t now;

	if (p->active && !p->info.queue) {
		now = read_clock(p->kind);
		if (now < p->deadline) {
			arm(p);
		} else if (!notify(p)) {
			if (p->interval) {
				advance(p, now);
				arm(p);
			} else {
				p->active = false;
			}
		}
	}
	spin_unlock(&ptimer_lock, flags);
}

/* --- settings; the lock is held --- */

static void get(const struct ptimer *p, struct ptimer_setting *s)
{
	uint64_t now = read_clock(p->kind), behind;

	*s = (struct ptimer_setting){.interval = p->interval};
	if (!p->active)
		return;
	if (p->deadline > now) {
		s->value = p->deadline - now;
	} else if (p->interval) {
		behind = (now - p->deadline) % p->interval;
		s->value = p->interval - behind;
	} else if (p->notify != ABI_SIGEV_NONE) {
		s->value = 1; /* about to */
	}
}

static void set(struct ptimer *p, bool absolute,
		const struct ptimer_setting *new)
{
	signal_cancel_info(&p->info);
	p->overrun = 0;
	p->interval = new->interval;
	p->active = new->value != 0;
	if (!p->active)
		return;
	p->deadline = new->value;
	if (!absolute && __builtin_add_overflow(new->value, read_clock(p->kind),
						&p->deadline))
		p->deadline = CLOCK_FOREVER;
	if (p->notify != ABI_SIGEV_NONE)
		arm(p);
}

static void init(struct ptimer *p, enum kind kind, int signo, int code)
{
	p->timer.fire = fire;
	p->info.taken = taken;
	p->info.info = (struct abi_siginfo){.signo = signo, .code = code};
	p->kind = kind;
}

/* --- timer_create(2) --- */

/* CPUCLOCK_PERTHREAD of linux/posix-timers.h; the rest is a negated number. */
#define CPU_CLOCK_THREAD 4
#define CPU_CLOCK_BITS 3

static bool has_thread(int tid)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	bool found = thread_find(tid) != NULL;

	spin_unlock(&thread_all_lock, flags);
	return found;
}

static int clock_kind(int clock)
{
	int number = ~(clock >> CPU_CLOCK_BITS);

	if (clock < 0) {
		if (clock & CPU_CLOCK_THREAD)
			return has_thread(number) ? KIND_CPU : -EINVAL;
		return number == 0 || number == PROCESS_ID ? KIND_CPU : -EINVAL;
	}
	switch (clock) {
	case ABI_CLOCK_REALTIME:
	case ABI_CLOCK_TAI:
		return KIND_WALL;
	case ABI_CLOCK_MONOTONIC:
	case ABI_CLOCK_BOOTTIME:
		return KIND_MONOTONIC;
	case ABI_CLOCK_PROCESS_CPUTIME_ID:
	case ABI_CLOCK_THREAD_CPUTIME_ID:
		return KIND_CPU;
	case ABI_CLOCK_MONOTONIC_RAW:
	case ABI_CLOCK_REALTIME_COARSE:
	case ABI_CLOCK_MONOTONIC_COARSE:
	case ABI_CLOCK_REALTIME_ALARM:
	case ABI_CLOCK_BOOTTIME_ALARM:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

static int check_event(const struct abi_sigevent *e)
{
	if (e->notify == ABI_SIGEV_NONE)
		return 0;
	if (e->notify != ABI_SIGEV_SIGNAL && e->notify != ABI_SIGEV_THREAD_ID)
		return -EINVAL;
	if (e->signo < 1 || e->signo > ABI_SIGNALS)
		return -EINVAL;
	if (e->notify == ABI_SIGEV_THREAD_ID &&
	    (e->tid <= 0 || !has_thread(e->tid)))
		return -EINVAL;
	return 0;
}

static int install(struct ptimer *p)
{
	unsigned long flags = spin_lock(&ptimer_lock);
	int id;

	for (id = 0; id < TIMERS_MAX; id++)
		if (!table[id])
			break;
	if (id < TIMERS_MAX)
		table[id] = p;
	spin_unlock(&ptimer_lock, flags);
	return id < TIMERS_MAX ? id : -EAGAIN;
}

int ptimer_create(int clock, const struct abi_sigevent *event)
{
	const struct abi_sigevent usual = {.signo = ABI_SIGALRM};
	const struct abi_sigevent *e = event ? event : &usual;
	int kind = clock_kind(clock), id = check_event(e);
	struct ptimer *p;

	if (kind < 0)
		return kind;
	if (id < 0)
		return id;
	p = heap_zalloc(sizeof *p);
	if (!p)
		return -EAGAIN;
	init(p, (enum kind)kind, e->signo, ABI_SI_TIMER);
	p->notify = e->notify;
	p->tid = e->tid;
	id = install(p);
	if (id < 0) {
		heap_free(p);
		return id;
	}
	p->info.info.timer.id = id;
	p->info.info.timer.value = event ? e->value : (uint64_t)id;
	return id;
}

static struct ptimer *find(int id)
{
	return id >= 0 && id < TIMERS_MAX ? table[id] : NULL;
}

int ptimer_set(int id, bool absolute, const struct ptimer_setting *new,
	       struct ptimer_setting *old)
{
	unsigned long flags = spin_lock(&ptimer_lock);
	struct ptimer *p = find(id);

	if (p) {
		get(p, old);
		set(p, absolute, new);
	}
	spin_unlock(&ptimer_lock, flags);
	return p ? 0 : -EINVAL;
}

int ptimer_get(int id, struct ptimer_setting *now)
{
	unsigned long flags = spin_lock(&ptimer_lock);
	struct ptimer *p = find(id);

	if (p)
		get(p, now);
	spin_unlock(&ptimer_lock, flags);
	return p ? 0 : -EINVAL;
}

int ptimer_overrun(int id)
{
	unsigned long flags = spin_lock(&ptimer_lock);
	struct ptimer *p = find(id);
	int r = p ? p->overrun : -EINVAL;

	spin_unlock(&ptimer_lock, flags);
	return r;
}

int ptimer_delete(int id)
{
	unsigned long flags = spin_lock(&ptimer_lock);
	struct ptimer *p = find(id);

	if (p) {
		table[id] = NULL;
		p->active = false;
	}
	spin_unlock(&ptimer_lock, flags);
	if (!p)
		return -EINVAL;
	signal_cancel_info(&p->info);
	/* Without the lock: it waits for a fire() that wants that. */
	timer_cancel(&p->timer);
	heap_free(p);
	return 0;
}

/* --- setitimer(2) --- */

void itimer_set(unsigned which, const struct ptimer_setting *new,
		struct ptimer_setting *old)
{
	static const int signals[ITIMERS] = {ABI_SIGALRM, ABI_SIGVTALRM,
					     ABI_SIGPROF};
	struct ptimer *p = &itimers[which];
	unsigned long flags = spin_lock(&ptimer_lock);

	if (!p->timer.fire)
		init(p, which == ITIMER_REAL ? KIND_MONOTONIC : KIND_CPU,
		     signals[which], ABI_SI_KERNEL);
	get(p, old);
	if (new)
		set(p, false, new);
	spin_unlock(&ptimer_lock, flags);
}
