/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stat.c - stat, lstat, fstat, newfstatat, statx, statfs, fstatfs.
 */
#include "halvm/abi/stat.h"
#include "arch/user.h"
#include "core/clock.h"
#include "io/file.h"
#include "lib/string.h"
#include "sys/path.h"
#include "sys/sys.h"

#define AT_FLAGS                                                               \
	(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |               \
	 AT_STATX_SYNC_TYPE)

/* What is found, and when it was made (0: unknown). */
static int get_stat(long dir, long path, int flags, struct abi_stat *st,
		    uint64_t *born)
{
	unsigned how = flags & AT_SYMLINK_NOFOLLOW ? 0 : VFS_FOLLOW;
	struct inode *inode;
	struct sys_path p;
	int error;

	*born = 0;
	if (flags & ~AT_FLAGS)
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= VFS_EMPTY;
	error = sys_path_get(&p, dir, path);
	if (!error && !p.text[0] && p.file && how & VFS_EMPTY) {
		error = vfs_file_stat(p.file, st);
		if (!error && p.base && p.base->ino == st->ino)
			*born = p.base->btime;
	} else if (!error) {
		error = p.text[0] || p.base
			    ? vfs_lookup(p.base, p.text, how, &inode)
			    : -ENOENT;
		if (!error) {
			inode_stat(inode, st);
			*born = inode->btime;
			inode_put(inode);
		}
	}
	sys_path_put(&p);
	return error;
}

static long stat_at(long dir, long path, long to, int flags)
{
	struct abi_stat st;
	uint64_t born;
	int error = get_stat(dir, path, flags, &st, &born);

	return error ? error : user_write((void *)to, &st, sizeof(st));
}

SYSCALL_SLEEP2(stat, path, to)
{
	return stat_at(AT_FDCWD, path, to, 0);
}

SYSCALL_SLEEP2(lstat, path, to)
{
	return stat_at(AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_SLEEP4(newfstatat, dir, path, to, flags)
{
	return stat_at(dir, path, to, (int)flags);
}

SYSCALL_SLEEP2(fstat, fd, to)
{
	struct file *f = fd_get((int)fd);
	struct abi_stat st;
	int error;

	if (!f)
		return -EBADF;
	error = vfs_file_stat(f, &st);
	file_put(f);
	return error ? error : user_write((void *)to, &st, sizeof(st));
}

static struct abi_statx_timestamp timestamp(struct abi_timespec64 t)
{
	return (struct abi_statx_timestamp){.sec = t.sec,
					    .nsec = (uint32_t)t.nsec};
}

static void to_statx(struct abi_statx *x, const struct abi_stat *st,
		     uint64_t born)
{
	memset(x, 0, sizeof(*x));
	x->mask = STATX_BASIC_STATS;
	x->block_size = (uint32_t)st->block_size;
	x->nlink = (uint32_t)st->nlink;
	x->uid = st->uid;
	x->gid = st->gid;
	x->mode = (uint16_t)st->mode;
	x->ino = st->ino;
	x->size = (uint64_t)st->size;
	x->blocks = (uint64_t)st->blocks;
	x->atime = timestamp(st->atime);
	x->mtime = timestamp(st->mtime);
	x->ctime = timestamp(st->ctime);
	if (born) {
		x->mask |= STATX_BTIME;
		x->btime.sec = (int64_t)(born / NS_PER_SEC);
		x->btime.nsec = (uint32_t)(born % NS_PER_SEC);
	}
	x->rdev_major = ABI_DEV_MAJOR(st->rdev);
	x->rdev_minor = ABI_DEV_MINOR(st->rdev);
	x->dev_major = ABI_DEV_MAJOR(st->dev);
	x->dev_minor = ABI_DEV_MINOR(st->dev);
}

SYSCALL_SLEEP5(statx, dir, path, flags, mask, to)
{
	struct abi_stat st;
	struct abi_statx x;
	uint64_t born;
	int error;

	if (mask & STATX__RESERVED ||
	    (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	error = get_stat(dir, path, (int)flags, &st, &born);
	if (error)
		return error;
	to_statx(&x, &st, born);
	return user_write((void *)to, &x, sizeof(x));
}

SYSCALL_SLEEP2(statfs, path, to)
{
	struct abi_statfs st;
	struct inode *inode;
	int error = sys_path_lookup(AT_FDCWD, path, VFS_FOLLOW, &inode);

	if (error)
		return error;
	inode_statfs(inode, &st);
	inode_put(inode);
	return user_write((void *)to, &st, sizeof(st));
}

SYSCALL_SLEEP2(fstatfs, fd, to)
{
	struct file *f = fd_get((int)fd);
	struct abi_statfs st;

	if (!f)
		return -EBADF;
	vfs_file_statfs(f, &st);
	file_put(f);
	return user_write((void *)to, &st, sizeof(st));
}
