/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * path.c - paths as system calls get them.
 */
#include "sys/path.h"
#include "arch/user.h"
#include "core/heap.h"
#include "io/file.h"

static int read_text(struct sys_path *p, const char *user)
{
	long n = user_read_string(p->buf, user, sizeof(p->buf));

	p->text = p->buf;
	if (n == -ENAMETOOLONG) {
		p->text = heap_alloc(VFS_PATH_MAX);
		if (!p->text)
			return -ENOMEM;
		n = user_read_string(p->text, user, VFS_PATH_MAX);
	}
	return n < 0 ? (int)n : 0;
}

static int find_base(struct sys_path *p, int dir)
{
	if (p->text[0] == '/')
		return 0;
	if (dir == AT_FDCWD) {
		p->base = vfs_cwd();
		return p->base ? 0 : -ENOMEM;
	}
	p->file = fd_get(dir);
	if (!p->file)
		return -EBADF;
	if (p->file->inode)
		p->base = inode_get(p->file->inode);
	return p->base || !p->text[0] ? 0 : -ENOTDIR;
}

int sys_path_get(struct sys_path *p, long dir, long user_path)
{
	int error;

	p->base = NULL;
	p->file = NULL;
	p->text = NULL;
	error = read_text(p, (const char *)user_path);
	return error ? error : find_base(p, (int)dir);
}

void sys_path_put(struct sys_path *p)
{
	inode_put(p->base);
	if (p->file)
		file_put(p->file);
	if (p->text != p->buf)
		heap_free(p->text);
}

int sys_path_lookup(long dir, long user_path, unsigned flags,
		    struct inode **found)
{
	struct sys_path p;
	int error = sys_path_get(&p, dir, user_path);

	if (!error && !p.text[0] && !p.base)
		error = flags & VFS_EMPTY ? -EBADF : -ENOENT;
	if (!error)
		error = vfs_lookup(p.base, p.text, flags, found);
	sys_path_put(&p);
	return error;
}

int sys_fd_inode(long fd, struct inode **inode)
{
	struct file *f = fd_get_open((int)fd);
	int error = 0;

	if (!f)
		return -EBADF;
	if (f->inode)
		*inode = inode_get(f->inode);
	else
		error = -EINVAL;
	file_put(f);
	return error;
}
