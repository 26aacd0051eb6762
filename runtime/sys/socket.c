/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.c - socket(2), socketpair(2), bind(2) and others, up to connected
 * sockets and their options.  The families do the work (io/socket.h).
 */
#include "arch/user.h"
#include "io/socket.h"
#include "io/unix.h"
#include "sys/pair.h"
#include "sys/sockarg.h"
#include "sys/sys.h"

/* The largest option value that any family has. */
#define OPTION_MAX 256

/* The family and, in *type, the bare type. */
static long find_family(long family, long *type,
			const struct socket_family **found)
{
	if (*type & ~(SOCK_TYPE_MASK | SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	*type &= SOCK_TYPE_MASK;
	*found = (int)family == AF_UNIX ? &unix_family
					: socket_family_find((int)family);
	return *found ? 0 : -EAFNOSUPPORT;
}

SYSCALL_SLEEP3(socket, family, type_flags, protocol)
{
	const struct socket_family *found;
	long type = type_flags;
	struct file *f;
	long error = find_family(family, &type, &found);

	if (!error)
		error = found->create((int)type, (int)protocol,
				      (uint32_t)type_flags & SOCK_NONBLOCK, &f);
	return error ? error : fd_install(f, 0, type_flags & SOCK_CLOEXEC);
}

SYSCALL_SLEEP4(socketpair, family, type_flags, protocol, fds)
{
	const struct socket_family *found;
	long type = type_flags;
	struct file *end[2];
	long error = find_family(family, &type, &found);

	if (error)
		return error;
	if (!found->pair)
		return -EOPNOTSUPP;
	error = found->pair((int)type, (int)protocol,
			    (uint32_t)type_flags & SOCK_NONBLOCK, end);
	if (error)
		return error;
	return pair_install(end, (int *)fds, type_flags & SOCK_CLOEXEC);
}

/* bind and connect. */
static long with_address(long fd, long addr, long size, bool connects)
{
	struct socket_address a;
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = sockarg_read_address(&a, addr, size);
	if (!r) {
		const struct socket_ops *ops = f->ops->socket;
		int (*fn)(struct file *, const struct socket_address *) =
		    connects ? ops->connect : ops->bind;

		r = fn ? fn(f, &a) : -EOPNOTSUPP;
	}
	file_put(f);
	return r;
}

SYSCALL_SLEEP3(bind, fd, addr, size)
{
	return with_address(fd, addr, size, false);
}

SYSCALL_SLEEP3(connect, fd, addr, size)
{
	return with_address(fd, addr, size, true);
}

SYSCALL_SLEEP2(listen, fd, backlog)
{
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = f->ops->socket->listen ? f->ops->socket->listen(f, (int)backlog)
				   : -EOPNOTSUPP;
	file_put(f);
	return r;
}

/* The number is there before a connection is taken, so that none is lost. */
static long accept_into(struct file *f, int fd, long addr, long size_at,
			long flags)
{
	struct socket_address peer;
	struct file *made;
	long r;

	if (!f->ops->socket->accept)
		return -EOPNOTSUPP;
	r = f->ops->socket->accept(f, (uint32_t)flags & SOCK_NONBLOCK, &made,
				   &peer);
	if (r)
		return r;
	r = sockarg_write_address(&peer, addr, size_at);
	if (r) {
		file_put(made);
		return r;
	}
	fd_fill(fd, made, flags & SOCK_CLOEXEC);
	return fd;
}

static long accept(long fd, long addr, long size_at, long flags)
{
	struct file *f;
	long r;
	int new_fd;

	if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	r = sockarg_get(fd, &f);
	if (r)
		return r;
	new_fd = fd_reserve(0);
	r = new_fd < 0 ? new_fd : accept_into(f, new_fd, addr, size_at, flags);
	if (new_fd >= 0 && r < 0)
		fd_unreserve(new_fd);
	file_put(f);
	return r;
}

SYSCALL_SLEEP3(accept, fd, addr, size_at)
{
	return accept(fd, addr, size_at, 0);
}

SYSCALL_SLEEP4(accept4, fd, addr, size_at, flags)
{
	return accept(fd, addr, size_at, flags);
}

static long get_name(long fd, bool of_peer, long addr, long size_at)
{
	struct socket_address a;
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = f->ops->socket->name(f, of_peer, &a);
	file_put(f);
	if (r)
		return r;
	return addr ? sockarg_write_address(&a, addr, size_at) : -EFAULT;
}

SYSCALL_SLEEP3(getsockname, fd, addr, size_at)
{
	return get_name(fd, false, addr, size_at);
}

SYSCALL_SLEEP3(getpeername, fd, addr, size_at)
{
	return get_name(fd, true, addr, size_at);
}

SYSCALL_SLEEP2(shutdown, fd, how)
{
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = f->ops->socket->shutdown(f, (int)how);
	file_put(f);
	return r;
}

SYSCALL_SLEEP5(setsockopt, fd, level, name, value, size)
{
	char buf[OPTION_MAX];
	uint32_t n = (uint32_t)size;
	struct file *f;
	long r;

	if ((int)size < 0)
		return -EINVAL;
	if (n > sizeof(buf))
		n = sizeof(buf);
	r = sockarg_get(fd, &f);
	if (r)
		return r;
	r = user_read(buf, (const void *)value, n);
	if (!r)
		r = socket_set_option(f, (int)level, (int)name, buf, n);
	file_put(f);
	return r;
}

SYSCALL_SLEEP5(getsockopt, fd, level, name, value, size_at)
{
	char buf[OPTION_MAX];
	uint32_t n;
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = user_read(&n, (const void *)size_at, sizeof(n));
	if (!r && (int)n < 0)
		r = -EINVAL;
	if (!r) {
		n = n < sizeof(buf) ? n : sizeof(buf);
		r = socket_get_option(f, (int)level, (int)name, buf, &n);
	}
	if (!r)
		r = user_write((void *)value, buf, n);
	if (!r)
		r = user_write((void *)size_at, &n, sizeof(n));
	file_put(f);
	return r;
}
