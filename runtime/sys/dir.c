/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dir.c - getdents, getdents64, getcwd, chdir, fchdir.
 */
#include "arch/user.h"
#include "core/heap.h"
#include "halvm/abi/dirent.h"
#include "io/file.h"
#include "io/vfs_dir.h"
#include "lib/list.h"
#include "lib/string.h"
#include "sys/path.h"
#include "sys/sys.h"

#define RECORD_ALIGN 8
#define RECORD_MAX (sizeof(struct abi_dirent64) + VFS_NAME_MAX + RECORD_ALIGN)

/* Writes entries to the program's buffer. */
struct to_user {
	struct directory_sink sink; /* first */
	char *at;
	size_t left, done;
	bool old; /* getdents: the type is the last byte */
	int error;
};

static size_t record_size(const struct to_user *u, size_t length)
{
	size_t n = length + 1;

	n += u->old ? sizeof(struct abi_dirent) + 1
		    : sizeof(struct abi_dirent64);
	return (n + RECORD_ALIGN - 1) & ~(size_t)(RECORD_ALIGN - 1);
}

static bool add(struct directory_sink *sink, struct vfs_name name, uint64_t ino,
		uint32_t mode, uint64_t next)
{
	struct to_user *u = (struct to_user *)sink;
	size_t n = record_size(u, name.length);
	char record[RECORD_MAX];

	if (n > u->left) {
		u->error = u->done ? 0 : -EINVAL;
		return false;
	}
	memset(record, 0, n);
	if (u->old) {
		struct abi_dirent *d = (void *)record;

		*d = (struct abi_dirent){ino, next, (uint16_t)n};
		memcpy(d->name, name.text, name.length);
		record[n - 1] = (char)ABI_DT(mode);
	} else {
		struct abi_dirent64 *d = (void *)record;

		*d = (struct abi_dirent64){ino, (int64_t)next, (uint16_t)n,
					   ABI_DT(mode)};
		memcpy(d->name, name.text, name.length);
	}
	u->error = user_write(u->at, record, n);
	if (u->error)
		return false;
	u->at += n;
	u->left -= n;
	u->done += n;
	return true;
}

static long list(long fd, long to, long size, bool old)
{
	struct file *f = fd_get_open((int)fd);
	struct to_user u = {.sink.add = add,
			    .at = (char *)to,
			    .left = (unsigned)size,
			    .old = old};
	int error;

	if (!f)
		return -EBADF;
	mutex_lock(&f->pos_lock);
	error = vfs_list(f, &u.sink);
	mutex_unlock(&f->pos_lock);
	file_put(f);
	if (u.done)
		return (long)u.done;
	return error ? error : u.error;
}

SYSCALL_SLEEP3(getdents, fd, to, size)
{
	return list(fd, to, size, true);
}

SYSCALL_SLEEP3(getdents64, fd, to, size)
{
	return list(fd, to, size, false);
}

SYSCALL_SLEEP2(getcwd, to, size)
{
	struct inode *cwd = vfs_cwd();
	char *path = heap_alloc(VFS_PATH_MAX);
	long n = -ENOMEM;

	if (cwd && path)
		n = vfs_path_of(cwd, path, VFS_PATH_MAX);
	if (n == -ERANGE)
		n = -ENAMETOOLONG;
	if (n >= 0) {
		n++;
		if ((size_t)n > (size_t)size)
			n = -ERANGE;
		else if (user_write((void *)to, path, (size_t)n))
			n = -EFAULT;
	}
	heap_free(path);
	inode_put(cwd);
	return n;
}

SYSCALL_SLEEP1(chdir, path)
{
	struct inode *inode;
	int error = sys_path_lookup(AT_FDCWD, path, VFS_FOLLOW, &inode);

	if (error)
		return error;
	error = vfs_set_cwd(inode);
	inode_put(inode);
	return error;
}

SYSCALL_SLEEP1(fchdir, fd)
{
	struct file *f = fd_get((int)fd);
	int error;

	if (!f)
		return -EBADF;
	error = f->inode ? vfs_set_cwd(f->inode) : -ENOTDIR;
	file_put(f);
	return error;
}
