/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_option.c - options at the level SOL_SOCKET (socket(7)).
 */
#include "core/clock.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/time.h"
#include "io/socket.h"
#include "lib/string.h"

/* Limits as on Linux: net.core.wmem_max, and the least of sock_setsockopt. */
#define BUFFER_MAX SOCKET_BUFFER
#define BUFFER_MIN 2304

#define BIT(name) (1U << (name))

/* Those that are on or off and kept for who asks. */
#define SWITCHES                                                               \
	(BIT(SO_DEBUG) | BIT(SO_REUSEADDR) | BIT(SO_DONTROUTE) |               \
	 BIT(SO_BROADCAST) | BIT(SO_KEEPALIVE) | BIT(SO_OOBINLINE) |           \
	 BIT(SO_REUSEPORT) | BIT(SO_PASSCRED) | BIT(SO_TIMESTAMP))

static bool is_switch(int name)
{
	return name > 0 && name < 32 && (SWITCHES & BIT(name));
}

static int set_timeout(uint64_t *timeout, const void *value, uint32_t size)
{
	struct abi_timeval tv;
	uint64_t ns = DEADLINE_NEVER;

	if (size < sizeof(tv))
		return -EINVAL;
	memcpy(&tv, value, sizeof(tv));
	if (tv.usec < 0 || tv.usec >= 1000000)
		return -EDOM;
	if (tv.sec < 0)
		ns = 1; /* as on Linux: nothing is waited for */
	else if ((uint64_t)tv.sec < CLOCK_FOREVER / NS_PER_SEC &&
		 (tv.sec || tv.usec))
		ns = (uint64_t)tv.sec * NS_PER_SEC + (uint64_t)tv.usec * 1000;
	__atomic_store_n(timeout, ns, __ATOMIC_RELAXED);
	return 0;
}

static void get_timeout(const uint64_t *timeout, struct abi_timeval *tv)
{
	uint64_t ns = __atomic_load_n(timeout, __ATOMIC_RELAXED);

	if (ns == DEADLINE_NEVER)
		ns = 0;
	tv->sec = (int64_t)(ns / NS_PER_SEC);
	tv->usec = (int64_t)(ns % NS_PER_SEC / 1000);
}

/* Linux doubles what is asked for, for its own records, and says so. */
static void set_buffer(uint32_t *buffer, int value)
{
	uint32_t size =
	    value < 0 || value > BUFFER_MAX ? BUFFER_MAX : (uint32_t)value;

	size *= 2;
	if (size < BUFFER_MIN)
		size = BUFFER_MIN;
	__atomic_store_n(buffer, size, __ATOMIC_RELAXED);
}

static int set_number(struct socket *s, int name, int value)
{
	if (is_switch(name)) {
		if (value)
			__atomic_fetch_or(&s->options, BIT(name),
					  __ATOMIC_RELAXED);
		else
			__atomic_fetch_and(&s->options, ~BIT(name),
					   __ATOMIC_RELAXED);
		return 0;
	}
	switch (name) {
	case SO_SNDBUF:
	case SO_SNDBUFFORCE:
		set_buffer(&s->send_buffer, value);
		return 0;
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
		set_buffer(&s->receive_buffer, value);
		return 0;
	case SO_PRIORITY:
		s->priority = (uint32_t)value;
		return 0;
	case SO_RCVLOWAT:
		s->receive_low = value <= 0 ? 1 : (uint32_t)value;
		return 0;
	}
	return -ENOPROTOOPT;
}

int socket_set_option(struct file *f, int level, int name, const void *value,
		      uint32_t size)
{
	struct socket *s = socket_of(f);
	int number;

	if (level != SOL_SOCKET)
		return f->ops->socket->set_option
			   ? f->ops->socket->set_option(f, level, name, value,
							size)
			   : -EOPNOTSUPP;
	if (size < sizeof(number))
		return -EINVAL;
	switch (name) {
	case SO_RCVTIMEO:
	case SO_RCVTIMEO_NEW:
		return set_timeout(&s->receive_timeout, value, size);
	case SO_SNDTIMEO:
	case SO_SNDTIMEO_NEW:
		return set_timeout(&s->send_timeout, value, size);
	case SO_LINGER:
		if (size < sizeof(s->linger))
			return -EINVAL;
		memcpy(&s->linger, value, sizeof(s->linger));
		return 0;
	}
	memcpy(&number, value, sizeof(number));
	return set_number(s, name, number);
}

static int get_number(struct socket *s, int name, int *value)
{
	if (is_switch(name)) {
		*value = socket_option(s, name);
		return 0;
	}
	switch (name) {
	case SO_TYPE:
		*value = s->type;
		return 0;
	case SO_DOMAIN:
		*value = s->family;
		return 0;
	case SO_PROTOCOL:
		*value = (int)s->protocol;
		return 0;
	case SO_ERROR:
		*value = -socket_take_error(s);
		return 0;
	case SO_ACCEPTCONN:
		*value = s->listening;
		return 0;
	case SO_SNDBUF:
		*value = (int)s->send_buffer;
		return 0;
	case SO_RCVBUF:
		*value = (int)s->receive_buffer;
		return 0;
	case SO_PRIORITY:
		*value = (int)s->priority;
		return 0;
	case SO_RCVLOWAT:
		*value = (int)s->receive_low;
		return 0;
	case SO_SNDLOWAT:
		*value = 1;
		return 0;
	}
	return -ENOPROTOOPT;
}

/* What was asked for, cut to the room there is. */
static int give(void *value, uint32_t *size, const void *from, uint32_t n)
{
	if (n < *size)
		*size = n;
	memcpy(value, from, *size);
	return 0;
}

int socket_get_option(struct file *f, int level, int name, void *value,
		      uint32_t *size)
{
	struct socket *s = socket_of(f);
	struct abi_timeval tv;
	int number = 0, error;

	if (level == SOL_SOCKET) {
		switch (name) {
		case SO_RCVTIMEO:
		case SO_RCVTIMEO_NEW:
			get_timeout(&s->receive_timeout, &tv);
			return give(value, size, &tv, sizeof(tv));
		case SO_SNDTIMEO:
		case SO_SNDTIMEO_NEW:
			get_timeout(&s->send_timeout, &tv);
			return give(value, size, &tv, sizeof(tv));
		case SO_LINGER:
			return give(value, size, &s->linger, sizeof(s->linger));
		}
		error = get_number(s, name, &number);
		if (error != -ENOPROTOOPT)
			return error
				   ? error
				   : give(value, size, &number, sizeof(number));
	}
	if (!f->ops->socket->get_option)
		return level == SOL_SOCKET ? -ENOPROTOOPT : -EOPNOTSUPP;
	return f->ops->socket->get_option(f, level, name, value, size);
}
