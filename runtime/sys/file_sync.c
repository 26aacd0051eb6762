/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_sync.c - ftruncate, fallocate, fsync and its kin, advice.
 */
#include "io/file.h"
#include "sys/path.h"
#include "sys/sys.h"

#define SYNC_FILE_RANGE_FLAGS 7 /* sync_file_range(2) */
#define FADV_LAST 5		/* POSIX_FADV_NOREUSE */
#define FALLOC_KNOWN                                                           \
	(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)

SYSCALL_SLEEP2(ftruncate, fd, size)
{
	struct file *f = fd_get_open((int)fd);
	int error = -EINVAL;

	if (!f)
		return -EBADF;
	if (size >= 0 && file_can_write(f) && f->ops->truncate)
		error = f->ops->truncate(f, (uint64_t)size);
	file_put(f);
	return error;
}

static int check_allocate(struct file *f, int how, int64_t start, int64_t size)
{
	if (start < 0 || size <= 0)
		return -EINVAL;
	if (how & ~FALLOC_KNOWN ||
	    (how & FALLOC_FL_PUNCH_HOLE && how & FALLOC_FL_ZERO_RANGE) ||
	    (how & FALLOC_FL_PUNCH_HOLE && !(how & FALLOC_FL_KEEP_SIZE)))
		return -EOPNOTSUPP;
	if (!file_can_write(f))
		return -EBADF;
	if (!f->inode)
		return -ESPIPE;
	if (inode_is_directory(f->inode))
		return -EISDIR;
	if (!S_ISREG(f->inode->mode))
		return -ENODEV;
	if (size > VFS_SIZE_MAX - start)
		return -EFBIG;
	return f->inode->ops->allocate ? 0 : -EOPNOTSUPP;
}

static int allocate(struct inode *inode, int how, uint64_t start, uint64_t size)
{
	bool grows;
	int error = 0;

	mutex_lock(&inode->lock);
	grows = !(how & FALLOC_FL_KEEP_SIZE) && start + size > inode->size;
	if (grows)
		error = inode_check_size(start + size);
	if ((grows && inode->seals & F_SEAL_GROW) ||
	    (how & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE) &&
	     inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)))
		error = -EPERM;
	if (!error)
		error = inode->ops->allocate(inode, (unsigned)how, start, size);
	if (!error)
		inode_touch(inode, TOUCH_MTIME | TOUCH_CTIME);
	mutex_unlock(&inode->lock);
	return error;
}

SYSCALL_SLEEP4(fallocate, fd, how, start, size)
{
	struct file *f = fd_get_open((int)fd);
	int error;

	if (!f)
		return -EBADF;
	error = check_allocate(f, (int)how, start, size);
	if (!error)
		error = allocate(f->inode, (int)how, (uint64_t)start,
				 (uint64_t)size);
	file_put(f);
	return error;
}

static long sync_fd(long fd)
{
	struct file *f = fd_get_open((int)fd);
	int error = -EINVAL;

	if (!f)
		return -EBADF;
	if (f->ops->sync)
		error = f->ops->sync(f);
	file_put(f);
	return error;
}

SYSCALL_SLEEP1(fsync, fd)
{
	return sync_fd(fd);
}

SYSCALL_SLEEP1(fdatasync, fd)
{
	return sync_fd(fd);
}

SYSCALL_SLEEP4(sync_file_range, fd, start, size, flags)
{
	long r;

	if ((unsigned)flags & ~(unsigned)SYNC_FILE_RANGE_FLAGS || start < 0 ||
	    size < 0 || start > INT64_MAX - size)
		return -EINVAL;
	r = sync_fd(fd);
	return r == -EINVAL ? -ESPIPE : r;
}

static int sync_fs(struct fs *fs)
{
	return fs->sync ? fs->sync(fs) : 0;
}

SYSCALL_SLEEP0(sync)
{
	struct inode *root;

	for (unsigned i = 0; (root = vfs_mounted(i)); i++)
		sync_fs(root->fs);
	return 0;
}

SYSCALL_SLEEP1(syncfs, fd)
{
	struct file *f = fd_get_open((int)fd);
	int error;

	if (!f)
		return -EBADF;
	error = f->inode ? sync_fs(f->inode->fs) : 0;
	file_put(f);
	return error;
}

/* All is in memory already: the advice is checked, and of no use. */
SYSCALL_SLEEP3(readahead, fd, start, size)
{
	struct file *f = fd_get_open((int)fd);
	int error = 0;

	(void)start;
	(void)size;
	if (!f)
		return -EBADF;
	if (!file_can_read(f))
		error = -EBADF;
	else if (!f->inode || !S_ISREG(f->inode->mode))
		error = -EINVAL;
	file_put(f);
	return error;
}

SYSCALL_SLEEP4(fadvise64, fd, start, size, advice)
{
	struct file *f = fd_get_open((int)fd);
	int error = 0;

	(void)start;
	if (!f)
		return -EBADF;
	if (!f->has_pos)
		error = -ESPIPE;
	else if (size < 0 || advice < 0 || advice > FADV_LAST)
		error = -EINVAL;
	file_put(f);
	return error;
}
