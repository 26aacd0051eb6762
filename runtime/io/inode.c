/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * inode.c - what all inodes have in common: references, times, attributes.
 */
#include "io/inode.h"
#include "core/clock.h"
#include "core/signal.h"
#include "core/thread.h"
#include "io/lock.h"
#include "io/vfs.h"
#include "lib/string.h"

#define BLOCK_SIZE 512 /* of st_blocks */
#define NS_PER_DAY (86400 * NS_PER_SEC)

uint64_t vfs_size_limit = UINT64_MAX;
void (*vfs_release_fifo)(struct inode *inode);

void inode_init(struct inode *inode, const struct inode_ops *ops, struct fs *fs,
		uint32_t mode, uint64_t now)
{
	inode->ops = ops;
	inode->fs = fs;
	inode->references = 1;
	inode->mode = mode;
	inode->atime = inode->mtime = inode->ctime = inode->btime =
	    (int64_t)now;
	mutex_init(&inode->lock);
}

struct inode *inode_get(struct inode *inode)
{
	__atomic_fetch_add(&inode->references, 1, __ATOMIC_RELAXED);
	return inode;
}

/* A loop, not recursion: a chain of removed directories may be long. */
void inode_put(struct inode *inode)
{
	while (inode && __atomic_sub_fetch(&inode->references, 1,
					   __ATOMIC_ACQ_REL) == 0) {
		struct inode *parent = inode->parent;

		if (inode->object && vfs_release_fifo &&
		    (inode->mode & S_IFMT) == S_IFIFO)
			vfs_release_fifo(inode);
		lock_inode_released(inode);
		inode->ops->release(inode);
		inode = parent;
	}
}

