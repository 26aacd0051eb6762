/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sockarg.c - arguments of the calls on sockets.
 */
#include "sys/sockarg.h"
#include "arch/user.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

long sockarg_get(long fd, struct file **f)
{
	*f = fd_get_open((int)fd);
	if (!*f)
		return -EBADF;
	if ((*f)->ops->socket)
		return 0;
	file_put(*f);
	return -ENOTSOCK;
}

long sockarg_read_address(struct socket_address *a, long addr, long size)
{
	if ((int)size < 0 || (unsigned)size > sizeof(a->addr))
		return -EINVAL;
	memset(a, 0, sizeof(*a));
	a->size = (unsigned)size;
	return user_read(&a->addr, (const void *)addr, a->size);
}

long sockarg_write_address(const struct socket_address *a, long addr,
			   long size_at)
{
	int room, size = (int)a->size;

	if (!addr)
		return 0;
	if (user_read(&room, (const void *)size_at, sizeof(room)))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	if (room > size)
		room = size;
	if (user_write((void *)addr, &a->addr, (size_t)room))
		return -EFAULT;
	return user_write((void *)size_at, &size, sizeof(size));
}
