/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.c - system calls about the one process.
 *
 * It is number 1 (PROCESS_ID), without a parent, alone in its group and
 * session.
 */
#include "arch/user.h"
#include "core/process.h"
#include "halvm/abi/process.h"
#include "lib/string.h"
#include "sys/sys.h"

SYSCALL0(getpid)
{
	return PROCESS_ID;
}

SYSCALL0(getppid)
{
	return 0;
}

SYSCALL0(getpgrp)
{
	return PROCESS_ID;
}

static long own_number(long pid)
{
	if ((int)pid != 0 && (int)pid != PROCESS_ID)
		return -ESRCH;
	return PROCESS_ID;
}

SYSCALL1(getpgid, pid)
{
	return own_number(pid);
}

SYSCALL1(getsid, pid)
{
	return own_number(pid);
}

/* It leads its group and session already. */
SYSCALL0(setsid)
{
	return -EPERM;
}

SYSCALL2(setpgid, pid, group)
{
	if ((int)group < 0)
		return -EINVAL;
	return own_number(pid) < 0 ? -ESRCH : -EPERM;
}

SYSCALL1(uname, name)
{
	/* Too large for a stack that may be small. */
	static const char sysname[] = PROCESS_OS_NAME,
			  release[] = PROCESS_OS_RELEASE,
			  version[] = PROCESS_OS_VERSION, machine[] = "x86_64";
	struct abi_utsname *to = (struct abi_utsname *)name;

	if (user_zero(to, sizeof *to) ||
	    user_write(to->sysname, sysname, sizeof sysname) ||
	    user_write(to->nodename, process.host_name,
		       strlen(process.host_name) + 1) ||
	    user_write(to->release, release, sizeof release) ||
	    user_write(to->version, version, sizeof version) ||
	    user_write(to->machine, machine, sizeof machine))
		return -EFAULT;
	return 0;
}

#define PERSONALITY_ASK 0xffffffffU

SYSCALL1(personality, persona)
{
	static uint32_t now;

	if ((uint32_t)persona == PERSONALITY_ASK)
		return now;
	return __atomic_exchange_n(&now, (uint32_t)persona, __ATOMIC_RELAXED);
}

static long set_name(long from)
{
	char name[sizeof thread_current()->name] = "";
	long n = user_read_string(name, (const char *)from, sizeof name);

	if (n == -EFAULT)
		return n;
	name[sizeof name - 1] = '\0'; /* a longer one is cut */
	memcpy(thread_current()->name, name, sizeof name);
	return 0;
}

/* A switch that is kept and has no effect: 0 or 1. */
static long set_switch(bool *at, long value)
{
	if (value != 0 && value != 1)
		return -EINVAL;
	*at = value;
	return 0;
}

static long put_int(long to, int32_t value)
{
	return user_write((void *)to, &value, sizeof value);
}

/* What of prctl(2) means anything, or is asked by libraries all the same. */
SYSCALL5(prctl, option, a, b, c, d)
{
	static bool keep_caps, subreaper, no_privs, no_huge;
	static bool dumpable = true;

	(void)b;
	(void)c;
	(void)d;
	switch ((int)option) {
	case ABI_PR_SET_NAME:
		return set_name(a);
	case ABI_PR_GET_NAME:
		return user_write((void *)a, thread_current()->name,
				  sizeof thread_current()->name);
	case ABI_PR_SET_PDEATHSIG: /* there is no parent to die */
	case ABI_PR_SET_TIMERSLACK:
	case ABI_PR_GET_TIMERSLACK:
	case ABI_PR_GET_SECCOMP:
		return 0;
	case ABI_PR_GET_PDEATHSIG:
		return put_int(a, 0);
	case ABI_PR_CAPBSET_READ:
		return 1;
	case ABI_PR_SET_DUMPABLE:
		return set_switch(&dumpable, a);
	case ABI_PR_GET_DUMPABLE:
		return dumpable;
	case ABI_PR_SET_KEEPCAPS:
		return set_switch(&keep_caps, a);
	case ABI_PR_GET_KEEPCAPS:
		return keep_caps;
	case ABI_PR_SET_CHILD_SUBREAPER:
		subreaper = a != 0;
		return 0;
	case ABI_PR_GET_CHILD_SUBREAPER:
		return put_int(a, subreaper);
	case ABI_PR_SET_NO_NEW_PRIVS:
		if (a != 1)
			return -EINVAL;
		no_privs = true;
		return 0;
	case ABI_PR_GET_NO_NEW_PRIVS:
		return no_privs;
	case ABI_PR_SET_THP_DISABLE:
		no_huge = a != 0;
		return 0;
	case ABI_PR_GET_THP_DISABLE:
		return no_huge;
	default:
		return -EINVAL;
	}
}

/* syslog(2), as in a kernel that keeps no log: 0 for what there is to do. */
#define SYSLOG_LAST 10

SYSCALL3(syslog, type, text, length)
{
	(void)text;
	(void)length;
	return (int)type < 0 || (int)type > SYSLOG_LAST ? -EINVAL : 0;
}
