/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * path.h - paths as system calls get them: a directory's descriptor and a
 * string of the program's.
 *
 *	struct sys_path p;
 *	int error = sys_path_get(&p, AT_FDCWD, user_path);
 *	if (!error)
 *		error = vfs_...(p.base, p.text, ...);
 *	sys_path_put(&p);
 */
#ifndef SYS_PATH_H
#define SYS_PATH_H

#include "io/vfs.h"

#define SYS_PATH_SHORT 160 /* longer ones are kept on the heap */

struct sys_path {
	struct inode *base; /* referenced; NULL with an absolute path */
	struct file *file;  /* what the descriptor stands for, or NULL */
	char *text;
	char buf[SYS_PATH_SHORT];
};

/*
 * -EFAULT, -ENAMETOOLONG, -EBADF, -ENOTDIR (a relative path and no directory),
 * -ENOMEM.  sys_path_put is called also after an error.
 */
int sys_path_get(struct sys_path *p, long dir, long user_path);
void sys_path_put(struct sys_path *p);

/* Get, look up (VFS_*) and put. */
int sys_path_lookup(long dir, long user_path, unsigned flags,
		    struct inode **found);

/* The inode of an open descriptor: -EBADF, -EINVAL if it has none. */
int sys_fd_inode(long fd, struct inode **inode);

#endif
