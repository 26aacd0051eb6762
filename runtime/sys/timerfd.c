/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timerfd.c - timerfd_create(2), timerfd_settime(2), timerfd_gettime(2).
 */
#include "io/timerfd.h"
#include "arch/user.h"
#include "core/clock.h"
#include "halvm/abi/epoll.h"
#include "sys/sys.h"

SYSCALL_SLEEP2(timerfd_create, clock, flags)
{
	struct file *f;
	bool wall = false;

	if (flags & ~(TFD_NONBLOCK | TFD_CLOEXEC))
		return -EINVAL;
	switch ((int)clock) {
	case ABI_CLOCK_REALTIME:
	case ABI_CLOCK_REALTIME_ALARM:
		wall = true;
		break;
	case ABI_CLOCK_MONOTONIC:
	case ABI_CLOCK_BOOTTIME: /* the machine is never suspended */
	case ABI_CLOCK_BOOTTIME_ALARM:
		break;
	default:
		return -EINVAL;
	}
	f = timerfd_new(wall, (uint32_t)flags & TFD_NONBLOCK);
	return f ? fd_install(f, 0, flags & TFD_CLOEXEC) : -ENOMEM;
}

/* A reference to a timer's file, or -EBADF, -EINVAL. */
static long get(long fd, struct file **f)
{
	*f = fd_get_open((int)fd);
	if (!*f)
		return -EBADF;
	if (timerfd_is(*f))
		return 0;
	file_put(*f);
	return -EINVAL;
}

static long write_setting(long to, const struct timerfd_setting *s)
{
	struct abi_itimerspec its = {
	    .interval = clock_to_timespec(s->interval),
	    .value = clock_to_timespec(s->value),
	};

	return user_write((void *)to, &its, sizeof(its));
}

SYSCALL_SLEEP4(timerfd_settime, fd, flags, setting, old)
{
	struct abi_itimerspec its;
	struct timerfd_setting to, before;
	struct file *f;
	long r;

	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET))
		return -EINVAL;
	if (user_read(&its, (const void *)setting, sizeof(its)))
		return -EFAULT;
	if (clock_from_timespec(&its.interval, &to.interval) ||
	    clock_from_timespec(&its.value, &to.value))
		return -EINVAL;
	r = get(fd, &f);
	if (r)
		return r;
	timerfd_get(f, &before);
	timerfd_set(f, &to, flags & TFD_TIMER_ABSTIME,
		    flags & TFD_TIMER_CANCEL_ON_SET);
	file_put(f);
	return old ? write_setting(old, &before) : 0;
}

SYSCALL_SLEEP2(timerfd_gettime, fd, setting)
{
	struct timerfd_setting now;
	struct file *f;
	long r = get(fd, &f);

	if (r)
		return r;
	timerfd_get(f, &now);
	file_put(f);
	return write_setting(setting, &now);
}
