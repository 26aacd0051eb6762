/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched.c - system calls: who may run, when and where.
 *
 * Scheduling is round robin; a nice value makes the time slice longer or
 * shorter.  Real-time policies don't exist: -EPERM, as for a process without
 * the privilege.
 */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/spin.h"
#include "arch/user.h"
#include "core/clock.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/sched.h"
#include "halvm/syscalls.h"
#include "sys/sys.h"

#define REALTIME_LEAST 1
#define REALTIME_MOST 99
/* getpriority(2), C library/kernel differences: 20 - nice, so never < 0 */
#define PRIORITY_BASE 20

SYSCALL_SLEEP0(sched_yield)
{
	thread_yield();
	return 0;
}

static bool thread_exists(long tid)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	bool found = thread_find((int)tid) != NULL;

	spin_unlock(&thread_all_lock, flags);
	return found;
}

/* --- Policies and nice values --- */

static int check_policy(long policy, int priority)
{
	switch (policy) {
	case ABI_SCHED_OTHER:
	case ABI_SCHED_BATCH:
	case ABI_SCHED_IDLE:
		return priority == 0 ? 0 : -EINVAL;
	case ABI_SCHED_FIFO:
	case ABI_SCHED_RR:
		return priority >= REALTIME_LEAST && priority <= REALTIME_MOST
			   ? -EPERM
			   : -EINVAL;
	default:
		return -EINVAL;
	}
}

/* policy < 0: the one it has. */
static long set_policy(long tid, long policy, const void *param)
{
	struct abi_sched_param p;
	struct thread *t;
	unsigned long flags;
	int error;

	if (tid < 0 || !param)
		return -EINVAL;
	if (user_read(&p, param, sizeof p) < 0)
		return -EFAULT;
	flags = spin_lock(&thread_all_lock);
	t = thread_find((int)tid);
	if (!t) {
		error = -ESRCH;
	} else {
		error =
		    check_policy(policy < 0 ? t->policy : policy, p.priority);
		if (error == 0 && policy >= 0)
			t->policy = (int)policy;
	}
	spin_unlock(&thread_all_lock, flags);
	return error;
}

SYSCALL3(sched_setscheduler, tid, policy, param)
{
	policy = (int)policy & ~ABI_SCHED_RESET_ON_FORK;
	if (policy < 0)
		return -EINVAL;
	return set_policy(tid, policy, (void *)param);
}

SYSCALL2(sched_setparam, tid, param)
{
	return set_policy(tid, -1, (void *)param);
}

SYSCALL1(sched_getscheduler, tid)
{
	unsigned long flags;
	struct thread *t;
	long r = -ESRCH;

	if (tid < 0)
		return -EINVAL;
	flags = spin_lock(&thread_all_lock);
	t = thread_find((int)tid);
	if (t)
		r = t->policy;
	spin_unlock(&thread_all_lock, flags);
	return r;
}

SYSCALL2(sched_getparam, tid, param)
{
	struct abi_sched_param p = {0};

	if (tid < 0 || param == 0)
		return -EINVAL;
	if (!thread_exists(tid))
		return -ESRCH;
	return user_write((void *)param, &p, sizeof p);
}

