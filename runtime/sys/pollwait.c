/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pollwait.c - times and signal masks of poll, select and epoll_wait.
 */
#include "sys/pollwait.h"
#include "arch/user.h"
#include "core/clock.h"
#include "core/signal.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"

#define NS_PER_MS 1000000UL

int pollwait_deadline(long timespec, uint64_t *deadline)
{
	struct abi_timespec ts;
	uint64_t ns;

	*deadline = DEADLINE_NEVER;
	if (!timespec)
		return 0;
	if (user_read(&ts, (const void *)timespec, sizeof(ts)))
		return -EFAULT;
	if (clock_from_timespec(&ts, &ns))
		return -EINVAL;
	*deadline = ns ? clock_deadline(ns) : 0;
	return 0;
}

uint64_t pollwait_deadline_ms(int ms)
{
	if (ms < 0)
		return DEADLINE_NEVER;
	return ms ? clock_deadline((uint64_t)ms * NS_PER_MS) : 0;
}

void pollwait_write_left(long timespec, uint64_t deadline, int64_t unit)
{
	uint64_t now, left = 0;
	int64_t ts[2];

	if (!timespec || deadline == DEADLINE_NEVER)
		return;
	if (deadline) {
		now = clock_now();
		left = deadline > now ? deadline - now : 0;
	}
	ts[0] = (int64_t)(left / NS_PER_SEC);
	ts[1] = (int64_t)(left % NS_PER_SEC) / unit;
	/* As on Linux, memory that can't be written is no error here. */
	(void)user_write((void *)timespec, ts, sizeof(ts));
}

int pollwait_mask(long mask, long size)
{
	sigset_bits bits;

	if (!mask)
		return 0;
	if (size != sizeof(bits))
		return -EINVAL;
	if (user_read(&bits, (const void *)mask, sizeof(bits)))
		return -EFAULT;
	signal_mask_for_call(bits);
	return 0;
}

void pollwait_mask_done(long mask, long r)
{
	if (mask && r != -EINTR)
		signal_mask_call_done();
}
