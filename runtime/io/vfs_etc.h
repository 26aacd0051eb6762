/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_etc.h - the files of /etc that libc reads, where the root archive
 * doesn't bring its own.
 */
#ifndef IO_VFS_ETC_H
#define IO_VFS_ETC_H

#include "io/inode.h"

/* Adds them to /etc (ramfs_set_populate). */
void etc_populate(struct inode *dir);

#endif
