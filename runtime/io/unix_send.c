/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_send.c - sending on AF_UNIX sockets.
 *
 * What a socket has sent and nobody has received counts against its own send
 * buffer, as on Linux; it may send while there is less than that.  See
 * unix_socket.h for the locks.
 */
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/unix_socket.h"
#include "io/waiter.h"

/*
 * A stream's data go in pieces; with its head one takes whole pages, or a
 * single one where memory is in pieces too.
 */
#define PIECE (16384 - sizeof(struct unix_message))
#define PIECE_LEAST (4096 - sizeof(struct unix_message))

static uint32_t charge_of(size_t size)
{
	return (uint32_t)(size + sizeof(struct unix_message));
}

static bool has_room(const struct unix_socket *s)
{
	return __atomic_load_n(&s->in_flight, __ATOMIC_ACQUIRE) <
	       __atomic_load_n(&s->common.send_buffer, __ATOMIC_RELAXED);
}

struct unix_rights *unix_message_free(struct unix_message *m)
{
	struct unix_rights *r = m->rights;
	struct unix_socket *from = m->from;
	uint32_t charge = charge_of(m->size);
	uint32_t left =
	    __atomic_sub_fetch(&from->in_flight, charge, __ATOMIC_ACQ_REL);

	if (left <= from->common.send_buffer / 2)
		file_wake(&from->queue, POLLOUT | POLLWRNORM);
	unix_name_put(m->name);
	unix_put(from);
	heap_free(m);
	return r;
}

static int wait_for_room(struct unix_socket *s, uint64_t deadline)
{
	int error;

	while (!has_room(s)) {
		if (unix_shut(s) & SHUT_SEND)
			return 0;
		if (deadline == 0)
			return -EAGAIN;
		error = io_wait_deadline(
		    &s->queue, POLLOUT,
		    has_room(s) || (unix_shut(s) & SHUT_SEND), deadline);
		if (error)
			return socket_wait_error(error, deadline);
	}
	return 0;
}

/* A message with `size` bytes from `data`; NULL with *error. */
static struct unix_message *make(struct unix_socket *s, struct uio *data,
				 size_t size, int *error)
{
	struct unix_message *m = heap_alloc(sizeof(*m) + size);

	*error = -ENOBUFS;
	if (!m)
		return NULL;
	*error = uio_read(m->data, data, size);
	if (*error) {
		heap_free(m);
		return NULL;
	}
	m->rights = NULL;
	m->size = size;
	m->done = 0;
	m->from = s;
	unix_get(s);
	mutex_lock(&s->lock);
	m->name = s->name;
	if (m->name)
		unix_name_get(m->name);
	mutex_unlock(&s->lock);
	__atomic_fetch_add(&s->in_flight, charge_of(size), __ATOMIC_ACQ_REL);
	return m;
}

/* -EPIPE if nobody will read it, -ECONNREFUSED if the socket has gone. */
static int append(struct unix_socket *to, struct unix_message *m)
{
	int error = 0;

	mutex_lock(&to->lock);
	if (to->dead)
		error = unix_is_datagram(to) ? -ECONNREFUSED : -EPIPE;
	else if (to->shut & SHUT_RECEIVE)
		error = -EPIPE;
	else
		list_append(&to->received, &m->node);
	mutex_unlock(&to->lock);
	if (!error)
		file_wake(&to->queue, POLLIN | POLLRDNORM);
	return error;
}

/* *rights becomes NULL if the message took them. */
static int send_one(struct unix_socket *s, struct unix_socket *to,
		    struct socket_message *out, size_t size,
		    struct unix_rights **rights, uint64_t deadline)
{
	struct uio before = out->data;
	struct unix_message *m;
	int error = wait_for_room(s, deadline);

	if (error)
		return error;
	if (unix_shut(s) & SHUT_SEND)
		return -EPIPE;
	m = make(s, &out->data, size, &error);
	if (!m)
		return error;
	m->rights = *rights;
	error = append(to, m);
	if (error) {
		m->rights = NULL;
		unix_message_free(m);
		out->data = before;
		return error;
	}
	*rights = NULL;
	return 0;
}

static long send_stream(struct unix_socket *s, struct unix_socket *to,
			struct socket_message *m, struct unix_rights **rights,
			uint64_t deadline)
{
	size_t total = m->data.left, piece = s->common.send_buffer / 2;
	int error = 0;

	if (piece > PIECE)
		piece = PIECE;
	while (!error && m->data.left > 0) {
		size_t part = piece < m->data.left ? piece : m->data.left;

		error = send_one(s, to, m, part, rights, deadline);
		if (error == -ENOBUFS && part > PIECE_LEAST) {
			piece = PIECE_LEAST;
			error = 0;
		}
	}
	return m->data.left < total ? (long)(total - m->data.left) : error;
}

/* The one the message is for, with a reference. */
static int find_receiver(struct unix_socket *s, const struct socket_message *m,
			 struct unix_socket **to)
{
	bool named = m->address && m->address->size > 0;
	int error;

	if (named && s->common.type == SOCK_STREAM)
		return __atomic_load_n(&s->connected, __ATOMIC_ACQUIRE)
			   ? -EISCONN
			   : -EOPNOTSUPP;
	if (!named || s->common.type == SOCK_SEQPACKET) {
		*to = unix_peer(s);
		return *to ? 0 : -ENOTCONN;
	}
	error = unix_find(m->address, to);
	if (error)
		return error;
	if ((*to)->common.type != s->common.type)
		error = -EPROTOTYPE;
	/* One that is connected takes messages of its peer only. */
	else if (__atomic_load_n(&(*to)->peer, __ATOMIC_RELAXED) &&
		 __atomic_load_n(&(*to)->peer, __ATOMIC_RELAXED) != s)
		error = -EPERM;
	if (error)
		unix_put(*to);
	return error;
}

static long send_to(struct file *f, struct unix_socket *to,
		    struct socket_message *m, struct unix_rights **rights)
{
	struct unix_socket *s = unix_of(f);
	uint64_t deadline = socket_deadline(f, m->flags, true);
	size_t size = m->data.left;
	int error;

	if (s->common.type == SOCK_STREAM)
		return send_stream(s, to, m, rights, deadline);
	if (size > s->common.send_buffer - sizeof(struct unix_message))
		return -EMSGSIZE;
	error = send_one(s, to, m, size, rights, deadline);
	return error ? error : (long)size;
}

long unix_send(struct file *f, struct socket_message *m)
{
	struct unix_socket *s = unix_of(f), *to;
	struct unix_rights *rights = NULL;
	long r;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	r = unix_shut(s) & SHUT_SEND ? 0 : socket_take_error(&s->common);
	if (!r)
		r = unix_rights_parse(&m->sent, &rights);
	if (r)
		return r;
	r = unix_shut(s) & SHUT_SEND ? -EPIPE : find_receiver(s, m, &to);
	if (!r) {
		r = send_to(f, to, m, &rights);
		unix_put(to);
	}
	unix_rights_drop(rights);
	if (r == -EPIPE && !unix_is_datagram(s) && !(m->flags & MSG_NOSIGNAL))
		signal_send(thread_current(), ABI_SIGPIPE, NULL);
	return r;
}
