/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll.h - sets of files to wait for (epoll(7)).
 *
 * The functions take files of epoll_new (epoll_is) with the caller's
 * reference.
 */
#ifndef IO_EPOLL_H
#define IO_EPOLL_H

#include "halvm/abi/epoll.h"
#include "io/file.h"

/* NULL: no memory. */
struct file *epoll_new(void);
bool epoll_is(const struct file *f);

/*
 * fd is only a name: an entry is of a file and the number it was added by.
 * 0 or -EEXIST, -ENOENT, -EINVAL, -ELOOP, -EPERM (a file whose readiness never
 * changes), -ENOMEM.
 */
int epoll_add(struct file *set, struct file *f, int fd,
	      const struct abi_epoll_event *event);
int epoll_change(struct file *set, struct file *f, int fd,
		 const struct abi_epoll_event *event);
int epoll_delete(struct file *set, struct file *f, int fd);

/*
 * Writes at most max > 0 events to the program's memory: how many, 0 at the
 * deadline (0: doesn't wait), -EINTR, -EFAULT.
 */
long epoll_collect(struct file *set, struct abi_epoll_event *to, unsigned max,
		   uint64_t deadline);

#endif
