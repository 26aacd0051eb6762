/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_option.c - options of sockets, and ioctl.
 *
 * What the layer does itself, it answers; all else is the provider's.  If that
 * has no function for options, switches that need no more than a promise are
 * kept for who asks, as otherwise few programs would start.
 */
#include "provide/socket.h"
#include "provide/wrap.h"
#include "lib/string.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/time.h"

#define NS_PER_SEC 1000000000L
#define BIT(name) (1U << (name))

#define LEVEL_TCP 6 /* IPPROTO_TCP */
#define TCP_NODELAY 1
#define LEVEL_IPV6 41 /* IPPROTO_IPV6 */
#define IPV6_V6ONLY 26
#define KEPT_NODELAY BIT(0) /* bits that no SO_* here has */
#define KEPT_V6ONLY BIT(1)

#define SWITCHES                                                               \
	(BIT(SO_REUSEADDR) | BIT(SO_DONTROUTE) | BIT(SO_BROADCAST) |           \
	 BIT(SO_KEEPALIVE) | BIT(SO_OOBINLINE) | BIT(SO_REUSEPORT))

/* The bit of a switch that is kept; 0: none. */
static uint32_t kept_bit(int level, int name)
{
	if (level == SOL_SOCKET && name > 0 && name < 32)
		return SWITCHES & BIT(name);
	if (level == LEVEL_TCP && name == TCP_NODELAY)
		return KEPT_NODELAY;
	if (level == LEVEL_IPV6 && name == IPV6_V6ONLY)
		return KEPT_V6ONLY;
	return 0;
}

static int64_t *timeout_of(struct provide_file *f, int level, int name)
{
	if (level != SOL_SOCKET)
		return NULL;
	switch (name) {
	case SO_RCVTIMEO:
	case SO_RCVTIMEO_NEW:
		return &f->stream.receive_timeout;
	case SO_SNDTIMEO:
	case SO_SNDTIMEO_NEW:
		return &f->stream.send_timeout;
	}
	return NULL;
}

static int set_timeout(int64_t *timeout, const void *value, uint32_t size)
{
	struct abi_timeval tv;
	int64_t ns;

	if (size < sizeof(tv))
		return -EINVAL;
	memcpy(&tv, value, sizeof(tv));
	if (tv.usec < 0 || tv.usec >= 1000000)
		return -EDOM;
	if (tv.sec < 0)
		ns = 1; /* as on Linux: nothing is waited for */
	else if (__builtin_mul_overflow(tv.sec, NS_PER_SEC, &ns) ||
		 __builtin_add_overflow(ns, tv.usec * 1000, &ns))
		ns = 0;
	__atomic_store_n(timeout, ns, __ATOMIC_RELAXED);
	return 0;
}

static long set_option(struct provide_file *f, int level, int name,
		       const void *value, uint32_t size)
{
	const struct halvm_network_provider *t = socket_table(f);
	int64_t *timeout = timeout_of(f, level, name);
	uint32_t bit = kept_bit(level, name);
	int number;

	if (timeout)
		return set_timeout(timeout, value, size);
	if (t->set_option)
		return stream_result(
		    t->set_option(f->handle, level, name, value, size), 0);
	if (!bit)
		return -ENOPROTOOPT;
	if (size < sizeof(number))
		return -EINVAL;
	memcpy(&number, value, sizeof(number));
	if (number)
		__atomic_fetch_or(&f->stream.kept, bit, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&f->stream.kept, ~bit, __ATOMIC_RELAXED);
	return 0;
}

WRAP5(setsockopt, fd, level, name, value, size)
{
	SOCKET_OR_TARGET(f, fd,
			 target(setsockopt, fd, level, name, value, size));
	long r;

	if ((int)size < 0)
		r = -EINVAL;
	else if ((int)size > 0 && provide_bad(value))
		r = -EFAULT;
	else
		r = set_option(f, (int)level, (int)name, (const void *)value,
			       (uint32_t)size);
	provide_put(f);
	return r;
}

static long give(void *value, uint32_t *size, const void *from, uint32_t n)
{
	if (n < *size)
		*size = n;
	memcpy(value, from, *size);
	return 0;
}

