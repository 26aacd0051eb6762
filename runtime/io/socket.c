/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket.c - what all families of sockets have in common.
 *
 * No locks: the table of families is filled at the start, a socket's words are
 * atomic.
 */
#include "io/socket.h"
#include "arch/user.h"
#include "core/clock.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

#define FAMILIES 8

static const struct socket_family *families[FAMILIES];

void socket_family_register(const struct socket_family *family)
{
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (!families[i]) {
			families[i] = family;
			return;
		}
	}
}

const struct socket_family *socket_family_find(int family)
{
	for (unsigned i = 0; i < FAMILIES && families[i]; i++)
		if (families[i]->family == family)
			return families[i];
	return NULL;
}

void socket_init(struct socket *s, int family, int type, int protocol)
{
	s->family = (uint16_t)family;
	s->type = (uint16_t)type;
	s->protocol = (uint32_t)protocol;
	s->send_buffer = s->receive_buffer = SOCKET_BUFFER;
	s->send_timeout = s->receive_timeout = DEADLINE_NEVER;
	s->receive_low = 1;
}

bool socket_option(const struct socket *s, int name)
{
	return __atomic_load_n(&s->options, __ATOMIC_RELAXED) >> name & 1;
}

uint64_t socket_deadline(const struct file *f, unsigned msg_flags, bool send)
{
	const struct socket *s = socket_of(f);
	uint64_t ns;

	if ((file_flags(f) & O_NONBLOCK) || (msg_flags & MSG_DONTWAIT))
		return 0;
	ns = __atomic_load_n(send ? &s->send_timeout : &s->receive_timeout,
			     __ATOMIC_RELAXED);
	return ns == DEADLINE_NEVER ? ns : clock_deadline(ns);
}

int socket_wait_error(int error, uint64_t deadline)
{
	if (error == -ETIMEDOUT)
		return -EAGAIN;
	if (error == -ERESTARTSYS && deadline != DEADLINE_NEVER)
		return -EINTR;
	return error;
}

int socket_take_error(struct socket *s)
{
	if (__atomic_load_n(&s->error, __ATOMIC_RELAXED) == 0)
		return 0;
	return -__atomic_exchange_n(&s->error, 0, __ATOMIC_RELAXED);
}

int socket_put_control(struct socket_message *m, int level, int type,
		       const void *data, size_t size)
{
	struct abi_cmsghdr header = {sizeof(header) + size, level, type};
	size_t room = m->control_size - m->control_used;
	char *at = m->control + m->control_used;

	if (room < sizeof(header)) {
		m->flags_out |= MSG_CTRUNC;
		return 0;
	}
	if (room < header.size) {
		m->flags_out |= MSG_CTRUNC;
		header.size = room;
	}
	if (user_write(at, &header, sizeof(header)) ||
	    user_write(at + sizeof(header), data, header.size - sizeof(header)))
		return -EFAULT;
	room -= header.size;
	m->control_used += header.size;
	/* The gap to the next belongs to this one. */
	size = ABI_CMSG_ALIGN(header.size) - header.size;
	m->control_used += size < room ? size : room;
	return 0;
}

long socket_file_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct socket_message m = {.data = *to};
	long r = f->ops->socket->receive(f, &m);

	(void)pos;
	*to = m.data;
	return r;
}

long socket_file_write(struct file *f, struct uio *from, uint64_t *pos)
{
	struct socket_message m = {.data = *from};
	long r = f->ops->socket->send(f, &m);

	(void)pos;
	*from = m.data;
	return r;
}
