/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll.c - epoll_create(2), epoll_ctl(2), epoll_wait(2) and their kin.
 *
 * Interrupted by a signal's handler a wait is never started again (signal(7)).
 */
#include "io/epoll.h"
#include "arch/user.h"
#include "core/wait.h"
#include "sys/pollwait.h"
#include "sys/sys.h"

static long create(bool cloexec)
{
	struct file *f = epoll_new();

	return f ? fd_install(f, 0, cloexec) : -ENOMEM;
}

SYSCALL_SLEEP1(epoll_create, size)
{
	return (int)size <= 0 ? -EINVAL : create(false);
}

SYSCALL_SLEEP1(epoll_create1, flags)
{
	return flags & ~EPOLL_CLOEXEC ? -EINVAL : create(flags & EPOLL_CLOEXEC);
}

static long control(struct file *set, struct file *f, int fd, long op,
		    struct abi_epoll_event *event)
{
	if (!epoll_is(set))
		return -EINVAL;
	switch ((int)op) {
	case EPOLL_CTL_ADD:
		return epoll_add(set, f, fd, event);
	case EPOLL_CTL_MOD:
		return epoll_change(set, f, fd, event);
	case EPOLL_CTL_DEL:
		return epoll_delete(set, f, fd);
	}
	return -EINVAL;
}

SYSCALL_SLEEP4(epoll_ctl, epfd, op, fd, event_at)
{
	struct abi_epoll_event event = {0, 0};
	struct file *set, *f;
	long r = -EBADF;

	if ((int)op != EPOLL_CTL_DEL &&
	    user_read(&event, (const void *)event_at, sizeof(event)))
		return -EFAULT;
	set = fd_get_open((int)epfd);
	if (!set)
		return -EBADF;
	f = fd_get_open((int)fd);
	if (f) {
		r = control(set, f, (int)fd, op, &event);
		file_put(f);
	}
	file_put(set);
	return r;
}

static long wait_for(long epfd, long to, long max, uint64_t deadline)
{
	struct file *set;
	long r = -EINVAL;

	if ((int)max <= 0 ||
	    (size_t)(int)max > INT32_MAX / sizeof(struct abi_epoll_event))
		return -EINVAL;
	set = fd_get_open((int)epfd);
	if (!set)
		return -EBADF;
	if (epoll_is(set))
		r = epoll_collect(set, (struct abi_epoll_event *)to,
				  (unsigned)max, deadline);
	file_put(set);
	return r;
}

SYSCALL_SLEEP4(epoll_wait, epfd, to, max, ms)
{
	return wait_for(epfd, to, max, pollwait_deadline_ms((int)ms));
}

static long wait_masked(long epfd, long to, long max, uint64_t deadline,
			long mask, long size)
{
	long r = pollwait_mask(mask, size);

	if (r)
		return r;
	r = wait_for(epfd, to, max, deadline);
	pollwait_mask_done(mask, r);
	return r;
}

SYSCALL_SLEEP6(epoll_pwait, epfd, to, max, ms, mask, size)
{
	return wait_masked(epfd, to, max, pollwait_deadline_ms((int)ms), mask,
			   size);
}

SYSCALL_SLEEP6(epoll_pwait2, epfd, to, max, timespec, mask, size)
{
	uint64_t deadline;
	long r = pollwait_deadline(timespec, &deadline);

	return r ? r : wait_masked(epfd, to, max, deadline, mask, size);
}
