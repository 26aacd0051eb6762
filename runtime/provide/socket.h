/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.h - the inside of socket*.c: sockets from a provider.
 *
 * A function of the provider's that is missing is -EOPNOTSUPP.  The layer keeps
 * O_NONBLOCK and timeouts, and waits.
 */
#ifndef PROVIDE_SOCKET_H
#define PROVIDE_SOCKET_H

#include "provide/provide.h"
#include "halvm/abi/poll.h"
#include "halvm/abi/socket.h"

/* struct provide_stream's state. */
enum { SOCKET_LISTENING = 1 };

static inline const struct halvm_network_provider *
socket_table(const struct provide_file *f)
{
	return f->table;
}

static inline bool socket_is_stream(const struct provide_file *f)
{
	return f->stream.type == SOCK_STREAM;
}

/*
 * The description of a descriptor, with a reference.  NULL: the target's.
 * An error as a pointer below 0: ours, but no socket, or the provider can't be
 * entered here.
 */
struct provide_file *socket_get(long fd);
static inline bool socket_is_error(const struct provide_file *f)
{
	return (long)f < 0 && (long)f >= -4095;
}

/* f for a wrapped call that the target answers if fd isn't a provider's. */
#define SOCKET_OR_TARGET(f, fd, call)                                          \
	struct provide_file *f = socket_get(fd);                               \
	if (!f)                                                                \
		return call;                                                   \
	if (socket_is_error(f))                                                \
	return (long)f

/* A stream has its peer: from now on POLLHUP is final. */
void socket_connected(struct provide_file *f);

/* --- socket_address.c -- */

/* The program's address; *used: its size.  0 or -errno. */
int socket_address_in(struct abi_sockaddr *to, uint32_t *used, long from,
		      long size);
/*
 * Of *from, of which the provider says that it has `size` bytes, to the
 * program's `to` as much as *room has bytes for, which becomes the real size.
 */
void socket_address_out(long to, int32_t *room, const struct abi_sockaddr *from,
			uint32_t size);
/* The same; room is the program's socklen_t.  socket_room() has checked it. */
int socket_address_give(long to, long room, const struct abi_sockaddr *from,
			uint32_t size);
/* What that says, or -errno. */
int socket_room(long to, long room, int32_t *n);

/* --- socket_io.c -- */

/* A message to be sent or received, in one buffer. */
struct socket_data {
	void *data;
	size_t size;
	unsigned flags;		      /* MSG_* of the call */
	unsigned flags_out;	      /* received: MSG_TRUNC */
	struct abi_sockaddr *address; /* NULL: none, or not wanted */
	uint32_t address_size;
};

/* Waits till one of the events holds; 0, -EAGAIN, -EINTR … */
long socket_wait(struct provide_file *f, unsigned events, int64_t deadline);
/* The moment till which a call with these flags may wait; 0: not at all. */
int64_t socket_deadline(const struct provide_file *f, unsigned flags,
			bool send);
/* What was sent or received, or -errno if that is nothing. */
long socket_send(struct provide_file *f, struct socket_data *d);
long socket_receive(struct provide_file *f, struct socket_data *d);
/* Of and to several buffers. d->data is not used. */
long socket_send_vector(struct provide_file *f, struct socket_data *d,
			const struct abi_iovec *v, unsigned count);
long socket_receive_vector(struct provide_file *f, struct socket_data *d,
			   const struct abi_iovec *v, unsigned count);

/* --- socket_option.c -- */

/* SO_ERROR and clears it: 0 or positive. */
int socket_error(struct provide_file *f);
long socket_ioctl(struct provide_file *f, unsigned request, long argument);

#endif
