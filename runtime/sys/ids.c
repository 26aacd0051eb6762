/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ids.c - system calls of user and group numbers.
 *
 * A program starts as root and may become somebody else, as Linux lets it
 * (credentials(7)).  The numbers are kept to be read back; nothing else asks
 * for them.  They are the process's: libc sets them in every thread, with the
 * same result each time.
 */
#include <stdbool.h>
#include "arch/spin.h"
#include "arch/user.h"
#include "core/process.h"
#include "sys/sys.h"

#define KEEP UINT32_MAX
#define GROUPS_MAX 65536

static struct spinlock lock = SPINLOCK_INIT;

static bool is_one_of(const struct process_ids *ids, uint32_t id)
{
	return id == ids->real || id == ids->effective || id == ids->saved;
}

/* KEEP as an id leaves it. */
static long set_all(struct process_ids *ids, uint32_t real, uint32_t effective,
		    uint32_t saved)
{
	unsigned long flags = spin_lock(&lock);
	long r = 0;

	if (process.users.effective != 0 &&
	    ((real != KEEP && !is_one_of(ids, real)) ||
	     (effective != KEEP && !is_one_of(ids, effective)) ||
	     (saved != KEEP && !is_one_of(ids, saved)))) {
		r = -EPERM;
	} else {
		if (real != KEEP)
			ids->real = real;
		if (effective != KEEP)
			ids->effective = effective;
		if (saved != KEEP)
			ids->saved = saved;
	}
	spin_unlock(&lock, flags);
	return r;
}

/* Root becomes another for good. */
static long set_one(struct process_ids *ids, uint32_t id)
{
	if (id == KEEP)
		return -EINVAL;
	if (__atomic_load_n(&process.users.effective, __ATOMIC_RELAXED) == 0)
		return set_all(ids, id, id, id);
	return set_all(ids, KEEP, id, KEEP);
}

/* setreuid(2): the saved one follows if the real one may have changed. */
static long set_two(struct process_ids *ids, uint32_t real, uint32_t effective)
{
	uint32_t saved = KEEP;

	if (real != KEEP || (effective != KEEP && effective != ids->real))
		saved = effective != KEEP ? effective : ids->effective;
	return set_all(ids, real, effective, saved);
}

static long get_all(const struct process_ids *ids, long a, long b, long c)
{
	if (user_write((void *)a, &ids->real, sizeof ids->real) ||
	    user_write((void *)b, &ids->effective, sizeof ids->effective) ||
	    user_write((void *)c, &ids->saved, sizeof ids->saved))
		return -EFAULT;
	return 0;
}

SYSCALL0(getuid)
{
	return process.users.real;
}

SYSCALL0(getgid)
{
	return process.groups.real;
}

SYSCALL0(geteuid)
{
	return process.users.effective;
}

SYSCALL0(getegid)
{
	return process.groups.effective;
}

SYSCALL1(setuid, id)
{
	return set_one(&process.users, (uint32_t)id);
}

SYSCALL1(setgid, id)
{
	return set_one(&process.groups, (uint32_t)id);
}

SYSCALL2(setreuid, real, effective)
{
	return set_two(&process.users, (uint32_t)real, (uint32_t)effective);
}

SYSCALL2(setregid, real, effective)
{
	return set_two(&process.groups, (uint32_t)real, (uint32_t)effective);
}

SYSCALL3(setresuid, real, effective, saved)
{
	return set_all(&process.users, (uint32_t)real, (uint32_t)effective,
		       (uint32_t)saved);
}

SYSCALL3(setresgid, real, effective, saved)
{
	return set_all(&process.groups, (uint32_t)real, (uint32_t)effective,
		       (uint32_t)saved);
}

SYSCALL3(getresuid, real, effective, saved)
{
	return get_all(&process.users, real, effective, saved);
}

SYSCALL3(getresgid, real, effective, saved)
{
	return get_all(&process.groups, real, effective, saved);
}

/* For files, which nobody is kept from: the id before, never an error. */
SYSCALL1(setfsuid, id)
{
	(void)id;
	return process.users.effective;
}

SYSCALL1(setfsgid, id)
{
	(void)id;
	return process.groups.effective;
}

/* Supplementary groups are taken and forgotten: there are none. */
SYSCALL2(getgroups, n, list)
{
	(void)list;
	return (int)n < 0 ? -EINVAL : 0;
}

SYSCALL2(setgroups, n, list)
{
	(void)list;
	if (process.users.effective != 0)
		return -EPERM;
	return n < 0 || n > GROUPS_MAX ? -EINVAL : 0;
}
