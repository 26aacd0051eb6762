/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * procfs.h - what programs read of /proc (proc(5)).
 */
#ifndef IO_PROCFS_H
#define IO_PROCFS_H

#include "io/inode.h"

/* The root directory, with a reference for who mounts it. */
struct inode *procfs_root(void);

#endif
