/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * limits.c - system calls of resource limits and of what was used.
 */
#include "arch/page.h"
#include "arch/user.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/pages.h"
#include "core/process.h"
#include "core/vm.h"
#include "io/file.h"
#include "io/vfs.h"
#include "sys/sys.h"

#define NS_PER_US 1000UL
#define KIB 1024UL

/* -EPERM above what there is at all, as Linux's fs.nr_open. */
static int set_limit(unsigned resource, const struct abi_rlimit *new,
		     struct abi_rlimit *old)
{
	int error;

	if (new &&resource == ABI_RLIMIT_NOFILE &&new->max > FD_MAX_DEFAULT)
		return new->cur > new->max ? -EINVAL : -EPERM;
	error = limits_change(resource, new, old);
	if (error || !new)
		return error;
	if (resource == ABI_RLIMIT_NOFILE)
		fd_set_limit((unsigned)new->cur);
	else if (resource == ABI_RLIMIT_FSIZE)
		vfs_size_limit = new->cur;
	return 0;
}

static long change(unsigned resource, long new_at, long old_at)
{
	struct abi_rlimit new, old;
	int error;

	if (new_at && user_read(&new, (const void *)new_at, sizeof new))
		return -EFAULT;
	error = set_limit(resource, new_at ? &new : NULL, &old);
	if (error || !old_at)
		return error;
	return user_write((void *)old_at, &old, sizeof old);
}

SYSCALL2(getrlimit, resource, limit)
{
	return limit ? change((unsigned)resource, 0, limit) : -EFAULT;
}

SYSCALL2(setrlimit, resource, limit)
{
	return limit ? change((unsigned)resource, limit, 0) : -EFAULT;
}

SYSCALL4(prlimit64, pid, resource, new, old)
{
	if ((int)pid != 0 && (int)pid != PROCESS_ID)
		return -ESRCH;
	return change((unsigned)resource, new, old);
}

/* The most that was ever resident when somebody asked: KiB. */
static int64_t peak_resident(const struct vm_stats *stats)
{
	static size_t peak;

	if (stats->resident > peak)
		peak = stats->resident;
	return (int64_t)(peak * (PAGE_SIZE / KIB));
}

/*
 * Time in calls isn't told from the program's own: they are calls of functions.
 */
SYSCALL2(getrusage, who, usage)
{
	struct abi_rusage u = {.maxrss = 0};
	struct vm_stats stats;
	uint64_t ns = 0;

	if ((int)who == ABI_RUSAGE_SELF)
		ns = thread_process_time();
	else if ((int)who == ABI_RUSAGE_THREAD)
		ns = thread_cpu_time(thread_current());
	else if ((int)who != ABI_RUSAGE_CHILDREN)
		return -EINVAL;
	if ((int)who != ABI_RUSAGE_CHILDREN) {
		vm_get_stats(&stats);
		u.utime.sec = (int64_t)(ns / NS_PER_SEC);
		u.utime.usec = (int64_t)(ns % NS_PER_SEC / NS_PER_US);
		u.maxrss = peak_resident(&stats);
		u.minflt = (int64_t)stats.faults;
	}
	return user_write((void *)usage, &u, sizeof u);
}

SYSCALL1(sysinfo, info)
{
	struct abi_sysinfo i = {
	    .uptime = (int64_t)(clock_now() / NS_PER_SEC),
	    .totalram = pages_total() * PAGE_SIZE,
	    .freeram = pages_available() * PAGE_SIZE,
	    .procs = (uint16_t)thread_count(),
	    .mem_unit = 1,
	};

	return user_write((void *)info, &i, sizeof i);
}
