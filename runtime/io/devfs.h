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

/*
 * What stat says of the console, whether it is opened by its name or was there
 * at the start: as the first serial line of Linux, /dev/ttyS0.
 */
#define TTY_NAME "ttyS0"
#define TTY_RDEV ABI_DEV(4, 64)
#define TTY_DEVICE ABI_DEV(0, 5)
#define TTY_INODE 64

/* Adds the nodes to /dev (ramfs_set_populate). */
void devfs_populate(struct inode *dir);
/* Opens a node of type S_IFCHR.  -ENXIO: no such device. */
int devfs_open(struct inode *inode, uint32_t flags, struct file **file);
/* Of a device node: what it says of itself. */
void devfs_stat(struct inode *inode, struct abi_stat *st);

#endif
