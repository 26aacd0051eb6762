/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * eventfd.c - eventfd(2).
 */
#include "io/eventfd.h"
#include "halvm/abi/epoll.h"
#include "sys/sys.h"

static long make(long count, long flags)
{
	struct file *f;

	if (flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC))
		return -EINVAL;
	f = eventfd_new((uint32_t)count, flags & EFD_SEMAPHORE,
			(uint32_t)flags & EFD_NONBLOCK);
	return f ? fd_install(f, 0, flags & EFD_CLOEXEC) : -ENOMEM;
}

SYSCALL_SLEEP1(eventfd, count)
{
	return make(count, 0);
}

SYSCALL_SLEEP2(eventfd2, count, flags)
{
	return make(count, flags);
}
