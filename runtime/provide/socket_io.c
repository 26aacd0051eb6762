/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_io.c - sending and receiving on a provider's sockets: the loops that
 * wait, and several buffers as one.
 *
 * A stream's buffers are sent and received one by one, small ones together; a
 * datagram's are always one message.
 */
#include "provide/socket.h"
#include "lib/string.h"

/* Flags that are the layer's own business. */
#define OURS                                                                   \
	((unsigned)(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_WAITALL |                \
		    MSG_CMSG_CLOEXEC | MSG_WAITFORONE))

#define TOGETHER 4096U		 /* bytes, on the stack */
#define DATAGRAM_MAX (16U << 20) /* more than any network takes */

static long network_wait(struct provide_file *f, unsigned events,
			 int64_t timeout)
{
	return socket_table(f)->wait(f->handle, events, timeout);
}

long socket_wait(struct provide_file *f, unsigned events, int64_t deadline)
{
	return stream_wait(f, socket_table(f)->wait ? network_wait : NULL,
			   events, deadline);
}

int64_t socket_deadline(const struct provide_file *f, unsigned flags, bool send)
{
	if (flags & MSG_DONTWAIT || provide_flags(f) & O_NONBLOCK)
		return 0;
	return stream_deadline(__atomic_load_n(
	    send ? &f->stream.send_timeout : &f->stream.receive_timeout,
	    __ATOMIC_RELAXED));
}

/* The data may be NULL if there are none. */
static void *place(const struct socket_data *d, size_t done)
{
	return done ? (char *)d->data + done : d->data;
}

/* One part, waiting for room; -EAGAIN if it may not. */
static long send_part(struct provide_file *f, const struct socket_data *d,
		      size_t done, int64_t deadline)
{
	const struct halvm_network_provider *t = socket_table(f);
	size_t n = d->size - done;
	long r;

	for (;;) {
		r = t->send(f->handle, place(d, done), n, d->flags & ~OURS,
			    d->address, d->address_size);
		r = stream_result(r, n);
		if (r != -EAGAIN)
			return r;
		ready_again(&f->stream.ready, POLLOUT);
		if (!deadline)
			return r;
		r = socket_wait(f, POLLOUT, deadline);
		if (r)
			return r;
	}
}

long socket_send(struct provide_file *f, struct socket_data *d)
{
	int64_t deadline = socket_deadline(f, d->flags, true);
	bool stream = socket_is_stream(f);
	size_t done = 0;
	long r;

	if (!socket_table(f)->send)
		return -EOPNOTSUPP;
	if (stream && !d->size)
		return 0;
	do {
		r = send_part(f, d, done, deadline);
		if (r < 0)
			break;
		if (!stream)
			return r;
		if (!r) {
			r = -EIO;
			break;
		}
		socket_connected(f);
		done += (size_t)r;
		/* Not all of it: no room, for who waits for an edge. */
		if (done < d->size)
			ready_again(&f->stream.ready, POLLOUT);
	} while (done < d->size);
	if (r == -EPIPE && !done && f->stream.type != SOCK_DGRAM &&
	    !(d->flags & MSG_NOSIGNAL))
		stream_broken();
	return done ? (long)done : r;
}

static long receive_part(struct provide_file *f, struct socket_data *d,
			 size_t done, int64_t deadline)
{
	const struct halvm_network_provider *t = socket_table(f);
	size_t n = d->size - done;
	long r;

	for (;;) {
		unsigned flags = d->flags & ~OURS;

		d->address_size = sizeof(*d->address);
		r = t->receive(f->handle, place(d, done), n, &flags, d->address,
			       &d->address_size);
		if (r != -EAGAIN) {
			d->flags_out |= flags & MSG_TRUNC & ~d->flags;
			return r;
		}
		ready_again(&f->stream.ready, POLLIN);
		if (!deadline)
			return r;
		r = socket_wait(f, POLLIN, deadline);
		if (r)
			return r;
	}
}

/* A datagram's result is its real size, for who asks so (MSG_TRUNC). */
static long receive_datagram(struct provide_file *f, struct socket_data *d)
{
	long r = receive_part(f, d, 0, socket_deadline(f, d->flags, false));

	if (r > 0 && (size_t)r > d->size) {
		d->flags_out |= MSG_TRUNC;
		if (!(d->flags & MSG_TRUNC))
			return (long)d->size;
		return stream_result(r, INT32_MAX);
	}
	return stream_result(r, d->size);
}

