/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.c - system calls about the one process.
 *
 * It is number 1 (PROCESS_ID), without a parent, alone in its group and
 * session.  User and group 0 are all there are: others are what setuid(2)
 * calls not valid in this user namespace, -EINVAL.
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

/* --- users and groups --- */

static bool is_valid(long id)
{
	return (uint32_t)id == 0;
}

static bool is_valid_or_same(long id)
{
	return is_valid(id) || (uint32_t)id == UINT32_MAX;
}

static long set_ids(long a, long b, long c)
{
	return is_valid_or_same(a) && is_valid_or_same(b) && is_valid_or_same(c)
		   ? 0
		   : -EINVAL;
}

static long get_ids(long a, long b, long c)
{
	const uint32_t id = 0;

	if (user_write((void *)a, &id, sizeof id) ||
	    user_write((void *)b, &id, sizeof id) ||
	    user_write((void *)c, &id, sizeof id))
		return -EFAULT;
	return 0;
}

SYSCALL0(getuid)
{
	return 0;
}

SYSCALL0(getgid)
{
	return 0;
}

SYSCALL0(geteuid)
{
	return 0;
}

SYSCALL0(getegid)
{
	return 0;
}

SYSCALL1(setuid, id)
{
	return is_valid(id) ? 0 : -EINVAL;
}

SYSCALL1(setgid, id)
{
	return is_valid(id) ? 0 : -EINVAL;
}

SYSCALL2(setreuid, real, effective)
{
	return set_ids(real, effective, 0);
}

SYSCALL2(setregid, real, effective)
{
	return set_ids(real, effective, 0);
}

SYSCALL3(setresuid, real, effective, saved)
{
	return set_ids(real, effective, saved);
}

SYSCALL3(setresgid, real, effective, saved)
{
	return set_ids(real, effective, saved);
}

SYSCALL3(getresuid, real, effective, saved)
{
	return get_ids(real, effective, saved);
}

SYSCALL3(getresgid, real, effective, saved)
{
	return get_ids(real, effective, saved);
}

/* These return the id before, and never an error. */
SYSCALL1(setfsuid, id)
{
	(void)id;
	return 0;
}

SYSCALL1(setfsgid, id)
{
	(void)id;
	return 0;
}

/* No supplementary groups. */
SYSCALL2(getgroups, n, list)
{
	(void)list;
	return (int)n < 0 ? -EINVAL : 0;
}

SYSCALL2(setgroups, n, list)
{
	(void)list;
	return n == 0 ? 0 : -EINVAL;
}

/* --- names and modes --- */

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
