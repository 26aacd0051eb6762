/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of what a provider of a console or a network may return, and of the
 * calls that programs make: the input is a list of calls, each a byte, and
 * whenever the provider is asked, the next bytes say what it answers.  Whatever
 * that is, results are within what POSIX promises the caller, and nothing is
 * written beyond the caller's buffers (ASan).  Without more input the provider
 * answers well, and its wait ends by a signal.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "provide_real.h"
#include "provide_posix.h"
#include "halvm/provider.h"

#define LARGE 9000 /* more than what is copied on the stack */
#define GUARD 0x5a

static const uint8_t *input;
static size_t left;
static halvm_handle handles;
static unsigned made;

static unsigned next(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

/* What a call that may move n bytes returns. */
static long answer(size_t n)
{
	static const long odd[] = {-EAGAIN,   -EINTR, -EPIPE,	 -1,
				   -4095,     -4096,  INT64_MIN, INT64_MAX,
				   INT32_MAX, 0,      -ENOTCONN, 1L << 32};
	unsigned how = next();

	if (how < 128)
		return n ? 1 + (long)((how * 97) % n) : 0;
	if (how < 160)
		return (long)n + how % 3;
	return odd[how % (sizeof(odd) / sizeof(*odd))];
}

static int small_answer(void)
{
	unsigned how = next();

	return how < 200 ? 0 : -(int)(how % 3 ? how : 5000 + how);
}

static void fill(void *to, size_t n, long r)
{
	if (r > 0 && n)
		memset(to, 0x11, (size_t)r < n ? (size_t)r : n);
}

static int may_enter(void)
{
	return next() < 250;
}

static long console_read(void *to, size_t n)
{
	long r = answer(n);

	fill(to, n, r);
	return r;
}

static long console_write(int stream, const void *from, size_t n)
{
	(void)from;
	if (stream != 1 && stream != 2)
		abort();
	return answer(n);
}

static int console_window(struct halvm_window *w)
{
	w->rows = (uint16_t)next();
	return small_answer();
}

static long wait_for(unsigned events, int64_t timeout)
{
	unsigned how = next();

	if (timeout < -1)
		abort();
	if (!how)
		return -EINTR;
	return how < 128 ? (long)(how & events) : answer(0x7fff);
}

static long console_wait(int stream, unsigned events, int64_t timeout)
{
	halvm_provider_ready(HALVM_CONSOLE, (halvm_handle)stream, next());
	return wait_for(events, timeout);
}

static const struct halvm_console_provider console = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = may_enter,
    .read = console_read,
    .write = console_write,
    .window = console_window,
    .wait = console_wait,
};

static int new_handle(halvm_handle *to)
{
	int r = small_answer();

	if (r >= 0 && next() < 240) {
		*to = ++handles;
		made++;
	}
	return r;
}

static int net_socket(int family, int type, int protocol, halvm_handle *to)
{
	(void)protocol;
	if (type & ~15)
		abort();
	return family == 1 ? -EAFNOSUPPORT : new_handle(to);
}

static int net_close(halvm_handle h)
{
	if (!h)
		abort();
	return small_answer();
}

static int net_address(halvm_handle h, const void *address, uint32_t size)
{
	static unsigned char seen[128];

	(void)h;
	if (size < 2 || size > sizeof(seen))
		abort();
	memcpy(seen, address, size);
	return small_answer();
}

static int net_connect(halvm_handle h, const void *address, uint32_t size)
{
	int r = net_address(h, address, size);

	if (next() & 1)
		r = -EINPROGRESS;
	halvm_provider_ready(HALVM_NETWORK, h, next());
	return r;
}

static int net_listen(halvm_handle h, int backlog)
{
	(void)h;
	(void)backlog;
	return small_answer();
}

static void put_address(void *address, uint32_t *size)
{
	if (address)
		memset(address, 0x22, *size);
	*size = next() << next() % 25;
}

static int net_accept(halvm_handle h, halvm_handle *to, void *address,
		      uint32_t *size)
{
	int r = new_handle(to);

	(void)h;
	put_address(address, size);
	return next() & 1 ? -EAGAIN : r;
}

static int net_name(halvm_handle h, int of_peer, void *address, uint32_t *size)
{
	(void)h;
	(void)of_peer;
	put_address(address, size);
	return small_answer();
}

static long net_send(halvm_handle h, const void *from, size_t n, unsigned flags,
		     const void *address, uint32_t size)
{
	static char seen[LARGE];

	(void)h;
	if (address && size > 128)
		abort();
	if (flags & (MSG_DONTWAIT | MSG_NOSIGNAL))
		abort();
	if (n)
		memcpy(seen, from, n < sizeof(seen) ? n : sizeof(seen));
	return answer(n);
}

static long net_receive(halvm_handle h, void *to, size_t n, unsigned *flags,
			void *address, uint32_t *size)
{
	long r = answer(n);

	fill(to, n, r);
	put_address(address, size);
	*flags = next();
	halvm_provider_ready(HALVM_NETWORK, h, next());
	return r;
}

static int net_shutdown(halvm_handle h, int how)
{
	(void)h;
	if (how < 0 || how > 2)
		abort();
	return small_answer();
}

static int net_set(halvm_handle h, int level, int name, const void *value,
		   uint32_t size)
{
	static char seen[256];

	(void)h;
	(void)level;
	(void)name;
	if (size)
		memcpy(seen, value, size < sizeof(seen) ? size : sizeof(seen));
	return small_answer();
}

static int net_get(halvm_handle h, int level, int name, void *value,
		   uint32_t *size)
{
	(void)h;
	(void)level;
	(void)name;
	put_address(value, size);
	return small_answer();
}

static long net_wait(halvm_handle h, unsigned events, int64_t timeout)
{
	(void)h;
	return wait_for(events, timeout);
}

