/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * network - a program that knows nothing of providers, but for its first and
 * last lines: POSIX's calls on sockets, which the network in memory answers
 * (loopback.h).
 */
#define _GNU_SOURCE
#include <signal.h>
#include "network.h"

int say_failed;

struct sockaddr_in network_address(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)port),
				.sin_addr = {htonl(INADDR_LOOPBACK)}};

	return a;
}

int network_listen(int port, int flags)
{
	struct sockaddr_in a = network_address(port);
	int fd = socket(AF_INET, SOCK_STREAM | flags, 0), on = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 4)) {
		say(false, "a listener at port %d", port);
		exit(1);
	}
	return fd;
}

void network_pair(int end[2], int flags)
{
	struct sockaddr_in a = network_address(6000);
	int l = network_listen(6000, 0);

	end[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(end[0], (struct sockaddr *)&a, sizeof(a)) ||
	    (end[1] = accept4(l, NULL, NULL, flags)) < 0 ||
	    fcntl(end[0], F_SETFL, flags & SOCK_NONBLOCK ? O_NONBLOCK : 0)) {
		say(false, "a pair");
		exit(1);
	}
	close(l);
}

unsigned network_ready(int fd, int timeout)
{
	struct pollfd p = {.fd = fd,
			   .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI};

	return poll(&p, 1, timeout) < 0 ? 0xffff : (unsigned)p.revents;
}

static void test_names(void)
{
	struct sockaddr_in a = network_address(5000), b;
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6,
				  .sin6_port = htons(5002)};
	socklen_t size = sizeof(b), little = 4;
	int fd = network_listen(5000, 0), c, s;

	SAY_ERROR(bind(fd, (struct sockaddr *)&a, sizeof(a)), EINVAL,
		  "bound once");
	say(!getsockname(fd, (struct sockaddr *)&b, &size) &&
		size == sizeof(a) && !memcmp(&a, &b, sizeof(a)),
	    "getsockname");
	memset(&b, 0x55, sizeof(b));
	say(!getsockname(fd, (struct sockaddr *)&b, &little) &&
		little == sizeof(a) && b.sin_addr.s_addr == 0x55555555,
	    "as much of it as there is room for");
	c = socket(AF_INET, SOCK_STREAM, 0);
	SAY_ERROR(bind(c, (struct sockaddr *)&a, sizeof(a)), EADDRINUSE,
		  "the port is taken");
	SAY_ERROR(bind(c, (struct sockaddr *)&a, 7), EINVAL, "a short address");
	SAY_ERROR(bind(c, (struct sockaddr *)&a, 129), EINVAL, "a long one");
	SAY_ERROR(getpeername(c, (struct sockaddr *)&b, &size), ENOTCONN,
		  "no peer yet");
	say(!connect(c, (struct sockaddr *)&a, sizeof(a)), "connect");
	SAY_ERROR(connect(c, (struct sockaddr *)&a, sizeof(a)), EISCONN,
		  "connected");
	size = sizeof(b);
	s = accept(fd, (struct sockaddr *)&b, &size);
	say(s >= 0 && size == sizeof(b) && b.sin_family == AF_INET, "accept");
	size = sizeof(b);
	say(!getpeername(c, (struct sockaddr *)&b, &size) &&
		ntohs(b.sin_port) == 5000,
	    "getpeername");
	close(s);
	close(c);
	close(fd);
	fd = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
	c = socket(AF_INET6, SOCK_STREAM, 0);
	say(!bind(fd, (struct sockaddr *)&a6, sizeof(a6)) && !listen(fd, 1) &&
		!connect(c, (struct sockaddr *)&a6, 24),
	    "IPv6, with an address of the old size");
	close(fd);
	close(c);
}

static void test_families(void)
{
	struct sockaddr_in a = network_address(5010);
	int pair[2], fd;
	char byte = 0;

	SAY_ERROR(socket(AF_INET, SOCK_RAW, 0), ESOCKTNOSUPPORT, "no raw");
	SAY_ERROR(socket(AF_INET, SOCK_STREAM, 17), EPROTONOSUPPORT,
		  "no other protocol");
	SAY_ERROR(socket(AF_INET, SOCK_STREAM | 0x100, 0), EINVAL, "bad type");
	SAY_ERROR(socket(93, SOCK_STREAM, 0), EAFNOSUPPORT, "nobody's family");
	say(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair) &&
		write(pair[0], "x", 1) == 1 && read(pair[1], &byte, 1) == 1 &&
		byte == 'x',
	    "socketpair is the target's");
	close(pair[0]);
	close(pair[1]);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	SAY_ERROR(connect(fd, (struct sockaddr *)&a, sizeof(a)), EINVAL,
		  "AF_UNIX is the target's");
	close(fd);
	fd = open("/dev/null", O_RDWR);
	SAY_ERROR(listen(fd, 1), ENOTSOCK, "no socket");
	close(fd);
	SAY_ERROR(listen(fd, 1), EBADF, "no descriptor");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	loopback_shut = 1;
	SAY_ERROR(listen(fd, 1), EDEADLK, "where it can't be entered");
	SAY_ERROR(read(fd, &byte, 1), EDEADLK, "read, too");
	SAY_ERROR(socket(AF_INET, SOCK_STREAM, 0), EDEADLK, "socket, too");
	say(!close(fd), "close is put off");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	say(fd >= 0, "a family that was left alone isn't asked for");
	close(fd);
	loopback_shut = 0;
	close(socket(AF_INET, SOCK_STREAM, 0));
	say(!loopback_open, "and made up for");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	alarm(120);
	test_names();
	test_families();
	network_streams();
	network_endings();
	network_waiting();
	network_datagrams();
	network_options();
	network_threads();
	say(!loopback_open, "all sockets have been closed");
	printf("1..%d\n", say_count);
	return say_failed ? 1 : 0;
}