static long give_timeout(void *value, uint32_t *size, const int64_t *timeout)
{
	int64_t ns = __atomic_load_n(timeout, __ATOMIC_RELAXED);
	struct abi_timeval tv = {ns / NS_PER_SEC, ns % NS_PER_SEC / 1000};

	return give(value, size, &tv, sizeof(tv));
}

int socket_error(struct provide_file *f)
{
	const struct halvm_network_provider *t = socket_table(f);
	uint32_t size = sizeof(int);
	int error = 0;
	long r;

	if (!t->get_option)
		return 0;
	r = stream_result(
	    t->get_option(f->handle, SOL_SOCKET, SO_ERROR, &error, &size), 0);
	if (r < 0)
		return (int)-r;
	return error < 0 || error > 4095 ? EIO : error;
}

/* Whoever asks after a connect has its end told. */
static int take_error(struct provide_file *f)
{
	bool done = ready_events(&f->stream.ready) & POLLOUT;
	int error = socket_error(f);

	if (error)
		ready_connecting(&f->stream.ready, false);
	else if (done && ready_is_connecting(&f->stream.ready))
		socket_connected(f);
	return error;
}

/* 1: *value is the answer of the layer itself. */
static int own_number(struct provide_file *f, int name, int *value)
{
	uint32_t state = __atomic_load_n(&f->stream.state, __ATOMIC_RELAXED);

	switch (name) {
	case SO_TYPE:
		*value = f->stream.type;
		return 1;
	case SO_DOMAIN:
		*value = f->stream.family;
		return 1;
	case SO_PROTOCOL:
		*value = f->stream.protocol;
		return 1;
	case SO_ACCEPTCONN:
		*value = !!(state & SOCKET_LISTENING);
		return 1;
	case SO_ERROR:
		*value = take_error(f);
		return 1;
	}
	return 0;
}

static long get_option(struct provide_file *f, int level, int name, void *value,
		       uint32_t *size)
{
	const struct halvm_network_provider *t = socket_table(f);
	int64_t *timeout = timeout_of(f, level, name);
	uint32_t bit = kept_bit(level, name), room = *size;
	int number;
	long r;

	if (timeout)
		return give_timeout(value, size, timeout);
	if (level == SOL_SOCKET && own_number(f, name, &number))
		return give(value, size, &number, sizeof(number));
	if (t->get_option) {
		r = t->get_option(f->handle, level, name, value, size);
		*size = *size < room ? *size : room;
		return stream_result(r, 0);
	}
	if (!bit)
		return -ENOPROTOOPT;
	number = !!(__atomic_load_n(&f->stream.kept, __ATOMIC_RELAXED) & bit);
	return give(value, size, &number, sizeof(number));
}

WRAP5(getsockopt, fd, level, name, value, room)
{
	SOCKET_OR_TARGET(f, fd,
			 target(getsockopt, fd, level, name, value, room));
	int32_t size;
	long r = socket_room(value, room, &size);

	if (!r)
		r = get_option(f, (int)level, (int)name, (void *)value,
			       (uint32_t *)&size);
	if (!r)
		memcpy((void *)room, &size, sizeof(size));
	provide_put(f);
	return r;
}

/* How much can be read: as much as fits into a look at it. */
static long readable(struct provide_file *f)
{
	char look[4096];
	struct socket_data d = {.data = look,
				.size = sizeof(look),
				.flags = MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC};
	long r;

	if (socket_is_stream(f))
		d.flags &= ~(unsigned)MSG_TRUNC;
	r = socket_receive(f, &d);
	return r > 0 ? r : 0;
}

long socket_ioctl(struct provide_file *f, unsigned request, long argument)
{
	int32_t number = 0;

	switch (request) {
	case FIONREAD:
		if (!socket_table(f)->may_enter())
			return -EDEADLK;
		number = (int32_t)readable(f);
		break;
	case SIOCOUTQ:
	case SIOCATMARK:
		break;
	default:
		return -ENOTTY;
	}
	if (provide_bad(argument))
		return -EFAULT;
	memcpy((void *)argument, &number, sizeof(number));
	return 0;
}
