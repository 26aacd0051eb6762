/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.c - sockets from a provider: making them, their state, their end.
 */
#include "provide/socket.h"
#include "provide/wrap.h"
#include "lib/string.h"

#define FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)
#define IP_TCP 6       /* IPPROTO_TCP */
#define IP_UDP 17      /* IPPROTO_UDP */
#define NO_DEVICE 0x48 /* st_dev: not a target's */

static const struct halvm_network_provider *network;

/* Families that the provider left to the target: bit n is family n. */
static uint64_t left_alone;

struct provide_file *socket_get(long fd)
{
	struct provide_file *f = provide_get(fd);
	long error = 0;

	if (!f)
		return NULL;
	if (f->kind != PROVIDE_SOCKET)
		error = -ENOTSOCK;
	else if (!socket_table(f)->may_enter())
		error = -EDEADLK;
	if (!error) {
		provide_close_late();
		return f;
	}
	provide_put(f);
	return (struct provide_file *)error;
}

static bool socket_release(struct provide_file *f)
{
	const struct halvm_network_provider *t = socket_table(f);

	halvm_handle h = f->handle;

	ready_close(&f->stream.ready);
	if (h) {
		if (!t->may_enter())
			return false;
		/* At once, as the peer waits for it. */
		__atomic_store_n(&f->handle, 0, __ATOMIC_RELEASE);
		t->close(h);
	}
	/* Who tells just now has no reference. */
	return ready_gone(&f->stream.ready);
}

static long socket_status(struct provide_file *f, struct abi_stat *s)
{
	if (provide_bad((long)s))
		return -EFAULT;
	memset(s, 0, sizeof(*s));
	s->dev = NO_DEVICE;
	s->ino = f->handle;
	s->nlink = 1;
	s->mode = S_IFSOCK | 0777;
	s->block_size = 4096;
	return 0;
}

static unsigned flags_of(const struct provide_io *io)
{
	return io->how & RWF_NOWAIT ? MSG_DONTWAIT : 0;
}

static long socket_read(struct provide_file *f, const struct provide_io *io)
{
	struct socket_data d = {.flags = flags_of(io)};

	if (io->at != PROVIDE_AT_POSITION)
		return -ESPIPE;
	if (!socket_table(f)->may_enter())
		return -EDEADLK;
	/* Unlike recv, read takes nothing into no room, not even a datagram. */
	if (!provide_vector_size(io->vec, io->count))
		return 0;
	return socket_receive_vector(f, &d, io->vec, io->count);
}

static long socket_write(struct provide_file *f, const struct provide_io *io)
{
	struct socket_data d = {.flags = flags_of(io)};

	if (io->at != PROVIDE_AT_POSITION)
		return -ESPIPE;
	if (!socket_table(f)->may_enter())
		return -EDEADLK;
	return socket_send_vector(f, &d, io->vec, io->count);
}

const struct provide_ops provide_socket_ops = {
    .read = socket_read,
    .write = socket_write,
    .release = socket_release,
    .status = socket_status,
    .ioctl = socket_ioctl,
};

/* Asks the provider what is ready: what it told before is lost. */
static void ask(struct provide_file *f)
{
	const struct halvm_network_provider *t = socket_table(f);
	long events;

	if (!t->wait)
		return;
	events = t->wait(f->handle, STREAM_EVERY, 0);
	if (events > 0)
		ready_first(&f->stream.ready, (unsigned)events);
}

/* A descriptor for what the provider has made; flags: SOCK_*.  -errno. */
static long enter(const struct halvm_network_provider *t, halvm_handle h,
		  const struct provide_stream *as, unsigned flags,
		  bool connected)
{
	struct provide_file *f =
	    provide_new(PROVIDE_SOCKET, &provide_socket_ops);
	bool datagrams = as->type != SOCK_STREAM && as->type != SOCK_SEQPACKET;
	long fd;

	if (!f) {
		t->close(h);
		return -ENFILE;
	}
	f->flags = O_RDWR | (flags & SOCK_NONBLOCK ? O_NONBLOCK : 0);
	f->table = t;
	f->stream.family = as->family;
	f->stream.type = as->type;
	f->stream.protocol = as->protocol;
	fd = ready_open(&f->stream.ready, flags, datagrams ? POLLOUT : 0);
	/* From here on it can be told of; and is closed if this fails. */
	__atomic_store_n(&f->handle, h, __ATOMIC_RELEASE);
	if (fd < 0) {
		provide_put(f);
		return fd;
	}
	if (connected)
		socket_connected(f);
	provide_hold(f);
	fd = provide_install(fd, f);
	if (fd >= 0)
		ask(f);
	provide_put(f);
	return fd;
}

