/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_unpack.h - a root archive's files into a ramfs.
 */
#ifndef IO_RAMFS_UNPACK_H
#define IO_RAMFS_UNPACK_H

#include "io/inode.h"

/*
 * Unpacks a cpio archive over what is in root, with fs->tree held.  The files'
 * contents stay in the archive.  What can't be unpacked is told in the log
 * and left out; the first such error is returned.
 */
int ramfs_unpack(struct inode *root, const void *data, size_t size);

#endif
