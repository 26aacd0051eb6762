/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_address.c - addresses of sockets, and the calls that are about them.
 */
#include "provide/socket.h"
#include "provide/wrap.h"
#include "lib/string.h"

/* Linux takes an IPv6 address without its scope (RFC 2133), too. */
#define IN_SIZE 16U
#define IN6_SIZE 28U
#define IN6_SIZE_OLD 24U

int socket_address_in(struct abi_sockaddr *to, uint32_t *used, long from,
		      long size)
{
	memset(to, 0, sizeof(*to));
	*used = (uint32_t)size;
	if ((int)size < (int)sizeof(to->family) || (int)size > (int)sizeof(*to))
		return -EINVAL;
	if (provide_bad(from))
		return -EFAULT;
	memcpy(to, (const void *)from, *used);
	if (to->family == AF_INET6) {
		if (*used < IN6_SIZE_OLD)
			return -EINVAL;
		*used = *used < IN6_SIZE ? IN6_SIZE : *used;
	} else if (to->family == AF_INET && *used < IN_SIZE) {
		return -EINVAL;
	}
	return 0;
}

int socket_room(long to, long room, int32_t *n)
{
	if (provide_bad(to) || provide_bad(room))
		return -EFAULT;
	memcpy(n, (const void *)room, sizeof(*n));
	return *n < 0 ? -EINVAL : 0;
}

void socket_address_out(long to, int32_t *room, const struct abi_sockaddr *from,
			uint32_t size)
{
	if (size > sizeof(*from))
		size = sizeof(*from);
	memcpy((void *)to, from,
	       size < (uint32_t)*room ? size : (uint32_t)*room);
	*room = (int32_t)size;
}

int socket_address_give(long to, long room, const struct abi_sockaddr *from,
			uint32_t size)
{
	int32_t n;
	int error = socket_room(to, room, &n);

	if (error)
		return error;
	socket_address_out(to, &n, from, size);
	memcpy((void *)room, &n, sizeof(n));
	return 0;
}

static long get_name(struct provide_file *f, int of_peer, long to, long room)
{
	const struct halvm_network_provider *t = socket_table(f);
	struct abi_sockaddr name;
	uint32_t size = sizeof(name);
	int32_t n;
	long r = socket_room(to, room, &n);

	if (r)
		return r;
	if (!t->name)
		return -EOPNOTSUPP;
	memset(&name, 0, sizeof(name));
	r = stream_result(t->name(f->handle, of_peer, &name, &size), 0);
	return r ? r : socket_address_give(to, room, &name, size);
}

WRAP3(getsockname, fd, to, room)
{
	SOCKET_OR_TARGET(f, fd, target(getsockname, fd, to, room));
	long r = get_name(f, 0, to, room);

	provide_put(f);
	return r;
}

WRAP3(getpeername, fd, to, room)
{
	SOCKET_OR_TARGET(f, fd, target(getpeername, fd, to, room));
	long r = get_name(f, 1, to, room);

	provide_put(f);
	return r;
}

WRAP3(bind, fd, from, size)
{
	SOCKET_OR_TARGET(f, fd, target(bind, fd, from, size));
	const struct halvm_network_provider *t = socket_table(f);
	struct abi_sockaddr a;
	uint32_t used;
	long r = socket_address_in(&a, &used, from, size);

	if (!r)
		r = t->bind ? stream_result(t->bind(f->handle, &a, used), 0)
			    : -EOPNOTSUPP;
	provide_put(f);
	return r;
}

WRAP2(listen, fd, backlog)
{
	SOCKET_OR_TARGET(f, fd, target(listen, fd, backlog));
	const struct halvm_network_provider *t = socket_table(f);
	long r = t->listen
		     ? stream_result(t->listen(f->handle, (int)backlog), 0)
		     : -EOPNOTSUPP;

	if (!r)
		__atomic_fetch_or(&f->stream.state, SOCKET_LISTENING,
				  __ATOMIC_RELAXED);
	provide_put(f);
	return r;
}

WRAP2(shutdown, fd, how)
{
	SOCKET_OR_TARGET(f, fd, target(shutdown, fd, how));
	const struct halvm_network_provider *t = socket_table(f);
	long r = -EINVAL;

	if ((int)how >= SHUT_RD && (int)how <= SHUT_RDWR)
		r = t->shutdown
			? stream_result(t->shutdown(f->handle, (int)how), 0)
			: -EOPNOTSUPP;
	provide_put(f);
	return r;
}

/* connect was left to itself, or an earlier one is under way. */
static long finish_connect(struct provide_file *f, long state)
{
	int64_t deadline = socket_deadline(f, 0, true);
	long r;
	int error;

	if (!deadline)
		return state;
	r = socket_wait(f, POLLOUT, deadline);
	if (r)
		/* As on Linux: it goes on. */
		return r == -EAGAIN ? state : r;
	error = socket_error(f);
	if (error)
		return -error;
	socket_connected(f);
	return 0;
}

static long connect_to(struct provide_file *f, const struct abi_sockaddr *a,
		       uint32_t size)
{
	const struct halvm_network_provider *t = socket_table(f);
	long r;

	if (!t->connect)
		return -EOPNOTSUPP;
	/* First, as the provider may tell at once that it's done. */
	ready_connecting(&f->stream.ready, true);
	r = stream_result(t->connect(f->handle, a, size), 0);
	if (r == -EINPROGRESS || r == -EALREADY)
		return finish_connect(f, r);
	if (r == 0 && a->family != AF_UNSPEC)
		socket_connected(f);
	else
		ready_connecting(&f->stream.ready, false);
	return r;
}

WRAP3(connect, fd, from, size)
{
	SOCKET_OR_TARGET(f, fd, target(connect, fd, from, size));
	struct abi_sockaddr a;
	uint32_t used;
	long r = socket_address_in(&a, &used, from, size);

	if (!r)
		r = connect_to(f, &a, used);
	provide_put(f);
	return r;
}
