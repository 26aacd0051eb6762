/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fifo.h - pipes with a name (fifo(7)).
 */
#ifndef IO_FIFO_H
#define IO_FIFO_H

#include "io/file.h"

struct inode;

/*
 * Opens the FIFO that the inode is; for vfs_open_fifo.  Waits for the other
 * end as POSIX says: -ENXIO (to write, O_NONBLOCK, no reader), -ERESTARTSYS,
 * -ENOMEM.
 */
int fifo_open(struct inode *inode, uint32_t flags, struct file **file);

#endif
