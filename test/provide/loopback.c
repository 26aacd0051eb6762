/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * loopback.c - see loopback.h: sockets, their names and connections.
 */
#define _GNU_SOURCE
#include "loopback.h"

pthread_mutex_t loop_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t loop_changed;
static struct sock *sockets[SOCKETS];
static uint64_t handles;
static uint16_t next_port = 40000;
unsigned loopback_open;

struct sock *loop_find(halvm_handle h)
{
	struct sock *s = sockets[h % SOCKETS];

	return s && s->handle == h ? s : NULL;
}

uint32_t loop_size(const struct sock *s)
{
	return s->family == AF_INET ? sizeof(struct sockaddr_in)
				    : sizeof(struct sockaddr_in6);
}

unsigned loop_events(const struct sock *s)
{
	unsigned e = 0;

	if (s->error)
		return POLLIN | POLLOUT | POLLERR | POLLHUP;
	if (s->type == SOCK_DGRAM)
		return (s->packets ? POLLIN : 0) | POLLOUT;
	if (s->listening)
		return s->waiting ? POLLIN : 0;
	if (s->connecting)
		return 0;
	if (!s->connected)
		return POLLOUT | POLLHUP;
	if (s->used)
		e |= POLLIN;
	if (!s->peer || s->peer->write_shut || s->read_shut)
		e |= POLLIN | POLLRDHUP;
	if (!s->peer || s->write_shut || s->peer->used < ROOM)
		e |= POLLOUT;
	if ((!s->peer || s->peer->write_shut) && (!s->peer || s->write_shut))
		e |= POLLHUP;
	return e;
}

void loop_tell(struct sock *s)
{
	unsigned e = loop_events(s);

	if (e != s->told) {
		s->told = e;
		halvm_provider_ready(HALVM_NETWORK, s->handle, e);
	}
	pthread_cond_broadcast(&loop_changed);
}

static int make(int family, int type, struct sock **made)
{
	struct sock *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	for (unsigned tries = 0; tries < SOCKETS; tries++) {
		s->handle = ++handles;
		if (sockets[s->handle % SOCKETS])
			continue;
		sockets[s->handle % SOCKETS] = s;
		s->family = family;
		s->type = type;
		s->last = &s->packets;
		s->told = ~0U; /* nothing yet: what holds now is news */
		s->local.sin6_family = s->remote.sin6_family =
		    (sa_family_t)family;
		loopback_open++;
		*made = s;
		return 0;
	}
	free(s);
	return -ENFILE;
}

