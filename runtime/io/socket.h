/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.h - what a family of sockets offers, and what all have in common.
 *
 * A socket is a file whose ops have `socket` and whose data begin with struct
 * socket.  Families are entered in a table: AF_UNIX is io's own, those of the
 * network enter themselves at the start (socket_family_register).
 */
#ifndef IO_SOCKET_H
#define IO_SOCKET_H

#include "halvm/abi/socket.h"
#include "io/file.h"

struct socket_address {
	uint32_t size; /* of what is used; 0: none */
	struct abi_sockaddr addr;
};

/* One control message, or several: in the runtime's memory. */
struct socket_control {
	const void *data;
	size_t size;
};

/* A message to be sent or received. */
struct socket_message {
	struct uio data;
	struct socket_address *address; /* NULL: none wanted, or given */
	unsigned flags;			/* MSG_* of the call */
	unsigned flags_out;		/* MSG_* of the message received */
	struct socket_control sent;	/* control messages to be sent */
	/* Where received ones go: the program's memory. */
	char *control;
	size_t control_size, control_used;
};

struct socket_ops {
	int (*bind)(struct file *f, const struct socket_address *a);
	int (*connect)(struct file *f, const struct socket_address *a);
	int (*listen)(struct file *f, int backlog);
	/* flags: O_NONBLOCK of the new file.  *peer gets the other's name. */
	int (*accept)(struct file *f, uint32_t flags, struct file **made,
		      struct socket_address *peer);
	int (*name)(struct file *f, bool of_peer, struct socket_address *a);
	long (*send)(struct file *f, struct socket_message *m);
	/* With MSG_TRUNC the message's real size. */
	long (*receive)(struct file *f, struct socket_message *m);
	int (*shutdown)(struct file *f, int how);
	/*
	 * Options that the common part doesn't know: -ENOPROTOOPT.  value is
	 * the runtime's; *size in: room, out: used.
	 */
	int (*set_option)(struct file *f, int level, int name,
			  const void *value, uint32_t size);
	int (*get_option)(struct file *f, int level, int name, void *value,
			  uint32_t *size);
};

/* What every family has.  Words are atomic. */
struct socket {
	uint16_t family, type;
	uint32_t protocol;
	uint32_t options;			/* bit n: SO_* number n is on */
	uint32_t send_buffer, receive_buffer;	/* bytes */
	uint64_t send_timeout, receive_timeout; /* ns; DEADLINE_NEVER */
	int error; /* SO_ERROR, positive; cleared by reading it */
	bool listening;
	struct abi_linger linger;
	uint32_t receive_low, priority;
};

#define SOCKET_BUFFER 212992 /* Linux's default, net.core.wmem_default */

struct socket_family {
	uint16_t family; /* AF_* */
	/* A new socket; flags: O_NONBLOCK. */
	int (*create)(int type, int protocol, uint32_t flags, struct file **f);
	/* socketpair; NULL: -EOPNOTSUPP. */
	int (*pair)(int type, int protocol, uint32_t flags,
		    struct file *end[2]);
};

/* At most 8; at the start only. */
void socket_family_register(const struct socket_family *family);
/* NULL: -EAFNOSUPPORT. */
const struct socket_family *socket_family_find(int family);

void socket_init(struct socket *s, int family, int type, int protocol);
static inline struct socket *socket_of(const struct file *f)
{
	return f->data;
}

bool socket_option(const struct socket *s, int name);
/* O_NONBLOCK or MSG_DONTWAIT: DEADLINE 0, else by the socket's timeout. */
uint64_t socket_deadline(const struct file *f, unsigned msg_flags, bool send);
/*
 * What a call returns that waited till a deadline of socket_deadline: a time
 * out is -EAGAIN; with one set, a signal's handler ends the call for good
 * (signal(7)).
 */
int socket_wait_error(int error, uint64_t deadline);
/* *error and clears it; 0 or negative. */
int socket_take_error(struct socket *s);

/* SOL_SOCKET's options; others go to the family. */
int socket_set_option(struct file *f, int level, int name, const void *value,
		      uint32_t size);
int socket_get_option(struct file *f, int level, int name, void *value,
		      uint32_t *size);

/*
 * Appends a control message to those received, MSG_CTRUNC if there is no room
 * (part of it may be there).  0 or -EFAULT.
 */
int socket_put_control(struct socket_message *m, int level, int type,
		       const void *data, size_t size);

/* For the family's file_ops. */
long socket_file_read(struct file *f, struct uio *to, uint64_t *pos);
long socket_file_write(struct file *f, struct uio *from, uint64_t *pos);

#endif
