/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_dir.h - open directories.
 */
#ifndef IO_VFS_DIR_H
#define IO_VFS_DIR_H

#include "io/inode.h"

int vfs_open_directory(struct inode *inode, uint32_t flags, struct file **file);

/*
 * getdents of any file: entries from f->pos on, which the caller guards.
 * -ENOTDIR; -ENOENT: the directory is removed.
 */
int vfs_list(struct file *f, struct directory_sink *sink);

#endif
