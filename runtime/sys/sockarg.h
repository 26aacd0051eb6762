/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sockarg.h - arguments of the calls on sockets.
 */
#ifndef SYS_SOCKARG_H
#define SYS_SOCKARG_H

#include "io/socket.h"

/* The socket with a reference; -EBADF, -ENOTSOCK. */
long sockarg_get(long fd, struct file **f);
/* From the program's memory.  -EINVAL (size), -EFAULT. */
long sockarg_read_address(struct socket_address *a, long addr, long size);
/*
 * To the program's, cut to what it has room for; *size_at (an int) in: room,
 * out: the address's full size.  addr 0: nothing to do.
 */
long sockarg_write_address(const struct socket_address *a, long addr,
			   long size_at);

#endif