long socket_receive(struct provide_file *f, struct socket_data *d)
{
	int64_t deadline = socket_deadline(f, d->flags, false);
	bool all = d->flags & MSG_WAITALL && !(d->flags & MSG_PEEK);
	size_t done = 0;
	long r;

	d->flags_out = 0;
	if (!socket_table(f)->receive)
		return -EOPNOTSUPP;
	if (d->flags & MSG_ERRQUEUE)
		return -EAGAIN;
	if (!socket_is_stream(f))
		return receive_datagram(f, d);
	if (!d->size)
		return 0;
	do {
		r = receive_part(f, d, done, deadline);
		r = stream_result(r, d->size - done);
		if (r <= 0)
			break;
		socket_connected(f);
		done += (size_t)r;
		if (done < d->size)
			ready_again(&f->stream.ready, POLLIN);
	} while (all && done < d->size);
	return done ? (long)done : r;
}

/* --- several buffers -- */

/* Copies from (or to) the buffers; all of n fits. */
static void gather(char *to, const struct abi_iovec *v, size_t n)
{
	for (; n; v++) {
		size_t part = v->size < n ? v->size : n;

		if (part)
			memcpy(to, v->base, part);
		to += part;
		n -= part;
	}
}

static void scatter(const struct abi_iovec *v, const char *from, size_t n)
{
	for (; n; v++) {
		size_t part = v->size < n ? v->size : n;

		if (part)
			memcpy(v->base, from, part);
		from += part;
		n -= part;
	}
}

/* The one buffer that isn't empty, or the first; NULL: there are more. */
static const struct abi_iovec *only(const struct abi_iovec *v, unsigned count)
{
	static const struct abi_iovec none;
	const struct abi_iovec *found = NULL;

	for (unsigned i = 0; i < count; i++) {
		if (!v[i].size)
			continue;
		if (found)
			return NULL;
		found = &v[i];
	}
	return found ? found : &none;
}

static long send_together(struct provide_file *f, struct socket_data *d,
			  const struct abi_iovec *v, size_t size)
{
	char few[TOGETHER], *all = few;
	long r;

	if (size > sizeof(few)) {
		if (size > DATAGRAM_MAX)
			return -EMSGSIZE;
		all = provide_alloc(size);
		if (!all)
			return -ENOBUFS;
	}
	gather(all, v, size);
	d->data = all;
	d->size = size;
	r = socket_send(f, d);
	d->data = NULL;
	if (all != few)
		provide_free(all, size);
	return r;
}

static long receive_together(struct provide_file *f, struct socket_data *d,
			     const struct abi_iovec *v, size_t size)
{
	char few[TOGETHER], *all = few;
	long r;

	if (size > DATAGRAM_MAX)
		size = DATAGRAM_MAX;
	if (size > sizeof(few)) {
		all = provide_alloc(size);
		if (!all)
			return -ENOBUFS;
	}
	d->data = all;
	d->size = size;
	r = socket_receive(f, d);
	d->data = NULL;
	if (r > 0)
		scatter(v, all, (size_t)r < size ? (size_t)r : size);
	if (all != few)
		provide_free(all, size);
	return r;
}

typedef long transfer(struct provide_file *f, struct socket_data *d);

/* A stream's: till one isn't done wholly.  Only the first may wait to receive.
 */
static long one_by_one(struct provide_file *f, struct socket_data *d,
		       const struct abi_iovec *v, unsigned count,
		       transfer *move, unsigned later)
{
	long done = 0, r;

	for (unsigned i = 0; i < count; i++) {
		if (!v[i].size)
			continue;
		d->data = v[i].base;
		d->size = v[i].size;
		if (done)
			d->flags |= later;
		r = move(f, d);
		if (r < 0)
			return done ? done : r;
		done += r;
		if ((size_t)r < v[i].size)
			break;
	}
	return done;
}

long socket_send_vector(struct provide_file *f, struct socket_data *d,
			const struct abi_iovec *v, unsigned count)
{
	const struct abi_iovec *one = only(v, count);
	long size = provide_vector_size(v, count);

	if (size < 0)
		return size;
	if (one) {
		d->data = one->base;
		d->size = one->size;
		return socket_send(f, d);
	}
	if (!socket_is_stream(f) || (size_t)size <= TOGETHER)
		return send_together(f, d, v, (size_t)size);
	return one_by_one(f, d, v, count, socket_send, 0);
}

long socket_receive_vector(struct provide_file *f, struct socket_data *d,
			   const struct abi_iovec *v, unsigned count)
{
	const struct abi_iovec *one = only(v, count);
	long size = provide_vector_size(v, count);

	if (size < 0)
		return size;
	if (one) {
		d->data = one->base;
		d->size = one->size;
		return socket_receive(f, d);
	}
	/* A look at what's there must be one look. */
	if (!socket_is_stream(f) || d->flags & MSG_PEEK)
		return receive_together(f, d, v, (size_t)size);
	return one_by_one(f, d, v, count, socket_receive,
			  d->flags & MSG_WAITALL ? 0 : MSG_DONTWAIT);
}
