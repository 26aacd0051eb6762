/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sockmsg.c - sending and receiving: sendto(2), sendmsg(2), recvmsg(2) and
 * their kin.  Only sockets; read and write go by their file_ops.
 */
#include "arch/user.h"
#include "core/heap.h"
#include "io/socket.h"
#include "sys/pollwait.h"
#include "core/clock.h"
#include "sys/sockarg.h"
#include "sys/sys.h"
#include "sys/vector.h"

/* net.core.optmem_max: control messages of one call. */
#define CONTROL_MAX 20480
/* More of sendmmsg's and recvmmsg's than this are not looked at. */
#define MESSAGES_MAX 1024

/* One buffer. */
static void set_buffer(struct socket_message *m, struct abi_iovec *vec,
		       long buf, long n)
{
	*vec = (struct abi_iovec){(void *)buf, (size_t)n};
	if (vec->size > ABI_RW_MAX)
		vec->size = ABI_RW_MAX;
	m->data = (struct uio){.vec = vec, .count = 1, .left = vec->size};
}

SYSCALL_SLEEP6(sendto, fd, buf, n, flags, addr, size)
{
	struct socket_message m = {.flags = (unsigned)flags};
	struct socket_address a;
	struct abi_iovec vec;
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	set_buffer(&m, &vec, buf, n);
	if (addr) {
		m.address = &a;
		r = sockarg_read_address(&a, addr, size);
	}
	if (!r)
		r = f->ops->socket->send(f, &m);
	file_put(f);
	return r;
}

SYSCALL_SLEEP6(recvfrom, fd, buf, n, flags, addr, size_at)
{
	struct socket_message m = {.flags = (unsigned)flags};
	struct socket_address a = {.size = 0};
	struct abi_iovec vec;
	struct file *f;
	long r = sockarg_get(fd, &f), error;

	if (r)
		return r;
	set_buffer(&m, &vec, buf, n);
	m.address = addr ? &a : NULL;
	r = f->ops->socket->receive(f, &m);
	file_put(f);
	if (r >= 0) {
		error = sockarg_write_address(&a, addr, size_at);
		if (error)
			r = error;
	}
	return r;
}

/* What a msghdr stands for, in the runtime's memory. */
struct message {
	struct abi_msghdr header;
	struct socket_message m;
	struct socket_address address;
	struct vector vector;
	void *control; /* to be freed */
};

static long read_header(struct message *msg, long at)
{
	long r;

	msg->control = NULL;
	msg->vector.many = NULL;
	msg->m = (struct socket_message){.address = NULL};
	msg->address.size = 0;
	if (user_read(&msg->header, (const void *)at, sizeof(msg->header)))
		return -EFAULT;
	if (msg->header.vec_count > ABI_IOV_MAX)
		return -EMSGSIZE;
	r = vector_read(&msg->vector, (long)msg->header.vec,
			(long)msg->header.vec_count);
	if (!r)
		msg->m.data = msg->vector.uio;
	return r;
}

static long read_control(struct message *msg)
{
	size_t size = msg->header.control_size;

	if (!msg->header.control || size < sizeof(struct abi_cmsghdr))
		return 0;
	if (size > CONTROL_MAX)
		return -ENOBUFS;
	msg->control = heap_alloc(size);
	if (!msg->control)
		return -ENOBUFS;
	msg->m.sent = (struct socket_control){msg->control, size};
	return user_read(msg->control, msg->header.control, size);
}

static void free_message(struct message *msg)
{
	vector_free(&msg->vector);
	heap_free(msg->control);
}

static long send_message(struct file *f, long at, long flags)
{
	struct message msg;
	long r = read_header(&msg, at);

	if (r)
		return r;
	msg.m.flags = (unsigned)flags;
	if (msg.header.name && msg.header.name_size) {
		if (msg.header.name_size > sizeof(struct abi_sockaddr))
			msg.header.name_size = sizeof(struct abi_sockaddr);
		msg.m.address = &msg.address;
		r = sockarg_read_address(&msg.address, (long)msg.header.name,
					 msg.header.name_size);
	}
	if (!r)
		r = read_control(&msg);
	if (!r)
		r = f->ops->socket->send(f, &msg.m);
	free_message(&msg);
	return r;
}