int loop_socket(int family, int type, int protocol, halvm_handle *made)
{
	struct sock *s;
	int error;

	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol &&
	    protocol != (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
		return -EPROTONOSUPPORT;
	pthread_mutex_lock(&loop_lock);
	error = make(family, type, &s);
	if (!error)
		*made = s->handle;
	pthread_mutex_unlock(&loop_lock);
	return error;
}

static void drop(struct sock *s)
{
	struct packet *p;

	while ((p = s->packets)) {
		s->packets = p->next;
		free(p);
	}
	sockets[s->handle % SOCKETS] = NULL;
	loopback_open--;
	if (s->peer) {
		s->peer->peer = NULL;
		loop_tell(s->peer);
	}
	free(s->ring);
	free(s);
}

static void refuse(struct sock *s)
{
	s->connecting = false;
	s->error = ECONNREFUSED;
	loop_tell(s);
}

int loop_close(halvm_handle h)
{
	struct sock *s;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	for (unsigned i = 0; s && i < s->waiting; i++) {
		struct sock *o = s->backlog[i];

		if (o->connecting)
			refuse(o);
		else
			drop(o);
	}
	for (unsigned i = 0; s && i < SOCKETS; i++) {
		struct sock *l = sockets[i];

		for (unsigned k = 0; l && k < l->waiting; k++)
			if (l->backlog[k] == s)
				l->backlog[k] = l->backlog[--l->waiting];
	}
	if (s)
		drop(s);
	pthread_mutex_unlock(&loop_lock);
	return 0;
}

struct sock *loop_named(int family, int type, uint16_t port)
{
	for (unsigned i = 0; i < SOCKETS; i++) {
		struct sock *s = sockets[i];

		if (s && s->family == family && s->type == type && s->bound &&
		    s->local.sin6_port == port &&
		    (type == SOCK_DGRAM || s->listening || !s->connected))
			return s;
	}
	return NULL;
}

static int bind_to(struct sock *s, const struct sockaddr_in6 *a)
{
	if (s->bound)
		return -EINVAL;
	if (a->sin6_family != s->family)
		return -EAFNOSUPPORT;
	if (a->sin6_port && loop_named(s->family, s->type, a->sin6_port))
		return -EADDRINUSE;
	memcpy(&s->local, a, loop_size(s));
	if (!a->sin6_port)
		s->local.sin6_port = htons(next_port += 2);
	s->bound = true;
	return 0;
}

int loop_bind_somewhere(struct sock *s)
{
	struct sockaddr_in6 a = {.sin6_family = (sa_family_t)s->family};

	return s->bound ? 0 : bind_to(s, &a);
}

int loop_bind(halvm_handle h, const void *address, uint32_t size)
{
	struct sock *s;
	int error = -EINVAL;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (s && size >= loop_size(s))
		error = bind_to(s, address);
	pthread_mutex_unlock(&loop_lock);
	return error;
}

int loop_listen(halvm_handle h, int backlog)
{
	struct sock *s;
	int error;

	(void)backlog;
	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	error = s->type == SOCK_STREAM ? loop_bind_somewhere(s) : -EOPNOTSUPP;
	if (!error) {
		s->listening = true;
		loop_tell(s);
	}
	pthread_mutex_unlock(&loop_lock);
	return error;
}

/* The other end of c, which has asked l for a connection. */
static int join(struct sock *l, struct sock *c, struct sock **made)
{
	struct sock *s;
	int error = make(l->family, l->type, &s);

	if (error)
		return error;
	s->ring = malloc(ROOM);
	c->ring = malloc(ROOM);
	s->local = l->local;
	s->remote = c->local;
	s->bound = s->connected = c->connected = true;
	c->connecting = false;
	s->peer = c;
	c->peer = s;
	loop_tell(c);
	*made = s;
	return 0;
}

static int connect_stream(struct sock *s, const struct sockaddr_in6 *a)
{
	struct sock *l = loop_named(s->family, s->type, a->sin6_port), *other;
	bool later = ntohs(a->sin6_port) & 1;
	int error = loop_bind_somewhere(s);

	if (s->connected || s->connecting)
		return s->connected ? -EISCONN : -EALREADY;
	if (error)
		return error;
	memcpy(&s->remote, a, loop_size(s));
	if (!l || !l->listening || l->waiting == BACKLOG) {
		if (!later)
			return -ECONNREFUSED;
		refuse(s);
		return -EINPROGRESS;
	}
	if (later) {
		s->connecting = true;
		other = s;
	} else {
		error = join(l, s, &other);
	}
	if (error)
		return error;
	l->backlog[l->waiting++] = other;
	loop_tell(s);
	loop_tell(l);
	return later ? -EINPROGRESS : 0;
}

int loop_connect(halvm_handle h, const void *address, uint32_t size)
{
	const struct sockaddr_in6 *a = address;
	struct sock *s;
	int error = -EINVAL;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (s->type == SOCK_DGRAM && a->sin6_family == AF_UNSPEC) {
		s->connected = false;
		error = 0;
	} else if (size >= loop_size(s) && a->sin6_family == s->family) {
		if (s->type == SOCK_STREAM) {
			error = connect_stream(s, a);
		} else {
			memcpy(&s->remote, a, loop_size(s));
			s->connected = true;
			error = loop_bind_somewhere(s);
		}
	}
	pthread_mutex_unlock(&loop_lock);
	return error;
}

int loop_accept(halvm_handle h, halvm_handle *made, void *address,
		uint32_t *size)
{
	struct sock *s, *c;
	int error = 0;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (!s->listening)
		error = -EINVAL;
	else if (!s->waiting)
		error = -EAGAIN;
	if (!error) {
		c = s->backlog[0];
		s->waiting--;
		memmove(s->backlog, s->backlog + 1,
			s->waiting * sizeof(*s->backlog));
		if (c->connecting)
			error = join(s, c, &c);
		loop_tell(s);
	}
	if (!error) {
		*made = c->handle;
		memcpy(address, &c->remote,
		       loop_size(c) < *size ? loop_size(c) : *size);
		*size = loop_size(c);
	}
	pthread_mutex_unlock(&loop_lock);
	return error;
}

int loop_name(halvm_handle h, int of_peer, void *address, uint32_t *size)
{
	struct sock *s;
	int error = 0;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (of_peer && !s->connected)
		error = -ENOTCONN;
	else
		memcpy(address, of_peer ? &s->remote : &s->local, loop_size(s));
	*size = loop_size(s);
	pthread_mutex_unlock(&loop_lock);
	return error;
}
