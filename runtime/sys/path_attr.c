/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * path_attr.c - access, chmod, chown, utime and their kin.
 */
#include "arch/user.h"
#include "core/clock.h"
#include "io/file.h"
#include "sys/path.h"
#include "sys/sys.h"

/* What of AT_* says how a path is looked up. */
#define AT_LOOKUP (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)

static unsigned lookup_of(int flags)
{
	return (flags & AT_SYMLINK_NOFOLLOW ? 0 : VFS_FOLLOW) |
	       (flags & AT_EMPTY_PATH ? VFS_EMPTY : 0);
}

/* --- access --------------------------------------------------------------- */

static long access_at(long dir, long path, int how, int flags)
{
	struct inode *inode;
	int error;

	if (how & ~(R_OK | W_OK | X_OK) || flags & ~(AT_EACCESS | AT_LOOKUP))
		return -EINVAL;
	error = sys_path_lookup(dir, path, lookup_of(flags), &inode);
	if (error)
		return error;
	error = inode_access(inode, how);
	inode_put(inode);
	return error;
}

SYSCALL_SLEEP2(access, path, how)
{
	return access_at(AT_FDCWD, path, (int)how, 0);
}

SYSCALL_SLEEP3(faccessat, dir, path, how)
{
	return access_at(dir, path, (int)how, 0);
}

SYSCALL_SLEEP4(faccessat2, dir, path, how, flags)
{
	return access_at(dir, path, (int)how, (int)flags);
}

/* --- mode and owner ------------------------------------------------------- */

static long chmod_at(long dir, long path, long mode)
{
	struct inode *inode;
	int error = sys_path_lookup(dir, path, VFS_FOLLOW, &inode);

	if (error)
		return error;
	error = inode_set_mode(inode, (uint32_t)mode);
	inode_put(inode);
	return error;
}

SYSCALL_SLEEP2(chmod, path, mode)
{
	return chmod_at(AT_FDCWD, path, mode);
}

SYSCALL_SLEEP3(fchmodat, dir, path, mode)
{
	return chmod_at(dir, path, mode);
}

SYSCALL_SLEEP2(fchmod, fd, mode)
{
	struct inode *inode;
	int error = sys_fd_inode(fd, &inode);

	if (error)
		return error;
	error = inode_set_mode(inode, (uint32_t)mode);
	inode_put(inode);
	return error;
}

static long chown_at(long dir, long path, long uid, long gid, int flags)
{
	struct inode *inode;
	int error;

	if (flags & ~AT_LOOKUP)
		return -EINVAL;
	error = sys_path_lookup(dir, path, lookup_of(flags), &inode);
	if (error)
		return error;
	error = inode_set_owner(inode, (uint32_t)uid, (uint32_t)gid);
	inode_put(inode);
	return error;
}

SYSCALL_SLEEP3(chown, path, uid, gid)
{
	return chown_at(AT_FDCWD, path, uid, gid, 0);
}

SYSCALL_SLEEP3(lchown, path, uid, gid)
{
	return chown_at(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_SLEEP5(fchownat, dir, path, uid, gid, flags)
{
	return chown_at(dir, path, uid, gid, (int)flags);
}

SYSCALL_SLEEP3(fchown, fd, uid, gid)
{
	struct inode *inode;
	int error = sys_fd_inode(fd, &inode);

	if (error)
		return error;
	error = inode_set_owner(inode, (uint32_t)uid, (uint32_t)gid);
	inode_put(inode);
	return error;
}

/* --- times ---------------------------------------------------------------- */

#define US_PER_SEC 1000000
#define NS_PER_US 1000

/* Times too early or too late for an inode become the first and last it has. */
static int64_t to_ns(int64_t sec, int64_t nsec)
{
	int64_t ns;

	if (__builtin_mul_overflow(sec, (int64_t)NS_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, nsec, &ns) || ns == INODE_TIME_OMIT)
		return sec < 0 ? INT64_MIN : INODE_TIME_OMIT - 1;
	return ns;
}

/* atime and mtime in ns. */
static long set_times(long dir, long path, const int64_t *times, int flags)
{
	struct inode *inode;
	int error;

	if (flags & ~AT_LOOKUP)
		return -EINVAL;
	/* utimensat(2): without a path it means the descriptor. */
	error = path || (int)dir == AT_FDCWD
		    ? sys_path_lookup(dir, path, lookup_of(flags), &inode)
		    : sys_fd_inode(dir, &inode);
	if (error)
		return error;
	error = inode_set_times(inode, times[0], times[1]);
	inode_put(inode);
	return error;
}

static int from_timespec(const struct abi_timespec64 *t, int64_t *ns)
{
	if (t->nsec == UTIME_NOW)
		*ns = (int64_t)clock_wall();
	else if (t->nsec == UTIME_OMIT)
		*ns = INODE_TIME_OMIT;
	else if (t->nsec < 0 || t->nsec >= (int64_t)NS_PER_SEC)
		return -EINVAL;
	else
		*ns = to_ns(t->sec, t->nsec);
	return 0;
}

SYSCALL_SLEEP4(utimensat, dir, path, user_times, flags)
{
	struct abi_timespec64 t[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
	int64_t times[2];
	int error = 0;

	if (user_times)
		error = user_read(t, (const void *)user_times, sizeof(t));
	if (!error)
		error = from_timespec(&t[0], &times[0]);
	if (!error)
		error = from_timespec(&t[1], &times[1]);
	return error ? error : set_times(dir, path, times, (int)flags);
}

/* utimes and futimesat: microseconds. */
static long set_times_us(long dir, long path, long user_times)
{
	struct {
		int64_t sec, usec;
	} t[2];
	int64_t times[2];
	int error;

	times[0] = times[1] = (int64_t)clock_wall();
	if (user_times) {
		error = user_read(t, (const void *)user_times, sizeof(t));
		if (error)
			return error;
		for (unsigned i = 0; i < 2; i++) {
			if (t[i].usec < 0 || t[i].usec >= US_PER_SEC)
				return -EINVAL;
			times[i] = to_ns(t[i].sec, t[i].usec * NS_PER_US);
		}
	}
	return set_times(dir, path, times, 0);
}

SYSCALL_SLEEP2(utimes, path, user_times)
{
	return set_times_us(AT_FDCWD, path, user_times);
}

SYSCALL_SLEEP3(futimesat, dir, path, user_times)
{
	return set_times_us(dir, path, user_times);
}

SYSCALL_SLEEP2(utime, path, user_times)
{
	int64_t times[2];
	int64_t t[2];
	int error;

	times[0] = times[1] = (int64_t)clock_wall();
	if (user_times) {
		error = user_read(t, (const void *)user_times, sizeof(t));
		if (error)
			return error;
		times[0] = to_ns(t[0], 0);
		times[1] = to_ns(t[1], 0);
	}
	return set_times(AT_FDCWD, path, times, 0);
}
