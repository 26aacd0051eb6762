/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_connect.c - listening, connecting, accepting.
 *
 * connect makes the server's socket, links both, and puts it into the
 * listener's backlog: it is done when there is room, not when it is accepted
 * (unix(7)).  `connecting` keeps a second connect out.
 */
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/unix_socket.h"
#include "io/waiter.h"

int unix_listen(struct file *f, int backlog)
{
	struct unix_socket *s = unix_of(f);
	int error = 0;

	if (unix_is_datagram(s))
		return -EOPNOTSUPP;
	mutex_lock(&s->lock);
	if (!s->name || s->connected || s->connecting) {
		error = -EINVAL;
	} else {
		s->backlog_max = backlog < 0 || backlog > SOMAXCONN
				     ? SOMAXCONN
				     : (unsigned)backlog;
		__atomic_store_n(&s->common.listening, true, __ATOMIC_RELEASE);
	}
	mutex_unlock(&s->lock);
	if (!error)
		file_wake(&s->queue, POLLOUT);
	return error;
}

static bool backlog_has_room(struct unix_socket *s)
{
	return __atomic_load_n(&s->backlog_used, __ATOMIC_ACQUIRE) <=
		   __atomic_load_n(&s->backlog_max, __ATOMIC_RELAXED) ||
	       __atomic_load_n(&s->dead, __ATOMIC_ACQUIRE);
}

/* 0: `made` is in the backlog; 1: it is full; or -errno. */
static int offer(struct unix_socket *listener, struct unix_socket *made)
{
	int r = 0;

	mutex_lock(&listener->lock);
	if (listener->dead || !listener->common.listening ||
	    (listener->shut & SHUT_RECEIVE)) {
		r = -ECONNREFUSED;
	} else if (!backlog_has_room(listener)) {
		r = 1;
	} else {
		made->name = listener->name;
		unix_name_get(made->name);
		list_append(&listener->backlog, &made->backlog_node);
		__atomic_store_n(&listener->backlog_used,
				 listener->backlog_used + 1, __ATOMIC_RELEASE);
	}
	mutex_unlock(&listener->lock);
	if (r == 0)
		file_wake(&listener->queue, POLLIN | POLLRDNORM);
	return r;
}

static int offer_or_wait(struct file *f, struct unix_socket *listener,
			 struct unix_socket *made)
{
	uint64_t deadline = socket_deadline(f, 0, true);
	int r;

	while ((r = offer(listener, made)) == 1) {
		if (deadline == 0)
			return -EAGAIN;
		r = io_wait_deadline(&listener->queue, POLLOUT,
				     backlog_has_room(listener), deadline);
		if (r)
			return socket_wait_error(r, deadline);
	}
	return r;
}

static int connect_stream(struct file *f, struct unix_socket *listener)
{
	struct unix_socket *s = unix_of(f), *made;
	int error;

	made = unix_new(s->common.type);
	if (!made)
		return -ENOMEM;
	unix_get(s);
	made->peer = s;
	made->connected = true;
	unix_get(made);
	error = offer_or_wait(f, listener, made);
	if (error) {
		unix_put(made);
		unix_put(made);
		unix_put(s);
		return error;
	}
	mutex_lock(&s->lock);
	s->peer = made;
	__atomic_store_n(&s->connected, true, __ATOMIC_RELEASE);
	mutex_unlock(&s->lock);
	file_wake(&s->queue, POLLOUT | POLLWRNORM);
	return 0;
}

/* Only one connect at a time, and a stream only once. */
static int begin(struct unix_socket *s)
{
	int error = 0;

	mutex_lock(&s->lock);
	if (s->common.listening)
		error = -EINVAL;
	else if (s->connecting)
		error = -EALREADY;
	else if (s->connected && !unix_is_datagram(s))
		error = -EISCONN;
	else
		s->connecting = true;
	mutex_unlock(&s->lock);
	return error;
}

/* Takes the reference of the new peer; NULL: none any more. */
static int connect_datagram(struct unix_socket *s, struct unix_socket *peer)
{
	struct unix_socket *old;

	mutex_lock(&s->lock);
	old = s->peer;
	__atomic_store_n(&s->peer, peer, __ATOMIC_RELAXED);
	__atomic_store_n(&s->connected, peer != NULL, __ATOMIC_RELEASE);
	mutex_unlock(&s->lock);
	unix_put(old);
	return 0;
}

static int connect_to(struct file *f, const struct socket_address *a)
{
	struct unix_socket *s = unix_of(f), *to;
	int error = unix_find(a, &to);

	if (error)
		return error;
	if (to->common.type != s->common.type)
		error = -EPROTOTYPE;
	else if (!unix_is_datagram(s))
		error = connect_stream(f, to);
	else if (__atomic_load_n(&to->peer, __ATOMIC_RELAXED) &&
		 __atomic_load_n(&to->peer, __ATOMIC_RELAXED) != s)
		error = -EPERM;
	else
		return connect_datagram(s, to);
	unix_put(to);
	return error;
}

int unix_connect(struct file *f, const struct socket_address *a)
{
	struct unix_socket *s = unix_of(f);
	int error;

	if (a->size < sizeof(a->addr.family))
		return -EINVAL;
	error = begin(s);
	if (error)
		return error;
	if (a->addr.family == AF_UNSPEC && unix_is_datagram(s))
		error = connect_datagram(s, NULL);
	else
		error = connect_to(f, a);
	mutex_lock(&s->lock);
	s->connecting = false;
	mutex_unlock(&s->lock);
	return error;
}

/* The first of the backlog, or NULL. */
static struct unix_socket *take(struct unix_socket *s)
{
	struct list *node = list_pop(&s->backlog);

	if (!node)
		return NULL;
	__atomic_store_n(&s->backlog_used, s->backlog_used - 1,
			 __ATOMIC_RELEASE);
	return container_of(node, struct unix_socket, backlog_node);
}

static bool may_accept(struct unix_socket *s)
{
	return __atomic_load_n(&s->backlog.next, __ATOMIC_ACQUIRE) !=
		   &s->backlog ||
	       (unix_shut(s) & SHUT_RECEIVE);
}

static int wait_for_one(struct file *f, struct unix_socket **made)
{
	struct unix_socket *s = unix_of(f);
	uint64_t deadline = socket_deadline(f, 0, false);
	int error;

	for (;;) {
		mutex_lock(&s->lock);
		error = s->common.listening ? 0 : -EINVAL;
		*made = error ? NULL : take(s);
		mutex_unlock(&s->lock);
		if (*made || error)
			return error;
		if (unix_shut(s) & SHUT_RECEIVE)
			return -EINVAL;
		if (deadline == 0)
			return -EAGAIN;
		error = io_wait_deadline(&s->queue, POLLIN, may_accept(s),
					 deadline);
		if (error)
			return socket_wait_error(error, deadline);
	}
}

int unix_accept(struct file *f, uint32_t flags, struct file **made_file,
		struct socket_address *peer_name)
{
	struct unix_socket *s = unix_of(f), *made;
	int error;

	if (unix_is_datagram(s))
		return -EOPNOTSUPP;
	error = wait_for_one(f, &made);
	if (error)
		return error;
	file_wake(&s->queue, POLLOUT);
	*made_file = unix_file(made, flags);
	if (!*made_file) {
		unix_end(made);
		return -ENOMEM;
	}
	if ((*made_file)->ops->socket->name(*made_file, true, peer_name))
		peer_name->size = 0;
	return 0;
}