static const struct halvm_network_provider network = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = may_enter,
    .socket = net_socket,
    .close = net_close,
    .bind = net_address,
    .connect = net_connect,
    .listen = net_listen,
    .accept = net_accept,
    .name = net_name,
    .send = net_send,
    .receive = net_receive,
    .shutdown = net_shutdown,
    .set_option = net_set,
    .get_option = net_get,
    .wait = net_wait,
};

/* --- the program -- */

static char buffer[LARGE];
static struct {
	unsigned char bytes[64];
	unsigned char guard[64];
} place;

static size_t some_size(void)
{
	static const size_t sizes[] = {0, 1, 7, 100, 4096, 4097, LARGE};

	return sizes[next() % 7];
}

static void moved(long r, size_t n, unsigned flags)
{
	if (r < -1 || (r > (long)n && !(flags & MSG_TRUNC)) || r > INT32_MAX)
		abort();
}

static void vector(struct iovec v[3], size_t *n)
{
	*n = 0;
	for (unsigned i = 0; i < 3; i++) {
		v[i] = (struct iovec){malloc(3000), next() * 11U};
		*n += v[i].iov_len;
	}
}

static void drop(struct iovec v[3])
{
	for (unsigned i = 0; i < 3; i++)
		free(v[i].iov_base);
}

static void message(int fd, bool send, unsigned flags)
{
	struct iovec v[3];
	struct msghdr m = {.msg_name = next() & 1 ? place.bytes : NULL,
			   .msg_namelen = next() % 65,
			   .msg_iov = v,
			   .msg_iovlen = next() % 4};
	size_t n;

	vector(v, &n);
	if (send)
		moved(sendmsg(fd, &m, flags | MSG_NOSIGNAL), n, 0);
	else
		moved(recvmsg(fd, &m, flags), n, flags);
	drop(v);
}

static void with_address(int fd, unsigned op)
{
	socklen_t size = next() % 65;
	struct sockaddr *a = (struct sockaddr *)place.bytes;
	unsigned flags = next() << 1;
	size_t n = some_size();

	place.bytes[0] = (unsigned char)(next() & 1 ? AF_INET6 : AF_INET);
	place.bytes[1] = 0;
	switch (op) {
	case 0:
		bind(fd, a, size);
		break;
	case 1:
		connect(fd, a, size);
		break;
	case 2:
		fd = accept4(fd, a, &size, next() & 1 ? SOCK_NONBLOCK : 0);
		if (fd >= 0)
			close(fd);
		break;
	case 3:
		getsockname(fd, a, &size);
		break;
	case 4:
		moved(recvfrom(fd, buffer, n, flags, a, &size), n, flags);
		break;
	case 5:
		moved(sendto(fd, buffer, n, MSG_NOSIGNAL, a, size), n, 0);
		break;
	case 6:
		getsockopt(fd, next() & 7, next() & 63, place.bytes, &size);
		if (size > 64)
			abort();
		break;
	case 7:
		setsockopt(fd, next() & 7, next() & 63, place.bytes, size);
		break;
	}
	for (unsigned i = 0; i < sizeof(place.guard); i++)
		if (place.guard[i] != GUARD)
			abort();
}

static void step(int fd)
{
	unsigned op = next() % 20;
	struct iovec v[3];
	struct stat st;
	int number;
	size_t n;

	if (op < 8) {
		with_address(fd, op);
		return;
	}
	n = some_size();
	switch (op) {
	case 8:
		moved(read(fd, buffer, n), n, 0);
		break;
	case 9:
		moved(write(fd, buffer, n), n, 0);
		break;
	case 10:
	case 11:
		message(fd, op == 10, next() << 1);
		break;
	case 12:
	case 13:
		vector(v, &n);
		moved(op == 12 ? readv(fd, v, 3) : writev(fd, v, 3), n, 0);
		drop(v);
		break;
	case 14:
		ioctl(fd, FIONREAD, &number);
		break;
	case 15:
		fstat(fd, &st);
		ioctl(fd, TIOCGWINSZ, place.bytes);
		break;
	case 16:
		shutdown(fd, (int)next() - 1);
		break;
	case 17:
		listen(fd, 1);
		break;
	case 18:
		fcntl(fd, F_SETFL, next() & 1 ? O_NONBLOCK : 0);
		break;
	case 19:
		number = dup(fd);
		halvm_provider_ready(HALVM_NETWORK, handles, next());
		if (number >= 0)
			close(number);
		break;
	}
}

/* Descriptors of a console; the fuzzer's own three stay. */
static int consoles[3];

static void start(void)
{
	int saved[3], null = open("/dev/null", O_RDWR);

	signal(SIGPIPE, SIG_IGN);
	memset(place.guard, GUARD, sizeof(place.guard));
	for (int i = 0; i < 3; i++)
		saved[i] = dup(i);
	/* Where calls go that may not enter the provider. */
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	close(null);
	if (halvm_provide_console(&console) || halvm_provide_network(&network))
		abort();
	for (int i = 0; i < 3; i++)
		consoles[i] = dup(i);
	for (int i = 0; i < 3; i++) {
		dup2(saved[i], i);
		close(saved[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;

	input = data;
	left = 0;
	if (!consoles[2])
		start();
	left = size;
	fd =
	    socket(next() & 1 ? AF_INET : AF_INET6,
		   (int)(1 + next() % 5) | (next() & 1 ? SOCK_NONBLOCK : 0), 0);
	for (unsigned steps = 0; left && steps < 200; steps++)
		step(next() < 64 ? consoles[next() % 3] : fd);
	left = 0;
	if (fd >= 0)
		close(fd);
	for (int i = 0; i < 3; i++)
		fcntl(consoles[i], F_SETFL, 0);
	return 0;
}