static long priority_limit(long policy, long realtime)
{
	switch (policy) {
	case ABI_SCHED_FIFO:
	case ABI_SCHED_RR:
		return realtime;
	case ABI_SCHED_OTHER:
	case ABI_SCHED_BATCH:
	case ABI_SCHED_IDLE:
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL1(sched_get_priority_max, policy)
{
	return priority_limit(policy, REALTIME_MOST);
}

SYSCALL1(sched_get_priority_min, policy)
{
	return priority_limit(policy, REALTIME_LEAST);
}

SYSCALL2(sched_rr_get_interval, tid, interval)
{
	struct abi_timespec ts = {0, 0};
	unsigned long flags;
	struct thread *t;

	if (tid < 0)
		return -EINVAL;
	flags = spin_lock(&thread_all_lock);
	t = thread_find((int)tid);
	if (t)
		ts = clock_to_timespec(thread_slice(t));
	spin_unlock(&thread_all_lock, flags);
	return t ? user_write((void *)interval, &ts, sizeof ts) : -ESRCH;
}

/* The process, its group and its user are the same set of threads. */
static bool concerns(const struct thread *t, long which, long who)
{
	if (which == ABI_PRIO_PROCESS)
		return t->tid == (who ? (int)who : thread_current()->tid);
	if (which == ABI_PRIO_PGRP)
		return who == 0 || who == PROCESS_ID;
	return who == 0;
}

SYSCALL2(getpriority, which, who)
{
	unsigned long flags;
	long r = -ESRCH;

	if (which < ABI_PRIO_PROCESS || which > ABI_PRIO_USER)
		return -EINVAL;
	flags = spin_lock(&thread_all_lock);
	list_for_each(node, &thread_all)
	{
		struct thread *t = container_of(node, struct thread, all_node);

		if (concerns(t, which, who) && PRIORITY_BASE - t->nice > r)
			r = PRIORITY_BASE - t->nice;
	}
	spin_unlock(&thread_all_lock, flags);
	return r;
}

SYSCALL3(setpriority, which, who, value)
{
	int nice = (int)value;
	unsigned long flags;
	long r = -ESRCH;

	if (which < ABI_PRIO_PROCESS || which > ABI_PRIO_USER)
		return -EINVAL;
	if (nice < ABI_NICE_MIN)
		nice = ABI_NICE_MIN;
	if (nice > ABI_NICE_MAX)
		nice = ABI_NICE_MAX;
	flags = spin_lock(&thread_all_lock);
	list_for_each(node, &thread_all)
	{
		struct thread *t = container_of(node, struct thread, all_node);

		if (concerns(t, which, who)) {
			t->nice = nice;
			r = 0;
		}
	}
	spin_unlock(&thread_all_lock, flags);
	return r;
}

/* --- CPUs --- */

_Static_assert(CPUS_MAX <= 64, "a set of CPUs is one word");
#define ALL_CPUS (~0UL >> (64 - CPUS_MAX))

SYSCALL3(sched_getaffinity, tid, size, set)
{
	uint64_t cpus = ALL_CPUS;

	if (tid < 0 || (unsigned long)size < sizeof cpus ||
	    size % (long)sizeof cpus)
		return -EINVAL;
	if (!thread_exists(tid))
		return -ESRCH;
	if (user_write((void *)set, &cpus, sizeof cpus) < 0)
		return -EFAULT;
	return sizeof cpus;
}

SYSCALL3(sched_setaffinity, tid, size, set)
{
	uint64_t cpus = 0;
	size_t n = (size_t)size < sizeof cpus ? (size_t)size : sizeof cpus;

	if (tid < 0)
		return -EINVAL;
	if (user_read(&cpus, (void *)set, n) < 0)
		return -EFAULT;
	if (!thread_exists(tid))
		return -ESRCH;
	return cpus & ALL_CPUS ? 0 : -EINVAL;
}

SYSCALL3(getcpu, cpu, node, cache)
{
	unsigned long flags = irq_save();
	uint32_t index = percpu_self()->index;

	irq_restore(flags);
	(void)cache;
	if (cpu && user_store32((uint32_t *)cpu, index) < 0)
		return -EFAULT;
	if (node && user_store32((uint32_t *)node, 0) < 0)
		return -EFAULT;
	return 0;
}

/* With more CPUs, the others would have to be interrupted. */
_Static_assert(CPUS_MAX == 1, "membarrier is a fence of the only CPU");
#define MEMBARRIERS                                                            \
	(ABI_MEMBARRIER_CMD_GLOBAL | ABI_MEMBARRIER_CMD_GLOBAL_EXPEDITED |     \
	 ABI_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED |                        \
	 ABI_MEMBARRIER_CMD_PRIVATE_EXPEDITED |                                \
	 ABI_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED |                       \
	 ABI_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE |                      \
	 ABI_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)

SYSCALL3(membarrier, command, flags, cpu)
{
	(void)cpu;
	if (flags || (command & ~MEMBARRIERS) || (command & (command - 1)))
		return -EINVAL;
	if (command == ABI_MEMBARRIER_CMD_QUERY)
		return MEMBARRIERS;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return 0;
}
