/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timer.c - system calls of timers that send signals.
 *
 * Calls that set one are of the sleeping kind, because its signal may come
 * before they return.
 */
#include "arch/user.h"
#include "core/clock.h"
#include "core/ptimer.h"
#include "sys/sys.h"

#define NS_PER_US 1000UL
#define US_PER_SEC 1000000L

SYSCALL_SLEEP3(timer_create, clock, event, to)
{
	struct abi_sigevent e;
	int id;

	if (event && user_read(&e, (const void *)event, sizeof e))
		return -EFAULT;
	id = ptimer_create((int)clock, event ? &e : NULL);
	if (id < 0)
		return id;
	if (user_write((void *)to, &id, sizeof id)) {
		ptimer_delete(id);
		return -EFAULT;
	}
	return 0;
}

static int write_setting(long to, const struct ptimer_setting *s)
{
	struct abi_itimerspec spec = {
	    .interval = clock_to_timespec(s->interval),
	    .value = clock_to_timespec(s->value),
	};

	return user_write((void *)to, &spec, sizeof spec);
}

SYSCALL_SLEEP4(timer_settime, id, flags, setting, old)
{
	struct ptimer_setting new, before;
	struct abi_itimerspec spec;
	int error;

	if (!setting)
		return -EINVAL;
	if (user_read(&spec, (const void *)setting, sizeof spec))
		return -EFAULT;
	if (clock_from_timespec(&spec.value, &new.value) ||
	    clock_from_timespec(&spec.interval, &new.interval))
		return -EINVAL;
	error = ptimer_set((int)id, flags & ABI_TIMER_ABSTIME, &new, &before);
	if (error || !old)
		return error;
	return write_setting(old, &before);
}

SYSCALL2(timer_gettime, id, setting)
{
	struct ptimer_setting now;
	int error = ptimer_get((int)id, &now);

	return error ? error : write_setting(setting, &now);
}

SYSCALL1(timer_getoverrun, id)
{
	return ptimer_overrun((int)id);
}

SYSCALL1(timer_delete, id)
{
	return ptimer_delete((int)id);
}

/* --- the timers that every process has --- */

static int from_timeval(const struct abi_timeval *tv, uint64_t *ns)
{
	struct abi_timespec ts = {tv->sec, tv->usec * (int64_t)NS_PER_US};

	if (tv->usec < 0 || tv->usec >= US_PER_SEC)
		return -EINVAL;
	return clock_from_timespec(&ts, ns);
}

/* Rounded up: what is left of a running timer isn't 0. */
static struct abi_timeval to_timeval(uint64_t ns)
{
	uint64_t us = ns / NS_PER_US + (ns % NS_PER_US != 0);

	return (struct abi_timeval){(int64_t)us / US_PER_SEC,
				    (int64_t)us % US_PER_SEC};
}

static int write_itimer(long to, const struct ptimer_setting *s)
{
	struct abi_itimerval val = {
	    .interval = to_timeval(s->interval),
	    .value = to_timeval(s->value),
	};

	return user_write((void *)to, &val, sizeof val);
}

SYSCALL2(getitimer, which, setting)
{
	struct ptimer_setting now;

	if ((unsigned)which >= ITIMERS)
		return -EINVAL;
	itimer_set((unsigned)which, NULL, &now);
	return write_itimer(setting, &now);
}

SYSCALL_SLEEP3(setitimer, which, setting, old)
{
	struct ptimer_setting new = {0, 0}, before;
	struct abi_itimerval val;

	if ((unsigned)which >= ITIMERS)
		return -EINVAL;
	if (setting) {
		if (user_read(&val, (const void *)setting, sizeof val))
			return -EFAULT;
		if (from_timeval(&val.value, &new.value) ||
		    from_timeval(&val.interval, &new.interval))
			return -EINVAL;
	}
	itimer_set((unsigned)which, &new, &before);
	return old ? write_itimer(old, &before) : 0;
}

/* The seconds that were left, at least 1 if any time was. */
SYSCALL_SLEEP1(alarm, seconds)
{
	struct ptimer_setting new = {(uint32_t)seconds * NS_PER_SEC, 0};
	struct ptimer_setting before;
	uint64_t left;

	itimer_set(ITIMER_REAL, &new, &before);
	left = (before.value + NS_PER_SEC / 2) / NS_PER_SEC;
	return left == 0 && before.value ? 1 : (long)left;
}
