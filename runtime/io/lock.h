/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lock.h - advisory locks: flock(2), and fcntl(2)'s locks of ranges.
 *
 * flock's and those of F_OFD_* belong to an open file, F_SETLK's to the
 * process: as there is only one, they conflict with F_OFD_* locks alone.
 * Files without an inode can't be locked by two: every lock succeeds.
 */
#ifndef IO_LOCK_H
#define IO_LOCK_H

#include <stdint.h>
#include "halvm/abi/fcntl.h"
#include "io/file.h"

/* LOCK_*.  0, -EWOULDBLOCK, -EINVAL, -ERESTARTSYS, -ENOMEM. */
int lock_file(struct file *f, int operation);
/*
 * F_GETLK, F_SETLK, F_SETLKW and their F_OFD_ kin, on a copy of the program's
 * struct flock, which F_GETLK changes.  -EAGAIN, -EBADF (not open for that),
 * -EINVAL, -EOVERFLOW, -ERESTARTSYS, -ENOMEM.
 */
int lock_range(struct file *f, int request, struct abi_flock *range);
/* A descriptor is being closed: the process's locks on its file go. */
void lock_descriptor_closed(struct file *f);
/* The last reference to an open file goes; called by the file's release. */
void lock_file_released(struct file *f);

struct inode;
/* No reference to the inode is left. */
void lock_inode_released(struct inode *inode);

#endif
