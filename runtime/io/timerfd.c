/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timerfd.c - timers to be read (timerfd_create(2)).
 *
 * As on Linux an interval timer that nobody reads stops after it expired, and
 * the expirations since are counted when it is read: a forgotten one costs no
 * interrupts.
 *
 * `lock` is an io spin lock, also taken by the timer's interrupt; the queue is
 * woken and the timer armed under it.  A timer that fires late, after it was
 * set anew, finds its deadline in the future and is armed again.
 *
 * The wall clock isn't set while somebody waits (clock_settime is refused), so
 * a timer on it has its deadline on clock_now, and a change of the clock is
 * noticed by the next read.
 */
#include "io/timerfd.h"
#include "core/clock.h"
#include "core/heap.h"
#include "core/timer.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/anon.h"
#include "io/waiter.h"

struct timerfd {
	struct spinlock lock;
	struct wait_queue queue;
	struct timer timer;
	uint64_t deadline; /* of clock_now, if active */
	uint64_t interval; /* 0: once */
	uint64_t ticks;	   /* expirations not yet read */
	bool active;	   /* will expire at deadline */
	bool expired;	   /* has; further ones aren't counted yet */
	bool wall;
	bool cancel; /* TFD_TIMER_CANCEL_ON_SET */
	int64_t wall_offset;
};

/* The lock is held, here and in the next two. */
static void expire(struct timerfd *t)
{
	if (!t->active)
		return;
	if (clock_now() < t->deadline) {
		timer_arm(&t->timer, t->deadline);
		return;
	}
	t->active = false;
	t->expired = true;
	__atomic_store_n(&t->ticks, t->ticks + 1, __ATOMIC_RELAXED);
	file_wake(&t->queue, POLLIN | POLLRDNORM);
}

/* Counts the expirations since the one that was noticed, and goes on. */
static void catch_up(struct timerfd *t)
{
	uint64_t n;

	if (!t->expired || !t->interval)
		return;
	n = (clock_now() - t->deadline) / t->interval;
	t->deadline += (n + 1) * t->interval;
	__atomic_store_n(&t->ticks, t->ticks + n, __ATOMIC_RELAXED);
	t->expired = false;
	t->active = true;
	timer_arm(&t->timer, t->deadline);
}

static bool clock_was_set(struct timerfd *t)
{
	int64_t offset;

	if (!t->cancel)
		return false;
	offset = clock_wall_offset();
	if (offset == t->wall_offset)
		return false;
	t->wall_offset = offset;
	return true;
}

static void fire(struct timer *timer)
{
	struct timerfd *t = container_of(timer, struct timerfd, timer);
	unsigned long flags = spin_lock(&t->lock);

	expire(t);
	spin_unlock(&t->lock, flags);
}

/* How many expirations there were, 0: none yet; -ECANCELED. */
static long take(struct timerfd *t)
{
	unsigned long flags = spin_lock(&t->lock);
	long n;

	if (clock_was_set(t)) {
		n = -ECANCELED;
	} else if (t->ticks == 0) {
		n = 0;
	} else {
		catch_up(t);
		n = (long)t->ticks;
		t->expired = false;
		__atomic_store_n(&t->ticks, 0, __ATOMIC_RELAXED);
	}
	spin_unlock(&t->lock, flags);
	return n;
}

static long timerfd_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct timerfd *t = f->data;
	uint64_t ticks;
	long n;

	(void)pos;
	if (to->left < sizeof(ticks))
		return -EINVAL;
	while ((n = take(t)) == 0) {
		long error = -EAGAIN;

		if (!(file_flags(f) & O_NONBLOCK))
			error = io_wait(
			    &t->queue, POLLIN,
			    __atomic_load_n(&t->ticks, __ATOMIC_RELAXED) > 0);
		if (error)
			return error;
	}
	if (n < 0)
		return n;
	ticks = (uint64_t)n;
	return uio_write(to, &ticks, sizeof(ticks)) ? -EFAULT
						    : (long)sizeof(ticks);
}

static uint32_t timerfd_poll(struct file *f)
{
	struct timerfd *t = f->data;

	if (__atomic_load_n(&t->ticks, __ATOMIC_RELAXED) == 0)
		return 0;
	return POLLIN | POLLRDNORM;
}

static int timerfd_stat(struct file *f, struct abi_stat *st)
{
	return anon_stat(st, ANON_MODE, f->data);
}

static void timerfd_release(struct file *f)
{
	struct timerfd *t = f->data;

	timer_cancel(&t->timer);
	heap_free(t);
}

static const struct file_ops timerfd_ops = {
    .read = timerfd_read,
    .poll = timerfd_poll,
    .stat = timerfd_stat,
    .release = timerfd_release,
};

bool timerfd_is(const struct file *f)
{
	return f->ops == &timerfd_ops;
}

struct file *timerfd_new(bool wall, uint32_t flags)
{
	struct timerfd *t = heap_zalloc(sizeof(*t));
	struct file *f;

	if (!t)
		return NULL;
	wait_queue_init(&t->queue);
	t->timer.fire = fire;
	t->wall = wall;
	f = file_create(&timerfd_ops, t, flags | O_RDWR);
	if (!f) {
		heap_free(t);
		return NULL;
	}
	f->poll_queue = &t->queue;
	return f;
}

static uint64_t deadline_of(const struct timerfd *t, uint64_t value,
			    bool absolute)
{
	if (!absolute)
		return clock_deadline(value);
	if (t->wall)
		return clock_wall_deadline(value);
	return value >= CLOCK_FOREVER ? DEADLINE_NEVER : value;
}

void timerfd_set(struct file *f, const struct timerfd_setting *to,
		 bool absolute, bool cancel)
{
	struct timerfd *t = f->data;
	unsigned long flags = spin_lock(&t->lock);

	t->expired = false;
	t->interval = to->interval;
	__atomic_store_n(&t->ticks, 0, __ATOMIC_RELAXED);
	t->cancel = t->wall && absolute && cancel;
	t->wall_offset = clock_wall_offset();
	t->active = false;
	if (to->value != 0) {
		t->deadline = deadline_of(t, to->value, absolute);
		t->active = t->deadline != DEADLINE_NEVER;
	}
	expire(t);
	spin_unlock(&t->lock, flags);
}

void timerfd_get(struct file *f, struct timerfd_setting *now)
{
	struct timerfd *t = f->data;
	unsigned long flags = spin_lock(&t->lock);
	uint64_t time = clock_now();

	catch_up(t);
	now->interval = t->interval;
	now->value = 0;
	if (t->active)
		now->value = t->deadline > time ? t->deadline - time : 1;
	spin_unlock(&t->lock, flags);
}
