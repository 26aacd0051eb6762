/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * path_change.c - mkdir, rmdir, link, unlink, symlink, rename, mknod, their
 * *at kin, readlink, truncate.
 */
#include "arch/user.h"
#include "core/heap.h"
#include "io/file.h"
#include "io/fifo.h"
#include "sys/path.h"
#include "sys/sys.h"

static long make_at(long dir, long path, const struct vfs_new *what)
{
	struct sys_path p;
	int error = sys_path_get(&p, dir, path);

	if (!error)
		error = vfs_make(p.base, p.text, what, NULL);
	sys_path_put(&p);
	return error;
}

static long mkdir_at(long dir, long path, long mode)
{
	struct vfs_new what = {
	    .mode = S_IFDIR |
		    ((uint32_t)mode & (ABI_S_IALLUGO & ~(S_ISUID | S_ISGID)))};

	return make_at(dir, path, &what);
}

SYSCALL_SLEEP2(mkdir, path, mode)
{
	return mkdir_at(AT_FDCWD, path, mode);
}

SYSCALL_SLEEP3(mkdirat, dir, path, mode)
{
	return mkdir_at(dir, path, mode);
}

static long mknod_at(long dir, long path, long mode, long rdev)
{
	struct vfs_new what = {.mode = (uint32_t)mode, .rdev = (uint32_t)rdev};

	switch (what.mode & S_IFMT) {
	case 0:
		what.mode |= S_IFREG;
		break;
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFSOCK:
		break;
	case S_IFIFO:
		vfs_open_fifo = fifo_open;
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	what.mode &= S_IFMT | ABI_S_IALLUGO;
	return make_at(dir, path, &what);
}

SYSCALL_SLEEP3(mknod, path, mode, rdev)
{
	return mknod_at(AT_FDCWD, path, mode, rdev);
}

SYSCALL_SLEEP4(mknodat, dir, path, mode, rdev)
{
	return mknod_at(dir, path, mode, rdev);
}

static long symlink_at(long target, long dir, long path)
{
	struct vfs_new what = {.mode = S_IFLNK};
	struct sys_path text;
	int error = sys_path_get(&text, AT_FDCWD, target);
	long r;

	what.target = text.text;
	if (!error && !text.text[0])
		error = -ENOENT;
	r = error ? error : make_at(dir, path, &what);
	sys_path_put(&text);
	return r;
}

SYSCALL_SLEEP2(symlink, target, path)
{
	return symlink_at(target, AT_FDCWD, path);
}

SYSCALL_SLEEP3(symlinkat, target, dir, path)
{
	return symlink_at(target, dir, path);
}

static long remove_at(long dir, long path, bool directory)
{
	struct sys_path p;
	int error = sys_path_get(&p, dir, path);

	if (!error)
		error = vfs_remove(p.base, p.text, directory);
	sys_path_put(&p);
	return error;
}

SYSCALL_SLEEP1(rmdir, path)
{
	return remove_at(AT_FDCWD, path, true);
}

SYSCALL_SLEEP1(unlink, path)
{
	return remove_at(AT_FDCWD, path, false);
}

SYSCALL_SLEEP3(unlinkat, dir, path, flags)
{
	if ((int)flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return remove_at(dir, path, flags & AT_REMOVEDIR);
}

static long link_at(long old_dir, long old_path, long new_dir, long new_path,
		    int flags)
{
	unsigned how = flags & AT_SYMLINK_FOLLOW ? VFS_FOLLOW : 0;
	struct inode *inode;
	struct sys_path p;
	int error;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		how |= VFS_EMPTY;
	error = sys_path_lookup(old_dir, old_path, how, &inode);
	if (error)
		return error;
	error = sys_path_get(&p, new_dir, new_path);
	if (!error)
		error = vfs_link(inode, p.base, p.text);
	sys_path_put(&p);
	inode_put(inode);
	return error;
}

SYSCALL_SLEEP2(link, old_path, new_path)
{
	return link_at(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

SYSCALL_SLEEP5(linkat, old_dir, old_path, new_dir, new_path, flags)
{
	return link_at(old_dir, old_path, new_dir, new_path, (int)flags);
}

static long rename_at(long old_dir, long old_path, long new_dir, long new_path,
		      long flags)
{
	struct sys_path from, to;
	int error = sys_path_get(&from, old_dir, old_path);

	if (!error) {
		error = sys_path_get(&to, new_dir, new_path);
		if (!error)
			error = vfs_rename(from.base, from.text, to.base,
					   to.text, (unsigned)flags);
		sys_path_put(&to);
	}
	sys_path_put(&from);
	return error;
}

SYSCALL_SLEEP2(rename, old_path, new_path)
{
	return rename_at(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

SYSCALL_SLEEP4(renameat, old_dir, old_path, new_dir, new_path)
{
	return rename_at(old_dir, old_path, new_dir, new_path, 0);
}

SYSCALL_SLEEP5(renameat2, old_dir, old_path, new_dir, new_path, flags)
{
	return rename_at(old_dir, old_path, new_dir, new_path, flags);
}

/* Of a link: n is 0..VFS_PATH_MAX. */
static long read_link(struct inode *inode, long to, size_t n)
{
	char *text;
	long r;

	if (!inode_is_link(inode) || !inode->ops->read_link)
		return -EINVAL;
	text = heap_alloc(n);
	if (!text)
		return -ENOMEM;
	r = inode->ops->read_link(inode, text, n);
	if (r > 0 && user_write((void *)to, text, (size_t)r))
		r = -EFAULT;
	heap_free(text);
	return r;
}

/* readlink(2): an empty path is the link that an O_PATH descriptor holds. */
static long read_link_at(long dir, long path, long to, long size)
{
	struct inode *inode;
	size_t n = (size_t)size;
	struct sys_path p;
	long r;

	if ((int)size <= 0)
		return -EINVAL;
	r = sys_path_get(&p, dir, path);
	if (!r && !p.base && !p.text[0])
		r = -ENOENT;
	if (!r)
		r = vfs_lookup(p.base, p.text, VFS_EMPTY, &inode);
	if (!r) {
		r = read_link(inode, to, n < VFS_PATH_MAX ? n : VFS_PATH_MAX);
		if (r == -EINVAL && !p.text[0])
			r = -ENOENT;
		inode_put(inode);
	}
	sys_path_put(&p);
	return r;
}

SYSCALL_SLEEP3(readlink, path, to, size)
{
	return read_link_at(AT_FDCWD, path, to, size);
}

SYSCALL_SLEEP4(readlinkat, dir, path, to, size)
{
	return read_link_at(dir, path, to, size);
}

SYSCALL_SLEEP2(truncate, path, size)
{
	struct inode *inode;
	int error;

	if (size < 0)
		return -EINVAL;
	error = sys_path_lookup(AT_FDCWD, path, VFS_FOLLOW, &inode);
	if (error)
		return error;
	error = inode_set_size(inode, (uint64_t)size);
	inode_put(inode);
	return error;
}
