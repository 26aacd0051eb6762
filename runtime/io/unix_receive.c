/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_receive.c - receiving on AF_UNIX sockets.
 *
 * The socket's lock is held while bytes are copied out, so that readers get
 * whole messages and a stream's bytes in order.
 */
#include "core/process.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/unix_socket.h"
#include "io/waiter.h"

/* What a receive has got so far. */
struct reception {
	struct socket_message *m;
	struct unix_rights *rights; /* for the program */
	size_t done;
	bool ended; /* no more may be added to this one */
};

static struct unix_message *message_of(struct list *node)
{
	return container_of(node, struct unix_message, node);
}

static void take_name(struct socket_message *m, const struct unix_message *from)
{
	if (!m->address)
		return;
	m->address->size = 0;
	if (from->name)
		*m->address = from->name->address;
}

/* Copies from one message; 0 or -EFAULT. */
static int copy(struct reception *r, struct unix_message *from, size_t n)
{
	bool peek = r->m->flags & MSG_PEEK;

	if (uio_write(&r->m->data, from->data + from->done, n))
		return -EFAULT;
	if (r->done == 0)
		take_name(r->m, from);
	r->done += n;
	if (from->rights) {
		r->rights =
		    peek ? unix_rights_copy(from->rights) : from->rights;
		if (!r->rights)
			r->m->flags_out |= MSG_CTRUNC;
		if (!peek)
			from->rights = NULL;
		r->ended = true;
	}
	return 0;
}

/* Whatever a stream has, up to the next message with files. */
static int take_stream(struct unix_socket *s, struct reception *r)
{
	bool peek = r->m->flags & MSG_PEEK;

	list_for_each(node, &s->received)
	{
		struct unix_message *from = message_of(node);
		size_t n = from->size - from->done;

		if (r->m->data.left == 0 || r->ended)
			break;
		if (from->rights && r->done > 0) {
			r->ended = true;
			break;
		}
		if (n > r->m->data.left)
			n = r->m->data.left;
		if (copy(r, from, n))
			return r->done ? 0 : -EFAULT;
		if (peek)
			continue;
		from->done += n;
		if (from->done == from->size) {
			list_remove(node);
			unix_message_free(from);
		}
	}
	return 0;
}

/* One whole message; what doesn't fit is lost. */
static int take_packet(struct unix_socket *s, struct reception *r)
{
	struct unix_message *from = message_of(s->received.next);
	size_t n = from->size;

	if (n > r->m->data.left) {
		n = r->m->data.left;
		r->m->flags_out |= MSG_TRUNC;
	}
	if (copy(r, from, n))
		return -EFAULT;
	if (r->m->flags & MSG_TRUNC)
		r->done = from->size;
	r->ended = true;
	if (!(r->m->flags & MSG_PEEK)) {
		list_remove(&from->node);
		unix_message_free(from);
	}
	return 0;
}

static bool is_complete(const struct unix_socket *s, const struct reception *r)
{
	if (r->ended)
		return true;
	if (r->done == 0)
		return false;
	return r->m->data.left == 0 || !(r->m->flags & MSG_WAITALL) ||
	       (r->m->flags & MSG_PEEK) || s->common.type != SOCK_STREAM;
}

/* There is something, or never will be. */
static bool has_news(struct unix_socket *s)
{
	return __atomic_load_n(&s->received.next, __ATOMIC_ACQUIRE) !=
		   &s->received ||
	       (unix_shut(s) & SHUT_RECEIVE) ||
	       __atomic_load_n(&s->common.error, __ATOMIC_RELAXED);
}

/* s->lock is held, but not while it waits.  0: see r; or -errno. */
static int take(struct unix_socket *s, struct reception *r, uint64_t deadline)
{
	for (;;) {
		int error = 0;

		if (!list_empty(&s->received))
			error = s->common.type == SOCK_STREAM
				    ? take_stream(s, r)
				    : take_packet(s, r);
		if (error || is_complete(s, r))
			return error;
		error = socket_take_error(&s->common);
		if (error || (unix_shut(s) & SHUT_RECEIVE))
			return error;
		if (deadline == 0)
			return -EAGAIN;
		mutex_unlock(&s->lock);
		error = io_wait_deadline(&s->queue, POLLIN | POLLRDHUP,
					 has_news(s), deadline);
		mutex_lock(&s->lock);
		if (error)
			return socket_wait_error(error, deadline);
	}
}

static int put_credentials(struct unix_socket *s, struct socket_message *m)
{
	static const struct abi_ucred sender = {PROCESS_ID, 0, 0};

	if (!m->control_size || !socket_option(&s->common, SO_PASSCRED))
		return 0;
	return socket_put_control(m, SOL_SOCKET, SCM_CREDENTIALS, &sender,
				  sizeof(sender));
}

long unix_receive(struct file *f, struct socket_message *m)
{
	struct unix_socket *s = unix_of(f);
	struct reception r = {.m = m};
	int error;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (m->flags & MSG_ERRQUEUE)
		return -EAGAIN;
	if (!unix_is_datagram(s) &&
	    !__atomic_load_n(&s->connected, __ATOMIC_ACQUIRE))
		return s->common.type == SOCK_STREAM ? -EINVAL : -ENOTCONN;
	if (m->data.left == 0 && s->common.type == SOCK_STREAM)
		return 0;
	mutex_lock(&s->lock);
	error = take(s, &r, socket_deadline(f, m->flags, false));
	mutex_unlock(&s->lock);
	if (error && r.done == 0)
		return error;
	error = r.done || r.ended ? put_credentials(s, m) : 0;
	if (r.rights && !error)
		error = unix_rights_give(m, r.rights);
	else
		unix_rights_drop(r.rights);
	return error ? error : (long)r.done;
}
