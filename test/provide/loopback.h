/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * loopback.h - a network in memory, as a provider in C: streams and datagrams
 * between the sockets of one program, of IPv4 and IPv6.
 *
 * Connections to an odd port are made when the listener accepts them, others at
 * once.  One lock guards all; what is ready is told under it.
 */
#ifndef TEST_LOOPBACK_H
#define TEST_LOOPBACK_H

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "halvm/provider.h"

/* Sockets that are open. */
extern unsigned loopback_open;
/* Not 0: it can't be entered (may_enter says 0). */
extern int loopback_shut;

/* --- the inside -- */

#define SOCKETS 512
#define ROOM 8192 /* of a stream */
#define PACKETS 4 /* of a datagram socket */
#define BACKLOG 4

struct packet {
	struct packet *next;
	struct sockaddr_in6 from;
	size_t size;
	char data[];
};

struct sock {
	halvm_handle handle;
	int family, type;
	bool bound, listening, connecting, connected, read_shut, write_shut;
	int error;
	struct sockaddr_in6 local, remote; /* IPv4's are shorter */
	struct sock *peer;
	char *ring;
	size_t head, used;
	struct packet *packets, **last;
	unsigned packet_count;
	struct sock *backlog[BACKLOG];
	unsigned waiting;
	int switches[64]; /* options */
	unsigned told;
};

extern pthread_mutex_t loop_lock;
extern pthread_cond_t loop_changed;

/* All with the lock held. */
struct sock *loop_find(halvm_handle h);
uint32_t loop_size(const struct sock *s); /* of an address */
unsigned loop_events(const struct sock *s);
void loop_tell(struct sock *s);
struct sock *loop_named(int family, int type, uint16_t port);
int loop_bind_somewhere(struct sock *s);

/* The provider's functions. */
int loop_socket(int family, int type, int protocol, halvm_handle *made);
int loop_close(halvm_handle h);
int loop_bind(halvm_handle h, const void *address, uint32_t size);
int loop_connect(halvm_handle h, const void *address, uint32_t size);
int loop_listen(halvm_handle h, int backlog);
int loop_accept(halvm_handle h, halvm_handle *made, void *address,
		uint32_t *size);
int loop_name(halvm_handle h, int of_peer, void *address, uint32_t *size);

#endif
