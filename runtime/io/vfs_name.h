/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_name.h - changing names, for the parts of the VFS: with dir->fs->tree
 * held.
 */
#ifndef IO_VFS_NAME_H
#define IO_VFS_NAME_H

#include "io/inode.h"

/* May names be added and removed here?  -EROFS, -ENOENT (dir is removed). */
int vfs_can_change(const struct inode *dir);
/* The name is free; applies the umask. */
int vfs_create_held(struct inode *dir, struct vfs_name name,
		    const struct vfs_new *what, struct inode **made);

#endif
