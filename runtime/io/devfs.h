/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devfs.h - what is in /dev, and what character devices do.
 *
 * A device is known by its number: a node anywhere, made by mknod or the root
 * archive, works like the one in /dev.
 */
#ifndef IO_DEVFS_H
#define IO_DEVFS_H

#include "io/inode.h"

/* Adds the nodes to /dev (ramfs_set_populate). */
void devfs_populate(struct inode *dir);
/* Opens a node of type S_IFCHR.  -ENXIO: no such device. */
int devfs_open(struct inode *inode, uint32_t flags, struct file **file);

#endif
