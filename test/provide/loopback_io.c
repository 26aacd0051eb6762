/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * loopback_io.c - see loopback.h: what goes through the sockets.
 */
#define _GNU_SOURCE
#include "loopback.h"

int loopback_shut;

static int may_enter(void)
{
	return !loopback_shut;
}

static long send_stream(struct sock *s, const char *from, size_t n)
{
	struct sock *to = s->peer;
	size_t part;

	if (!s->connected)
		return -ENOTCONN;
	if (s->write_shut || !to || to->read_shut)
		return -EPIPE;
	if (to->used == ROOM)
		return -EAGAIN;
	if (n > ROOM - to->used)
		n = ROOM - to->used;
	for (size_t done = 0; done < n; done += part) {
		size_t at = (to->head + to->used) % ROOM;

		part = n - done < ROOM - at ? n - done : ROOM - at;
		memcpy(to->ring + at, from + done, part);
		to->used += part;
	}
	loop_tell(to);
	loop_tell(s);
	return (long)n;
}

static long send_packet(struct sock *s, const char *from, size_t n,
			const struct sockaddr_in6 *a)
{
	const struct sockaddr_in6 *to = a ? a : &s->remote;
	struct packet *p;
	struct sock *other;

	if (!a && !s->connected)
		return -EDESTADDRREQ;
	if (n > 65507)
		return -EMSGSIZE;
	if (loop_bind_somewhere(s))
		return -EADDRINUSE;
	other = loop_named(s->family, s->type, to->sin6_port);
	if (!other)
		return -ECONNREFUSED;
	if (other->packet_count == PACKETS)
		return -EAGAIN; /* nobody is told when it isn't so any more */
	p = malloc(sizeof(*p) + n);
	p->next = NULL;
	p->from = s->local;
	p->size = n;
	if (n)
		memcpy(p->data, from, n);
	*other->last = p;
	other->last = &p->next;
	other->packet_count++;
	loop_tell(other);
	return (long)n;
}

static long loop_send(halvm_handle h, const void *from, size_t n,
		      unsigned flags, const void *address, uint32_t size)
{
	struct sock *s;
	long r;

	(void)flags;
	(void)size;
	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (s->type == SOCK_STREAM)
		r = address && s->connected ? -EISCONN
					    : send_stream(s, from, n);
	else
		r = send_packet(s, from, n, address);
	pthread_mutex_unlock(&loop_lock);
	return r;
}

static long take_stream(struct sock *s, char *to, size_t n, bool peek)
{
	size_t head = s->head, part;

	if (s->error) {
		int error = s->error;

		s->error = 0;
		loop_tell(s);
		return -error;
	}
	if (!s->connected)
		return -ENOTCONN;
	if (!s->used)
		return s->read_shut || !s->peer || s->peer->write_shut
			   ? 0
			   : -EAGAIN;
	if (n > s->used)
		n = s->used;
	for (size_t done = 0; done < n; done += part) {
		part = n - done < ROOM - head ? n - done : ROOM - head;
		memcpy(to + done, s->ring + head, part);
		head = (head + part) % ROOM;
	}
	if (!peek) {
		s->head = head;
		s->used -= n;
		loop_tell(s);
		if (s->peer)
			loop_tell(s->peer);
	}
	return (long)n;
}

static long take_packet(struct sock *s, void *to, size_t n, unsigned *flags,
			void *address, uint32_t *size)
{
	struct packet *p = s->packets;
	bool peek = *flags & MSG_PEEK;
	long r;

	if (!p)
		return s->read_shut ? 0 : -EAGAIN;
	r = (long)p->size;
	*flags = p->size > n ? MSG_TRUNC : 0;
	if (p->size && n)
		memcpy(to, p->data, p->size < n ? p->size : n);
	if (address) {
		memcpy(address, &p->from,
		       loop_size(s) < *size ? loop_size(s) : *size);
		*size = loop_size(s);
	}
	if (!peek) {
		s->packets = p->next;
		if (!p->next)
			s->last = &s->packets;
		s->packet_count--;
		free(p);
		loop_tell(s);
	}
	return r;
}

static long loop_receive(halvm_handle h, void *to, size_t n, unsigned *flags,
			 void *address, uint32_t *size)
{
	struct sock *s;
	long r;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (s->type == SOCK_DGRAM) {
		r = take_packet(s, to, n, flags, address, size);
	} else {
		r = take_stream(s, to, n, *flags & MSG_PEEK);
		*size = 0;
		*flags = 0;
	}
	pthread_mutex_unlock(&loop_lock);
	return r;
}

static int loop_shutdown(halvm_handle h, int how)
{
	struct sock *s;
	int error = 0;

	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	if (!s->connected)
		error = -ENOTCONN;
	if (!error && how != SHUT_WR)
		s->read_shut = true;
	if (!error && how != SHUT_RD)
		s->write_shut = true;
	loop_tell(s);
	if (s->peer)
		loop_tell(s->peer);
	pthread_mutex_unlock(&loop_lock);
	return error;
}

static int loop_set_option(halvm_handle h, int level, int name,
			   const void *value, uint32_t size)
{
	struct sock *s;

	if (level != SOL_SOCKET || name < 0 || name >= 64 || size < sizeof(int))
		return -ENOPROTOOPT;
	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	memcpy(&s->switches[name], value, sizeof(int));
	pthread_mutex_unlock(&loop_lock);
	return 0;
}

static int loop_get_option(halvm_handle h, int level, int name, void *value,
			   uint32_t *size)
{
	struct sock *s;
	int v;

	if (level != SOL_SOCKET || name < 0 || name >= 64 ||
	    *size < sizeof(int))
		return -ENOPROTOOPT;
	pthread_mutex_lock(&loop_lock);
	s = loop_find(h);
	v = s->switches[name];
	if (name == SO_ERROR) {
		v = s->error;
		s->error = 0;
		loop_tell(s);
	}
	pthread_mutex_unlock(&loop_lock);
	memcpy(value, &v, sizeof(v));
	*size = sizeof(v);
	return 0;
}

static long loop_wait(halvm_handle h, unsigned events, int64_t timeout)
{
	struct timespec end;
	unsigned e = 0;
	struct sock *s;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	if (timeout >= 0) {
		end.tv_sec += timeout / 1000000000;
		end.tv_nsec += timeout % 1000000000;
		if (end.tv_nsec >= 1000000000) {
			end.tv_nsec -= 1000000000;
			end.tv_sec++;
		}
	}
	events |= POLLERR | POLLHUP;
	pthread_mutex_lock(&loop_lock);
	while ((s = loop_find(h))) {
		e = loop_events(s) & events;
		if (e || error || timeout == 0)
			break;
		error = timeout < 0
			    ? pthread_cond_wait(&loop_changed, &loop_lock)
			    : pthread_cond_timedwait(&loop_changed, &loop_lock,
						     &end);
	}
	pthread_mutex_unlock(&loop_lock);
	return s ? (long)e : -EBADF;
}

static const struct halvm_network_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = may_enter,
    .socket = loop_socket,
    .close = loop_close,
    .bind = loop_bind,
    .connect = loop_connect,
    .listen = loop_listen,
    .accept = loop_accept,
    .name = loop_name,
    .send = loop_send,
    .receive = loop_receive,
    .shutdown = loop_shutdown,
    .set_option = loop_set_option,
    .get_option = loop_get_option,
    .wait = loop_wait,
};

__attribute__((__constructor__)) static void start(void)
{
	pthread_condattr_t a;

	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
	pthread_cond_init(&loop_changed, &a);
	if (halvm_provide_network(&table))
		abort();
}
