/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix.c - sockets of AF_UNIX: making them, their state, their end.
 * See unix_socket.h for the locks.
 */
#include "arch/user.h"
#include "core/heap.h"
#include "core/process.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/poll.h"
#include "io/anon.h"
#include "io/unix_socket.h"

#define WAKE_ALL                                                               \
	(POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLHUP | POLLRDHUP)

void unix_put(struct unix_socket *s)
{
	if (!s || __atomic_sub_fetch(&s->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	unix_name_put(s->name);
	heap_free(s);
}

struct unix_socket *unix_peer(struct unix_socket *s)
{
	struct unix_socket *peer;

	mutex_lock(&s->lock);
	peer = s->peer;
	if (peer)
		unix_get(peer);
	mutex_unlock(&s->lock);
	return peer;
}

struct unix_socket *unix_new(int type)
{
	struct unix_socket *s = heap_zalloc(sizeof(*s));

	if (!s)
		return NULL;
	socket_init(&s->common, AF_UNIX, type, 0);
	s->references = 1;
	mutex_init(&s->lock);
	wait_queue_init(&s->queue);
	list_init(&s->received);
	list_init(&s->backlog);
	list_init(&s->backlog_node);
	return s;
}

static void shut(struct unix_socket *s, uint32_t how, int error)
{
	mutex_lock(&s->lock);
	__atomic_fetch_or(&s->shut, how, __ATOMIC_RELEASE);
	if (error)
		__atomic_store_n(&s->common.error, error, __ATOMIC_RELAXED);
	mutex_unlock(&s->lock);
	file_wake(&s->queue, WAKE_ALL);
}

/* All messages; their files go with the last. */
static void drop_messages(struct list *messages)
{
	struct list *node;

	while ((node = list_pop(messages)))
		unix_rights_drop(unix_message_free(
		    container_of(node, struct unix_message, node)));
}

static void take_list(struct list *from, struct list *to)
{
	struct list *node;

	list_init(to);
	while ((node = list_pop(from)))
		list_append(to, node);
}

void unix_end(struct unix_socket *s)
{
	struct list received, backlog, *node;
	struct unix_socket *peer;

	unix_unbind(s);
	mutex_lock(&s->lock);
	__atomic_store_n(&s->dead, true, __ATOMIC_RELEASE);
	__atomic_fetch_or(&s->shut, SHUT_BOTH, __ATOMIC_RELEASE);
	s->common.listening = false;
	peer = s->peer;
	s->peer = NULL;
	take_list(&s->received, &received);
	take_list(&s->backlog, &backlog);
	mutex_unlock(&s->lock);
	file_wake(&s->queue, WAKE_ALL);
	/* As on Linux, data nobody read is an error for who sent them. */
	if (peer && !unix_is_datagram(s))
		shut(peer, SHUT_BOTH, list_empty(&received) ? 0 : ECONNRESET);
	drop_messages(&received);
	while ((node = list_pop(&backlog)))
		unix_end(container_of(node, struct unix_socket, backlog_node));
	unix_put(peer);
	unix_put(s);
}

static void unix_release(struct file *f)
{
	unix_end(f->data);
}

static int unix_shutdown(struct file *f, int how)
{
	struct unix_socket *s = unix_of(f), *peer;
	uint32_t mine, others;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	mine = (uint32_t)how + 1;
	others = (mine & SHUT_RECEIVE ? SHUT_SEND : 0) |
		 (mine & SHUT_SEND ? SHUT_RECEIVE : 0);
	shut(s, mine, 0);
	peer = unix_is_datagram(s) ? NULL : unix_peer(s);
	if (peer)
		shut(peer, others, 0);
	unix_put(peer);
	return 0;
}

static bool has(const struct list *l)
{
	return __atomic_load_n(&l->next, __ATOMIC_ACQUIRE) != l;
}

static uint32_t unix_poll(struct file *f)
{
	struct unix_socket *s = f->data;
	uint32_t closed = unix_shut(s), events = 0;
	bool listening =
	    __atomic_load_n(&s->common.listening, __ATOMIC_RELAXED);

	if (__atomic_load_n(&s->common.error, __ATOMIC_RELAXED))
		events |= POLLERR;
	if (closed == SHUT_BOTH)
		events |= POLLHUP;
	if (closed & SHUT_RECEIVE)
		events |= POLLRDHUP | POLLIN | POLLRDNORM;
	if (has(&s->received) || has(&s->backlog))
		events |= POLLIN | POLLRDNORM;
	if (listening)
		return events;
	if (!unix_is_datagram(s) &&
	    !__atomic_load_n(&s->connected, __ATOMIC_ACQUIRE))
		events |= POLLHUP;
	if (__atomic_load_n(&s->in_flight, __ATOMIC_RELAXED) <=
	    s->common.send_buffer / 2)
		events |= POLLOUT | POLLWRNORM;
	return events;
}

/* Bytes to be read: of a stream all, else of the first message. */
static uint32_t bytes_to_read(struct unix_socket *s)
{
	size_t n = 0;

	mutex_lock(&s->lock);
	list_for_each(node, &s->received)
	{
		struct unix_message *m =
		    container_of(node, struct unix_message, node);

		n += m->size - m->done;
		if (s->common.type != SOCK_STREAM)
			break;
	}
	mutex_unlock(&s->lock);
	return (uint32_t)n;
}

static long unix_ioctl(struct file *f, unsigned long request,
		       uintptr_t argument)
{
	struct unix_socket *s = f->data;
	uint32_t n;

	if (request == FIONREAD)
		n = bytes_to_read(s);
	else if (request == SIOCOUTQ)
		n = __atomic_load_n(&s->in_flight, __ATOMIC_RELAXED);
	else
		return -ENOTTY;
	return user_write((void *)argument, &n, sizeof(n));
}

static int unix_stat(struct file *f, struct abi_stat *st)
{
	return anon_stat(st, S_IFSOCK | 0777, f->data);
}

static int unix_get_name(struct file *f, bool of_peer, struct socket_address *a)
{
	struct unix_socket *s = unix_of(f);

	if (of_peer) {
		s = unix_peer(s);
		if (!s)
			return -ENOTCONN;
	} else {
		unix_get(s);
	}
	mutex_lock(&s->lock);
	if (s->name) {
		*a = s->name->address;
	} else {
		a->size = sizeof(a->addr.family);
		a->addr.family = AF_UNIX;
	}
	mutex_unlock(&s->lock);
	unix_put(s);
	return 0;
}

static int unix_get_option(struct file *f, int level, int name, void *value,
			   uint32_t *size)
{
	/* Nobody yet; the ids are those of the one process. */
	struct abi_ucred who = {0, UINT32_MAX, UINT32_MAX};

	if (level != SOL_SOCKET)
		return -EOPNOTSUPP;
	if (name != SO_PEERCRED)
		return -ENOPROTOOPT;
	if (unix_of(f)->connected)
		who = (struct abi_ucred){PROCESS_ID, 0, 0};
	if (*size > sizeof(who))
		*size = sizeof(who);
	memcpy(value, &who, *size);
	return 0;
}

static const struct socket_ops unix_socket_ops = {
    .bind = unix_bind,
    .connect = unix_connect,
    .listen = unix_listen,
    .accept = unix_accept,
    .name = unix_get_name,
    .send = unix_send,
    .receive = unix_receive,
    .shutdown = unix_shutdown,
    .get_option = unix_get_option,
};

static const struct file_ops unix_ops = {
    .read = socket_file_read,
    .write = socket_file_write,
    .poll = unix_poll,
    .ioctl = unix_ioctl,
    .stat = unix_stat,
    .release = unix_release,
    .socket = &unix_socket_ops,
};

struct file *unix_file(struct unix_socket *s, uint32_t flags)
{
	struct file *f = file_create(&unix_ops, s, flags | O_RDWR);

	if (f)
		f->poll_queue = &s->queue;
	return f;
}

static int check(int type, int protocol)
{
	if (protocol != 0 && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return -ESOCKTNOSUPPORT;
	return 0;
}

static int unix_create(int type, int protocol, uint32_t flags, struct file **f)
{
	struct unix_socket *s;
	int error = check(type, protocol);

	if (error)
		return error;
	s = unix_new(type);
	*f = s ? unix_file(s, flags) : NULL;
	if (!*f)
		heap_free(s);
	return *f ? 0 : -ENOMEM;
}

static int unix_pair(int type, int protocol, uint32_t flags,
		     struct file *end[2])
{
	struct unix_socket *a, *b;
	int error = unix_create(type, protocol, flags, &end[0]);

	if (error)
		return error;
	error = unix_create(type, protocol, flags, &end[1]);
	if (error) {
		file_put(end[0]);
		return error;
	}
	a = unix_of(end[0]);
	b = unix_of(end[1]);
	unix_get(a);
	unix_get(b);
	a->peer = b;
	b->peer = a;
	a->connected = b->connected = true;
	return 0;
}

const struct socket_family unix_family = {
    .family = AF_UNIX,
    .create = unix_create,
    .pair = unix_pair,
};
