/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex.c - the system call futex(2).
 *
 * There are no priorities, so there is no inheritance of them: the operations
 * with PI are -ENOSYS, which libc takes for an answer
 * (pthread_mutexattr_setprotocol says ENOTSUP).
 */
#include "arch/user.h"
#include "core/clock.h"
#include "core/futex.h"
#include "halvm/abi/futex.h"
#include "halvm/syscalls.h"
#include "sys/sys.h"

/* FUTEX_WAIT's time is an interval, FUTEX_WAIT_BITSET's a point in time. */
static int deadline_of(const void *timeout, bool interval, bool wall,
		       uint64_t *deadline)
{
	struct abi_timespec ts;
	uint64_t ns;

	*deadline = DEADLINE_NEVER;
	if (!timeout)
		return 0;
	if (user_read(&ts, timeout, sizeof ts) < 0)
		return -EFAULT;
	if (clock_from_timespec(&ts, &ns) < 0)
		return -EINVAL;
	if (interval)
		*deadline = clock_deadline(ns);
	else if (wall)
		*deadline = clock_wall_deadline(ns);
	else if (ns < CLOCK_FOREVER)
		*deadline = ns;
	return 0;
}

static long wait(uint32_t *word, long op, uint32_t value, const void *timeout,
		 uint32_t bitset)
{
	bool wall = op & ABI_FUTEX_CLOCK_REALTIME;
	bool interval =
	    (op & ~(ABI_FUTEX_PRIVATE | ABI_FUTEX_CLOCK_REALTIME)) ==
	    ABI_FUTEX_WAIT;
	uint64_t deadline;
	long r = deadline_of(timeout, interval, wall, &deadline);

	if (r < 0)
		return r;
	r = futex_wait(word, value, deadline, bitset);
	/* Started again, an interval would be longer. */
	return r == -ERESTARTSYS && timeout ? -EINTR : r;
}

SYSCALL_SLEEP6(futex, address, op, value, timeout, address2, value3)
{
	uint32_t *word = (uint32_t *)address, *word2 = (uint32_t *)address2;
	long command = (int)op & ~ABI_FUTEX_PRIVATE;
	uint32_t expected = (uint32_t)value3;
	unsigned max = (unsigned)value, max2 = (unsigned)timeout;

	if ((command & ABI_FUTEX_CLOCK_REALTIME) &&
	    command != (ABI_FUTEX_WAIT | ABI_FUTEX_CLOCK_REALTIME) &&
	    command != (ABI_FUTEX_WAIT_BITSET | ABI_FUTEX_CLOCK_REALTIME))
		return -ENOSYS;
	switch (command & ~ABI_FUTEX_CLOCK_REALTIME) {
	case ABI_FUTEX_WAIT:
		return wait(word, op, max, (void *)timeout, FUTEX_ANY);
	case ABI_FUTEX_WAIT_BITSET:
		return wait(word, op, max, (void *)timeout, expected);
	case ABI_FUTEX_WAKE:
		return futex_wake(word, max, FUTEX_ANY);
	case ABI_FUTEX_WAKE_BITSET:
		return futex_wake(word, max, expected);
	case ABI_FUTEX_REQUEUE:
		return futex_requeue(word, max, max2, word2, NULL);
	case ABI_FUTEX_CMP_REQUEUE:
		return futex_requeue(word, max, max2, word2, &expected);
	case ABI_FUTEX_WAKE_OP:
		return futex_wake_op(word, max, word2, max2, expected);
	default:
		return -ENOSYS;
	}
}
