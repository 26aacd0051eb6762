/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_message.c - the calls that send and receive on a provider's sockets.
 *
 * Control messages: those to be sent are ignored, as they are hints on any
 * network's socket, and there are none to be received.
 */
#include "provide/socket.h"
#include "provide/wrap.h"
#include "lib/string.h"
#include "halvm/abi/time.h"

#define MESSAGES_MAX 1024U /* of sendmmsg: UIO_MAXIOV, as on Linux */

WRAP6(sendto, fd, data, n, flags, address, size)
{
	SOCKET_OR_TARGET(f, fd,
			 target(sendto, fd, data, n, flags, address, size));
	struct abi_sockaddr to;
	struct socket_data d = {
	    .data = (void *)data, .size = (size_t)n, .flags = (unsigned)flags};
	long r = 0;

	if (address) {
		r = socket_address_in(&to, &d.address_size, address, size);
		d.address = &to;
	}
	if (!r && n && provide_bad(data))
		r = -EFAULT;
	if (!r)
		r = socket_send(f, &d);
	provide_put(f);
	return r;
}

WRAP6(recvfrom, fd, data, n, flags, address, room)
{
	SOCKET_OR_TARGET(f, fd,
			 target(recvfrom, fd, data, n, flags, address, room));
	struct abi_sockaddr from = {0};
	struct socket_data d = {
	    .data = (void *)data, .size = (size_t)n, .flags = (unsigned)flags};
	int32_t size;
	long r = 0;

	if (address) {
		r = socket_room(address, room, &size);
		d.address = &from;
	}
	if (!r && n && provide_bad(data))
		r = -EFAULT;
	if (!r)
		r = socket_receive(f, &d);
	if (r >= 0 && address)
		socket_address_give(address, room, &from, d.address_size);
	provide_put(f);
	return r;
}

static long check_header(const struct abi_msghdr *m)
{
	if (provide_bad((long)m))
		return -EFAULT;
	if (m->vec_count > MESSAGES_MAX)
		return -EMSGSIZE;
	return m->vec_count && provide_bad((long)m->vec) ? -EFAULT : 0;
}

static long send_message(struct provide_file *f, const struct abi_msghdr *m,
			 unsigned flags)
{
	struct abi_sockaddr to;
	struct socket_data d = {.flags = flags};
	long r = check_header(m);

	if (!r && m->name && m->name_size) {
		r = socket_address_in(&to, &d.address_size, (long)m->name,
				      m->name_size);
		d.address = &to;
	}
	if (r)
		return r;
	return socket_send_vector(f, &d, m->vec, (unsigned)m->vec_count);
}

static long receive_message(struct provide_file *f, struct abi_msghdr *m,
			    unsigned flags)
{
	struct abi_sockaddr from = {0};
	struct socket_data d = {.flags = flags, .address = &from};
	long r = check_header(m);
	int32_t room;

	if (r)
		return r;
	room = (int32_t)m->name_size;
	if (m->name && room < 0)
		return -EINVAL;
	r = socket_receive_vector(f, &d, m->vec, (unsigned)m->vec_count);
	if (r < 0)
		return r;
	if (m->name) {
		socket_address_out((long)m->name, &room, &from, d.address_size);
		m->name_size = (uint32_t)room;
	}
	m->control_size = 0;
	m->flags = d.flags_out | (flags & MSG_CMSG_CLOEXEC);
	return r;
}

WRAP3(sendmsg, fd, message, flags)
{
	SOCKET_OR_TARGET(f, fd, target(sendmsg, fd, message, flags));
	long r = send_message(f, (const struct abi_msghdr *)message,
			      (unsigned)flags);

	provide_put(f);
	return r;
}

WRAP3(recvmsg, fd, message, flags)
{
	SOCKET_OR_TARGET(f, fd, target(recvmsg, fd, message, flags));
	long r =
	    receive_message(f, (struct abi_msghdr *)message, (unsigned)flags);

	provide_put(f);
	return r;
}

WRAP4(sendmmsg, fd, messages, count, flags)
{
	SOCKET_OR_TARGET(f, fd, target(sendmmsg, fd, messages, count, flags));
	struct abi_mmsghdr *m = (struct abi_mmsghdr *)messages;
	unsigned n = (unsigned)count, done = 0;
	long r = n && provide_bad(messages) ? -EFAULT : 0;

	if (n > MESSAGES_MAX)
		n = MESSAGES_MAX;
	for (; r >= 0 && done < n; done++) {
		r = send_message(f, &m[done].header, (unsigned)flags);
		if (r < 0)
			break;
		m[done].size = (uint32_t)r;
	}
	provide_put(f);
	return done ? (long)done : r < 0 ? r : 0;
}

/* recvmmsg's limit, which is looked at after each message only. */
static long limit_of(long timeout, int64_t *deadline)
{
	struct abi_timespec t;
	int64_t ns;

	*deadline = STREAM_NEVER;
	if (!timeout)
		return 0;
	if (provide_bad(timeout))
		return -EFAULT;
	memcpy(&t, (const void *)timeout, sizeof(t));
	if (t.sec < 0 || t.nsec < 0 || t.nsec >= 1000000000)
		return -EINVAL;
	if (!__builtin_mul_overflow(t.sec, 1000000000, &ns) &&
	    !__builtin_add_overflow(ns, t.nsec, &ns))
		*deadline = stream_deadline(ns ? ns : 1);
	return 0;
}

WRAP5(recvmmsg, fd, messages, count, flags, timeout)
{
	SOCKET_OR_TARGET(f, fd,
			 target(recvmmsg, fd, messages, count, flags, timeout));
	struct abi_mmsghdr *m = (struct abi_mmsghdr *)messages;
	unsigned n = (unsigned)count, done = 0;
	int64_t deadline;
	long r = limit_of(timeout, &deadline);

	if (!r && n && provide_bad(messages))
		r = -EFAULT;
	if (n > MESSAGES_MAX)
		n = MESSAGES_MAX;
	while (r >= 0 && done < n) {
		r = receive_message(f, &m[done].header, (unsigned)flags);
		if (r < 0)
			break;
		m[done++].size = (uint32_t)r;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (stream_late(deadline))
			break;
	}
	provide_put(f);
	return done ? (long)done : r < 0 ? r : 0;
}