void socket_connected(struct provide_file *f)
{
	int type = f->stream.type;

	if (type == SOCK_STREAM || type == SOCK_SEQPACKET)
		ready_final(&f->stream.ready);
}

/* What Linux says of protocol 0 when it is asked later. */
static int protocol_of(int family, int type, int protocol)
{
	if (protocol || (family != AF_INET && family != AF_INET6))
		return protocol;
	return type == SOCK_STREAM ? IP_TCP : type == SOCK_DGRAM ? IP_UDP : 0;
}

WRAP_ALWAYS3(socket, family, type, protocol)
{
	const struct halvm_network_provider *t =
	    __atomic_load_n(&network, __ATOMIC_ACQUIRE);
	struct provide_stream as = {.family = (int)family,
				    .type = (int)type & SOCK_TYPE_MASK,
				    .protocol = (int)protocol};
	uint64_t bit = (unsigned)family < 64 ? 1UL << family : 0;
	halvm_handle h = 0;
	long r;

	if (!t)
		return target(socket, family, type, protocol);
	if ((int)type & ~(SOCK_TYPE_MASK | FLAGS))
		return -EINVAL;
	if (!t->may_enter()) {
		if (__atomic_load_n(&left_alone, __ATOMIC_RELAXED) & bit)
			return target(socket, family, type, protocol);
		return -EDEADLK;
	}
	provide_close_late();
	r = t->socket(as.family, as.type, as.protocol, &h);
	if (r == -EAFNOSUPPORT) {
		__atomic_fetch_or(&left_alone, bit, __ATOMIC_RELAXED);
		return target(socket, family, type, protocol);
	}
	if (r < 0)
		return stream_result(r, 0);
	as.protocol = protocol_of(as.family, as.type, as.protocol);
	return h ? enter(t, h, &as, (unsigned)type & FLAGS, false) : -EIO;
}

static long accept_one(struct provide_file *f, halvm_handle *made,
		       struct abi_sockaddr *peer, uint32_t *size)
{
	const struct halvm_network_provider *t = socket_table(f);
	int64_t deadline = socket_deadline(f, 0, false);
	long r;

	for (;;) {
		*made = 0;
		*size = sizeof(*peer);
		memset(peer, 0, sizeof(*peer));
		r = t->accept(f->handle, made, peer, size);
		if (r >= 0)
			return *made ? 0 : -EIO;
		if (r != -EAGAIN)
			return stream_result(r, 0);
		ready_again(&f->stream.ready, POLLIN);
		if (!deadline)
			return r;
		r = socket_wait(f, POLLIN, deadline);
		if (r)
			return r;
	}
}

static long accept_socket(struct provide_file *f, long address, long size,
			  long flags)
{
	const struct halvm_network_provider *t = socket_table(f);
	struct provide_stream as = {.family = f->stream.family,
				    .type = f->stream.type,
				    .protocol = f->stream.protocol};
	struct abi_sockaddr peer;
	halvm_handle made;
	uint32_t used;
	int32_t room;
	long r;

	if ((int)flags & ~FLAGS)
		return -EINVAL;
	if (!t->accept)
		return -EOPNOTSUPP;
	r = address ? socket_room(address, size, &room) : 0;
	if (!r)
		r = accept_one(f, &made, &peer, &used);
	if (r)
		return r;
	r = enter(t, made, &as, (unsigned)flags, true);
	if (r >= 0 && address)
		socket_address_give(address, size, &peer, used);
	return r;
}

WRAP4(accept4, fd, address, size, flags)
{
	SOCKET_OR_TARGET(f, fd, target(accept4, fd, address, size, flags));
	long r = accept_socket(f, address, size, flags);

	provide_put(f);
	return r;
}

WRAP3(accept, fd, address, size)
{
	SOCKET_OR_TARGET(f, fd, target(accept, fd, address, size));
	long r = accept_socket(f, address, size, 0);

	provide_put(f);
	return r;
}

int halvm_provide_network(const struct halvm_network_provider *table)
{
	const struct halvm_network_provider *none = NULL;

	if (!table || table->abi != HALVM_PROVIDER_ABI || !table->may_enter ||
	    !table->socket || !table->close)
		return -EINVAL;
	return __atomic_compare_exchange_n(&network, &none, table, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)
		   ? 0
		   : -EBUSY;
}
