/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unix_socket.h - the inside of AF_UNIX.
 *
 * A socket lives while its file, its peer, messages it sent, or a call refer to
 * it; it is `dead` when its file has gone.
 *
 * Locks: unix_socket.lock, a sleeping mutex, guards the socket's queues, peer
 * and state.  No two are held at once, and no file is put under one, so a file
 * in a message may be any socket.  `shut`, `in_flight`, `connected` and the
 * emptiness of the queues are also read without it, by poll.  The names have a
 * spin lock of their own.  Memory of the program is copied into messages
 * without a lock, and out of them under the receiver's.
 */
#ifndef IO_UNIX_SOCKET_H
#define IO_UNIX_SOCKET_H

#include "io/unix.h"
#include "lib/list.h"
#include "lib/tree.h"

struct inode;
struct unix_socket;

/* A name; shared by a listener, what it accepted, and messages. */
struct unix_name {
	uint32_t references;
	struct tree_node node; /* of the abstract names */
	struct unix_socket *socket;
	struct inode *inode; /* of a path, until it is unbound */
	struct socket_address address;
};

/* Files on their way (SCM_RIGHTS). */
struct unix_rights {
	struct list node; /* of those to be dropped */
	unsigned count;
	struct file *file[];
};

#define RIGHTS_MAX 253 /* SCM_MAX_FD */

struct unix_message {
	struct list node;
	struct unix_socket *from;
	struct unix_name *name; /* the sender's, or NULL */
	struct unix_rights *rights;
	size_t size, done;
	char data[];
};

enum { SHUT_RECEIVE = 1, SHUT_SEND = 2, SHUT_BOTH = 3 };

struct unix_socket {
	struct socket common; /* first */
	uint32_t references;
	struct mutex lock;
	struct wait_queue queue;
	struct list received; /* messages */
	struct list backlog;  /* sockets to be accepted */
	struct list backlog_node;
	unsigned backlog_used, backlog_max;
	struct unix_socket *peer;
	struct unix_name *name;
	uint32_t shut;
	uint32_t in_flight; /* bytes it sent that aren't received yet */
	bool connected, connecting, dead;
};

static inline struct unix_socket *unix_of(const struct file *f)
{
	return f->data;
}

static inline bool unix_is_datagram(const struct unix_socket *s)
{
	return s->common.type == SOCK_DGRAM;
}

static inline uint32_t unix_shut(const struct unix_socket *s)
{
	return __atomic_load_n(&s->shut, __ATOMIC_ACQUIRE);
}

static inline void unix_get(struct unix_socket *s)
{
	__atomic_fetch_add(&s->references, 1, __ATOMIC_RELAXED);
}

/* NULL is fine. */
void unix_put(struct unix_socket *s);
/* The peer with a reference, or NULL. */
struct unix_socket *unix_peer(struct unix_socket *s);

/* unix_name.c */
int unix_bind(struct file *f, const struct socket_address *a);
void unix_unbind(struct unix_socket *s);
/* The socket of that name with a reference.  0 or -ECONNREFUSED and such. */
int unix_find(const struct socket_address *a, struct unix_socket **found);
void unix_name_get(struct unix_name *n);
void unix_name_put(struct unix_name *n); /* NULL is fine */

/* unix_rights.c */
int unix_rights_parse(const struct socket_control *c, struct unix_rights **r);
struct unix_rights *unix_rights_copy(const struct unix_rights *r);
/* Into descriptors and a control message; takes the rights. */
int unix_rights_give(struct socket_message *m, struct unix_rights *r);
/* NULL is fine.  Never deep in recursion: see there. */
void unix_rights_drop(struct unix_rights *r);

/* unix_send.c, unix_receive.c */
long unix_send(struct file *f, struct socket_message *m);
long unix_receive(struct file *f, struct socket_message *m);
/* Frees a message that is in no queue, but not its rights: returned. */
struct unix_rights *unix_message_free(struct unix_message *m);

/* unix_connect.c */
int unix_connect(struct file *f, const struct socket_address *a);
int unix_listen(struct file *f, int backlog);
int unix_accept(struct file *f, uint32_t flags, struct file **made,
		struct socket_address *peer);

/* unix.c: its file, or what stands for it, goes. */
void unix_end(struct unix_socket *s);
struct unix_socket *unix_new(int type);
/* A file on a new socket; takes the reference. */
struct file *unix_file(struct unix_socket *s, uint32_t flags);

#endif