uint64_t inode_next_number(void)
{
	static uint64_t last = 1;

	return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

void inode_touch(struct inode *inode, unsigned which)
{
	int64_t now = (int64_t)clock_wall();

	if (which & TOUCH_ATIME)
		__atomic_store_n(&inode->atime, now, __ATOMIC_RELAXED);
	if (which & TOUCH_MTIME)
		__atomic_store_n(&inode->mtime, now, __ATOMIC_RELAXED);
	if (which & TOUCH_CTIME)
		__atomic_store_n(&inode->ctime, now, __ATOMIC_RELAXED);
}

/* mount(8), relatime: only if it tells something new, or is a day old. */
void inode_touch_read(struct inode *inode, uint32_t open_flags)
{
	int64_t atime = inode->atime, now;

	if (open_flags & O_NOATIME || inode->fs->read_only)
		return;
	now = (int64_t)clock_wall();
	if (atime <= inode->mtime || atime <= inode->ctime ||
	    atime <= now - (int64_t)NS_PER_DAY)
		__atomic_store_n(&inode->atime, now, __ATOMIC_RELAXED);
}

static struct abi_timespec64 timespec_of(int64_t ns)
{
	struct abi_timespec64 t = {ns / (int64_t)NS_PER_SEC,
				   ns % (int64_t)NS_PER_SEC};

	if (t.nsec < 0) {
		t.sec--;
		t.nsec += (int64_t)NS_PER_SEC;
	}
	return t;
}

void inode_stat(struct inode *inode, struct abi_stat *st)
{
	memset(st, 0, sizeof(*st));
	mutex_lock(&inode->lock);
	st->dev = inode->fs->device;
	st->ino = inode->ino;
	st->nlink = inode->links;
	st->mode = inode->mode;
	st->uid = inode->uid;
	st->gid = inode->gid;
	st->rdev = inode->rdev;
	st->size = (int64_t)inode->size;
	st->block_size = PAGE_SIZE;
	st->blocks = (st->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
	st->atime = timespec_of(inode->atime);
	st->mtime = timespec_of(inode->mtime);
	st->ctime = timespec_of(inode->ctime);
	if (inode->ops->stat)
		inode->ops->stat(inode, st);
	mutex_unlock(&inode->lock);
}

void inode_statfs(struct inode *inode, struct abi_statfs *st)
{
	struct fs *fs = inode->fs;

	memset(st, 0, sizeof(*st));
	st->type = fs->magic;
	st->block_size = st->fragment_size = PAGE_SIZE;
	st->name_max = VFS_NAME_MAX;
	st->id[0] = (int32_t)fs->device;
	st->flags = ST_VALID | (fs->read_only ? ST_RDONLY : 0);
	if (fs->stat)
		fs->stat(fs, st);
}

static void attributes_changed(struct inode *inode)
{
	inode_touch(inode, TOUCH_CTIME);
	if (inode->ops->changed)
		inode->ops->changed(inode);
}

int inode_set_mode(struct inode *inode, uint32_t mode)
{
	if (inode->fs->read_only)
		return -EROFS;
	if (inode_is_link(inode))
		return -EOPNOTSUPP;
	mutex_lock(&inode->lock);
	inode->mode = (inode->mode & S_IFMT) | (mode & ABI_S_IALLUGO);
	attributes_changed(inode);
	mutex_unlock(&inode->lock);
	return 0;
}

/* chown(2): a program loses the bits by which it ran as its owner. */
int inode_set_owner(struct inode *inode, uint32_t uid, uint32_t gid)
{
	if (inode->fs->read_only)
		return -EROFS;
	mutex_lock(&inode->lock);
	if (uid != UINT32_MAX)
		inode->uid = uid;
	if (gid != UINT32_MAX)
		inode->gid = gid;
	if (!inode_is_directory(inode)) {
		inode->mode &= ~(uint32_t)S_ISUID;
		if (inode->mode & S_IXGRP)
			inode->mode &= ~(uint32_t)S_ISGID;
	}
	attributes_changed(inode);
	mutex_unlock(&inode->lock);
	return 0;
}

int inode_set_times(struct inode *inode, int64_t atime, int64_t mtime)
{
	if (inode->fs->read_only)
		return -EROFS;
	if (atime == INODE_TIME_OMIT && mtime == INODE_TIME_OMIT)
		return 0;
	mutex_lock(&inode->lock);
	if (atime != INODE_TIME_OMIT)
		__atomic_store_n(&inode->atime, atime, __ATOMIC_RELAXED);
	if (mtime != INODE_TIME_OMIT)
		__atomic_store_n(&inode->mtime, mtime, __ATOMIC_RELAXED);
	attributes_changed(inode);
	mutex_unlock(&inode->lock);
	return 0;
}

int inode_check_size(uint64_t size)
{
	if (size > vfs_size_limit) {
		signal_send(thread_current(), ABI_SIGXFSZ, NULL);
		return -EFBIG;
	}
	return size > VFS_SIZE_MAX ? -EFBIG : 0;
}

int inode_set_size(struct inode *inode, uint64_t size)
{
	int error;

	if (inode_is_directory(inode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	if (inode->fs->read_only)
		return -EROFS;
	if (!inode->ops->set_size)
		return -EINVAL;
	mutex_lock(&inode->lock);
	error = size > inode->size ? inode_check_size(size) : 0;
	if ((size < inode->size && inode->seals & F_SEAL_SHRINK) ||
	    (size > inode->size && inode->seals & F_SEAL_GROW))
		error = -EPERM;
	if (!error)
		error = inode->ops->set_size(inode, size);
	if (!error)
		inode_touch(inode, TOUCH_MTIME | TOUCH_CTIME);
	mutex_unlock(&inode->lock);
	return error;
}

/* access(2): the superuser may all but run what nobody may. */
int inode_access(struct inode *inode, int how)
{
	if (how & W_OK && inode->fs->read_only &&
	    (S_ISREG(inode->mode) || inode_is_directory(inode)))
		return -EROFS;
	if (how & X_OK && !inode_is_directory(inode) &&
	    !(inode->mode & ABI_S_IXUGO))
		return -EACCES;
	return 0;
}