/* What recvmsg changes in the program's header. */
static long write_header(struct message *msg, long at)
{
	struct abi_msghdr *to = (struct abi_msghdr *)at;
	size_t control = msg->m.control_used;
	uint32_t flags = msg->m.flags_out;
	uint32_t n = msg->address.size;

	if (msg->header.name) {
		if (n > msg->header.name_size)
			n = msg->header.name_size;
		if (user_write(msg->header.name, &msg->address.addr, n))
			return -EFAULT;
		n = msg->address.size;
		if (user_write(&to->name_size, &n, sizeof(n)))
			return -EFAULT;
	}
	if (user_write(&to->control_size, &control, sizeof(control)))
		return -EFAULT;
	return user_write(&to->flags, &flags, sizeof(flags));
}

static long receive_message(struct file *f, long at, long flags)
{
	struct message msg;
	long r = read_header(&msg, at), error;

	if (r)
		return r;
	msg.m.flags = (unsigned)flags;
	msg.m.flags_out = (unsigned)flags & MSG_CMSG_CLOEXEC;
	if (msg.header.name)
		msg.m.address = &msg.address;
	msg.m.control = msg.header.control;
	msg.m.control_size = msg.header.control ? msg.header.control_size : 0;
	r = f->ops->socket->receive(f, &msg.m);
	if (r >= 0) {
		error = write_header(&msg, at);
		if (error)
			r = error;
	}
	free_message(&msg);
	return r;
}

SYSCALL_SLEEP3(sendmsg, fd, header, flags)
{
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = send_message(f, header, flags);
	file_put(f);
	return r;
}

SYSCALL_SLEEP3(recvmsg, fd, header, flags)
{
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	r = receive_message(f, header, flags);
	file_put(f);
	return r;
}

static long write_size(struct abi_mmsghdr *at, long n)
{
	uint32_t size = (uint32_t)n;

	return user_write(&at->size, &size, sizeof(size));
}

SYSCALL_SLEEP4(sendmmsg, fd, headers, n, flags)
{
	struct abi_mmsghdr *at = (struct abi_mmsghdr *)headers;
	unsigned count = (unsigned)n, done = 0;
	struct file *f;
	long r = sockarg_get(fd, &f);

	if (r)
		return r;
	if (count > MESSAGES_MAX)
		count = MESSAGES_MAX;
	for (; done < count; done++) {
		r = send_message(f, (long)&at[done].header, flags);
		if (r >= 0)
			r = write_size(&at[done], r);
		if (r < 0)
			break;
	}
	file_put(f);
	return done ? (long)done : r;
}

/* The timeout is looked at after each message only (recvmmsg(2), BUGS). */
SYSCALL_SLEEP5(recvmmsg, fd, headers, n, flags, timespec)
{
	struct abi_mmsghdr *at = (struct abi_mmsghdr *)headers;
	unsigned count = (unsigned)n, done = 0;
	uint64_t deadline;
	struct file *f;
	long r = pollwait_deadline(timespec, &deadline);

	if (r)
		return r;
	r = sockarg_get(fd, &f);
	if (r)
		return r;
	if (count > MESSAGES_MAX)
		count = MESSAGES_MAX;
	while (done < count) {
		r = receive_message(f, (long)&at[done].header,
				    flags & ~MSG_WAITFORONE);
		if (r >= 0)
			r = write_size(&at[done], r);
		if (r < 0)
			break;
		done++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (clock_now() >= deadline)
			break;
	}
	file_put(f);
	pollwait_write_left(timespec, deadline, 1);
	return done ? (long)done : r;
}
