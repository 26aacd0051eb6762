/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * poll.c - poll(2) and ppoll(2).
 *
 * Interrupted by a signal's handler they are never started again (signal(7)).
 */
#include "io/poll.h"
#include "arch/user.h"
#include "halvm/abi/poll.h"
#include "sys/pollwait.h"
#include "sys/sys.h"

#define READ_AT_ONCE 32 /* entries; 256 bytes of stack */

static long add_all(struct poll *p, const struct abi_pollfd *from, size_t n)
{
	struct abi_pollfd part[READ_AT_ONCE];

	for (size_t done = 0; done < n; done += READ_AT_ONCE) {
		size_t count =
		    n - done < READ_AT_ONCE ? n - done : READ_AT_ONCE;

		if (user_read(part, from + done, count * sizeof(*part)))
			return -EFAULT;
		for (size_t i = 0; i < count; i++)
			if (!poll_add(p, part[i].fd, (uint16_t)part[i].events))
				return -ENOMEM;
	}
	return 0;
}

static long write_back(struct poll *p, struct abi_pollfd *to)
{
	for (struct poll_entry *e = NULL; (e = poll_next(p, e)); to++) {
		int16_t revents = (int16_t)e->revents;

		if (user_write(&to->revents, &revents, sizeof(revents)))
			return -EFAULT;
	}
	return 0;
}

static long poll_fds(long fds, unsigned long n, uint64_t deadline)
{
	struct poll p;
	long r, error;

	if (n > fd_limit())
		return -EINVAL;
	poll_init(&p);
	r = add_all(&p, (const struct abi_pollfd *)fds, n);
	if (!r) {
		r = poll_run(&p, deadline);
		error = r < 0 ? 0 : write_back(&p, (struct abi_pollfd *)fds);
		if (error)
			r = error;
	}
	poll_free(&p);
	return r;
}

SYSCALL_SLEEP3(poll, fds, n, ms)
{
	return poll_fds(fds, (unsigned long)n, pollwait_deadline_ms((int)ms));
}

SYSCALL_SLEEP5(ppoll, fds, n, timespec, mask, size)
{
	uint64_t deadline;
	long r = pollwait_deadline(timespec, &deadline);

	if (!r)
		r = pollwait_mask(mask, size);
	if (r)
		return r;
	r = poll_fds(fds, (unsigned long)n, deadline);
	pollwait_mask_done(mask, r);
	pollwait_write_left(timespec, deadline, 1);
	return r;
}
