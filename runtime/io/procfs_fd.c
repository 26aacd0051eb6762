/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs_fd.c - links of /proc/self that aren't paths: fd/N and cwd.
 *
 * They lead to the inode itself, whatever its name is now.  A file without an
 * inode (a pipe, the console) gets one that stands for it for as long as the
 * link is used; opening that gives the same open file again.
 */
#include "core/heap.h"
#include "io/devfs.h"
#include "io/file.h"
#include "io/procfs_node.h"
#include "io/vfs.h"
#include "lib/format.h"
#include "lib/string.h"

/* An inode that stands for an open file. */
struct stand_in {
	struct inode inode; /* first */
	struct file *file;  /* referenced */
};

static struct file *file_of(struct inode *inode)
{
	return ((struct stand_in *)inode)->file;
}

static int stand_in_open(struct inode *inode, uint32_t flags,
			 struct file **file)
{
	(void)flags;
	*file = file_of(inode);
	file_get(*file);
	return 0;
}

static void stand_in_stat(struct inode *inode, struct abi_stat *st)
{
	vfs_file_stat(file_of(inode), st);
}

static void stand_in_release(struct inode *inode)
{
	file_put(file_of(inode));
	heap_free(inode);
}

static const struct inode_ops stand_in_ops = {
    .open = stand_in_open,
    .stat = stand_in_stat,
    .release = stand_in_release,
};

static int fd_follow(struct inode *inode, struct inode **to)
{
	struct file *f = fd_get(proc_of(inode)->number);
	struct stand_in *s;

	if (!f)
		return -ENOENT;
	if (f->inode) {
		*to = inode_get(f->inode);
		file_put(f);
		return 0;
	}
	s = heap_zalloc(sizeof(*s));
	if (!s) {
		file_put(f);
		return -ENOMEM;
	}
	inode_init(&s->inode, &stand_in_ops, inode->fs, 0, inode->ctime);
	s->inode.links = 1;
	s->file = f;
	*to = &s->inode;
	return 0;
}

/* What a file without an inode is called (proc(5), /proc/pid/fd). */
static size_t describe(struct file *f, char *to, size_t size)
{
	struct abi_stat st;

	if (vfs_file_stat(f, &st))
		st.mode = 0;
	switch (st.mode & S_IFMT) {
	case S_IFCHR:
		return format(to, size, "/dev/" TTY_NAME);
	case S_IFIFO:
		return format(to, size, "pipe:[%lu]", st.ino);
	case S_IFSOCK:
		return format(to, size, "socket:[%lu]", st.ino);
	}
	return format(to, size, "anon_inode:[file]");
}

static long path_of(struct inode *inode, char *to, size_t size)
{
	char *path = heap_alloc(VFS_PATH_MAX);
	long n;

	if (!path)
		return -ENOMEM;
	n = vfs_path_of(inode, path, VFS_PATH_MAX);
	if (n == -ENOENT)
		n = (long)string_copy(path, "(deleted)", VFS_PATH_MAX);
	if (n > 0) {
		n = n < (long)size ? n : (long)size;
		memcpy(to, path, (size_t)n);
	}
	heap_free(path);
	return n == -ERANGE ? -ENAMETOOLONG : n;
}

static long fd_read_link(struct inode *inode, char *to, size_t size)
{
	struct file *f = fd_get(proc_of(inode)->number);
	char text[64];
	long n;

	if (!f)
		return -ENOENT;
	if (f->inode) {
		n = path_of(f->inode, to, size);
	} else {
		n = (long)describe(f, text, sizeof(text));
		n = n < (long)size ? n : (long)size;
		memcpy(to, text, (size_t)n);
	}
	file_put(f);
	return n;
}

const struct inode_ops procfs_fd_ops = {
    .name_of = proc_name_of,
    .read_link = fd_read_link,
    .follow = fd_follow,
    .release = proc_release,
};

static int cwd_follow(struct inode *inode, struct inode **to)
{
	(void)inode;
	*to = vfs_cwd();
	return *to ? 0 : -ENOMEM;
}

static long cwd_read_link(struct inode *inode, char *to, size_t size)
{
	struct inode *cwd = vfs_cwd();
	long n = cwd ? path_of(cwd, to, size) : -ENOMEM;

	(void)inode;
	inode_put(cwd);
	return n;
}

const struct inode_ops procfs_cwd_ops = {
    .name_of = proc_name_of,
    .read_link = cwd_read_link,
    .follow = cwd_follow,
    .release = proc_release,
};
