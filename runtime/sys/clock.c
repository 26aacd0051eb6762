/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clock.c - system calls: clocks, and sleeping until a time.
 *
 * clock_gettime, gettimeofday and time write to the program's memory without
 * arch/user.h: they are called often, and a wrong address is SIGSEGV as from
 * Linux's vDSO.
 *
 * Where one may set clocks the table of system calls says EPERM: they are the
 * host's.
 */
#include "arch/spin.h"
#include "arch/user.h"
#include "core/clock.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/time.h"
#include "halvm/syscalls.h"
#include "lib/string.h"
#include "sys/sys.h"

#define NS_PER_US 1000UL
#define US_PER_SEC 1000000L
#define NS_PER_TICK (NS_PER_SEC / ABI_CLK_TCK)

/* A clock of CPU time, with a negative number or a name; 0 or -EINVAL. */
static int cpu_clock(int clock, uint64_t *ns)
{
	int id = ~(clock >> ABI_CPUCLOCK_ID_SHIFT);
	unsigned long flags;
	struct thread *t;

	if (clock == ABI_CLOCK_PROCESS_CPUTIME_ID) {
		*ns = thread_process_time();
		return 0;
	}
	if (clock == ABI_CLOCK_THREAD_CPUTIME_ID) {
		*ns = thread_cpu_time(thread_current());
		return 0;
	}
	if (clock >= 0 || (clock & ABI_CPUCLOCK_KIND) > ABI_CPUCLOCK_SCHED)
		return -EINVAL;
	if (!(clock & ABI_CPUCLOCK_THREAD)) {
		if (id != 0 && id != PROCESS_ID)
			return -EINVAL;
		*ns = thread_process_time();
		return 0;
	}
	flags = spin_lock(&thread_all_lock);
	t = thread_find(id);
	if (t)
		*ns = thread_cpu_time(t);
	spin_unlock(&thread_all_lock, flags);
	return t ? 0 : -EINVAL;
}

static inline int read_clock(int clock, uint64_t *ns)
{
	switch (clock) {
	case ABI_CLOCK_REALTIME:
	case ABI_CLOCK_REALTIME_COARSE:
	case ABI_CLOCK_TAI: /* leap seconds are not known */
		*ns = clock_wall();
		return 0;
	case ABI_CLOCK_MONOTONIC:
	case ABI_CLOCK_MONOTONIC_RAW:
	case ABI_CLOCK_MONOTONIC_COARSE:
	case ABI_CLOCK_BOOTTIME:
		*ns = clock_now();
		return 0;
	default:
		return cpu_clock(clock, ns);
	}
}

SYSCALL2(clock_gettime, clock, to)
{
	struct abi_timespec *ts = (struct abi_timespec *)to;
	uint64_t ns;
	int error = read_clock((int)clock, &ns);

	if (error == 0)
		*ts = clock_to_timespec(ns);
	return error;
}

SYSCALL2(gettimeofday, to, zone)
{
	struct abi_timeval *tv = (struct abi_timeval *)to;
	struct abi_timezone *tz = (struct abi_timezone *)zone;

	if (tv) {
		struct abi_timespec ts = clock_to_timespec(clock_wall());

		tv->sec = ts.sec;
		tv->usec = ts.nsec / (int64_t)NS_PER_US;
	}
	if (tz)
		tz->minuteswest = tz->dsttime = 0;
	return 0;
}

SYSCALL1(time, to)
{
	int64_t *at = (int64_t *)to, now = (int64_t)(clock_wall() / NS_PER_SEC);

	if (at)
		*at = now;
	return now;
}

SYSCALL2(clock_getres, clock, to)
{
	struct abi_timespec ts = {0, 1};
	uint64_t ns;
	int error = read_clock((int)clock, &ns);

	if (error < 0 || !to)
		return error;
	return user_write((void *)to, &ts, sizeof ts);
}

/* All time is the program's own. */
SYSCALL1(times, to)
{
	struct abi_tms tms = {0, 0, 0, 0};

	tms.utime = (int64_t)(thread_process_time() / NS_PER_TICK);
	if (to && user_write((void *)to, &tms, sizeof tms) < 0)
		return -EFAULT;
	return (long)(clock_now() / NS_PER_TICK);
}

/* The state of a clock that nobody disciplines; setting is the host's. */
SYSCALL1(adjtimex, at)
{
	struct abi_timex tx;
	struct abi_timespec now;

	if (user_read(&tx, (void *)at, sizeof tx) < 0)
		return -EFAULT;
	if (tx.modes != 0 && tx.modes != ABI_ADJ_OFFSET_SS_READ)
		return -EPERM;
	memset(&tx, 0, sizeof tx);
	now = clock_to_timespec(clock_wall());
	tx.status = ABI_STA_UNSYNC;
	tx.maxerror = tx.esterror = ABI_MAXERROR;
	tx.precision = 1;
	tx.tick = US_PER_SEC / ABI_CLK_TCK;
	tx.time.sec = now.sec;
	tx.time.usec = now.nsec / (int64_t)NS_PER_US;
	if (user_write((void *)at, &tx, sizeof tx) < 0)
		return -EFAULT;
	return ABI_TIME_ERROR;
}

/* --- Sleeping --- */

static long sleep_until(uint64_t deadline)
{
	int error;

	do
		error = thread_sleep(deadline, SLEEP_INTERRUPTIBLE);
	while (error == 0);
	return error == -ETIMEDOUT ? 0 : error;
}

/* A signal's handler ends it, whatever SA_RESTART says (signal(7)). */
static long sleep_for(uint64_t ns, void *remaining)
{
	uint64_t deadline = clock_deadline(ns), now;
	long r = sleep_until(deadline);
	struct abi_timespec left;

	if (r == 0 || !remaining)
		return r;
	now = clock_now();
	if (now >= deadline)
		return 0;
	left =
	    clock_to_timespec(deadline == DEADLINE_NEVER ? ns : deadline - now);
	return user_write(remaining, &left, sizeof left) < 0 ? -EFAULT : r;
}

static int read_time(const void *from, uint64_t *ns)
{
	struct abi_timespec ts;

	if (user_read(&ts, from, sizeof ts) < 0)
		return -EFAULT;
	return clock_from_timespec(&ts, ns);
}

SYSCALL_SLEEP2(nanosleep, interval, remaining)
{
	uint64_t ns;
	int error = read_time((void *)interval, &ns);

	return error ? error : sleep_for(ns, (void *)remaining);
}

SYSCALL_SLEEP4(clock_nanosleep, clock, flags, time, remaining)
{
	uint64_t ns;
	int error;
	bool wall = clock == ABI_CLOCK_REALTIME || clock == ABI_CLOCK_TAI;

	if (!wall && clock != ABI_CLOCK_MONOTONIC &&
	    clock != ABI_CLOCK_BOOTTIME) {
		if (clock == ABI_CLOCK_THREAD_CPUTIME_ID ||
		    read_clock((int)clock, &ns) < 0)
			return -EINVAL;
		return -EOPNOTSUPP;
	}
	error = read_time((void *)time, &ns);
	if (error)
		return error;
	if (!(flags & ABI_TIMER_ABSTIME))
		return sleep_for(ns, (void *)remaining);
	return sleep_until(wall			 ? clock_wall_deadline(ns)
			   : ns >= CLOCK_FOREVER ? DEADLINE_NEVER
						 : ns);
}
