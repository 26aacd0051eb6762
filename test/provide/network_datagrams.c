/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * network_datagrams.c - datagrams, and options.
 */
#define _GNU_SOURCE
#include <netinet/tcp.h>
#include "network.h"

static int datagrams(int port)
{
	struct sockaddr_in a = network_address(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof(a)))
		say(false, "bind");
	return fd;
}

static void test_datagrams(void)
{
	struct sockaddr_in to = network_address(5051), from = {0};
	socklen_t size = sizeof(from);
	int a = datagrams(5050), b = datagrams(5051);
	char c[16];

	say(network_ready(a, 0) == POLLOUT, "datagrams: writable");
	SAY_ERROR(send(a, "x", 1, 0), EDESTADDRREQ, "to whom?");
	say(sendto(a, "hello", 5, 0, (struct sockaddr *)&to, sizeof(to)) == 5,
	    "sendto");
	say(network_ready(b, -1) == (POLLIN | POLLOUT), "readable");
	say(recvfrom(b, c, 16, MSG_PEEK, NULL, NULL) == 5, "a look");
	say(recvfrom(b, c, 16, 0, (struct sockaddr *)&from, &size) == 5 &&
		!memcmp(c, "hello", 5) && size == sizeof(from) &&
		ntohs(from.sin_port) == 5050,
	    "recvfrom says from whom");
	SAY_ERROR(recv(b, c, 16, MSG_DONTWAIT), EAGAIN, "no more");
	for (int i = 0; i < 2; i++)
		sendto(a, "0123456789", 10, 0, (struct sockaddr *)&to,
		       sizeof(to));
	say(recv(b, c, 4, 0) == 4, "the rest is lost");
	say(recv(b, c, 4, MSG_TRUNC) == 10, "or its size told");
	sendto(a, "", 0, 0, (struct sockaddr *)&to, sizeof(to));
	say(recv(b, c, 4, 0) == 0, "an empty one");
	say(!connect(a, (struct sockaddr *)&to, sizeof(to)) &&
		write(a, "conn", 4) == 4 && read(b, c, 16) == 4,
	    "connected");
	SAY_ERROR(sendto(a, c, 70000, 0, NULL, 0), EMSGSIZE, "too long");
	while (send(a, "x", 1, MSG_DONTWAIT) == 1)
		;
	say(errno == EAGAIN, "full");
	close(a);
	close(b);
}

static void test_messages(void)
{
	struct sockaddr_in to = network_address(5061), from;
	int a = datagrams(5060), b = datagrams(5061);
	static char big[9000], back[9000];
	char x[4], y[8], control[64];
	struct iovec out[2] = {{"abcd", 4}, {"efgh", 4}};
	struct iovec in[2] = {{x, 3}, {y, 3}};
	struct msghdr m = {.msg_name = &to,
			   .msg_namelen = sizeof(to),
			   .msg_iov = out,
			   .msg_iovlen = 2};
	struct msghdr r = {.msg_name = &from,
			   .msg_namelen = sizeof(from),
			   .msg_iov = in,
			   .msg_iovlen = 2,
			   .msg_control = control,
			   .msg_controllen = sizeof(control)};
	struct mmsghdr all[3] = {{m, 0}, {m, 0}, {m, 0}};

	say(sendmsg(a, &m, 0) == 8, "sendmsg is one datagram");
	say(recvmsg(b, &r, 0) == 6 && !memcmp(x, "abc", 3) &&
		!memcmp(y, "def", 3) && r.msg_flags == MSG_TRUNC &&
		r.msg_controllen == 0 && ntohs(from.sin_port) == 5060,
	    "recvmsg scatters it");
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 13);
	out[0] = (struct iovec){big, 6000};
	out[1] = (struct iovec){big + 6000, 3000};
	in[0] = (struct iovec){back, 1};
	in[1] = (struct iovec){back + 1, 8999};
	say(sendmsg(a, &m, 0) == 9000 && recvmsg(b, &r, 0) == 9000 &&
		!memcmp(big, back, 9000) && r.msg_flags == 0,
	    "a large one");
	out[0] = (struct iovec){"one", 3};
	out[1] = (struct iovec){"two", 3};
	say(sendmmsg(a, all, 3, 0) == 3 && all[2].msg_len == 6, "sendmmsg");
	for (int i = 0; i < 3; i++)
		all[i].msg_hdr = r;
	say(recvmmsg(b, all, 3, MSG_WAITFORONE, NULL) == 3 &&
		all[1].msg_len == 6,
	    "recvmmsg");
	sendmsg(a, &m, 0);
	say(recvmmsg(b, all, 3, MSG_WAITFORONE, NULL) == 1,
	    "and waits for one only");
	SAY_ERROR(recvmmsg(b, all, 3, MSG_DONTWAIT, NULL), EAGAIN, "no more");
	m.msg_iovlen = 2000;
	SAY_ERROR(sendmsg(a, &m, 0), EMSGSIZE, "too many parts");
	close(a);
	close(b);
}

void network_datagrams(void)
{
	test_datagrams();
	test_messages();
}

static int option(int fd, int level, int name)
{
	socklen_t size = sizeof(int);
	int v = -1;

	return getsockopt(fd, level, name, &v, &size) ? -errno : v;
}

void network_options(void)
{
	int s = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP), l, on = 1;
	int d = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t two = 2;
	short word = 0;

	say(option(s, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
		option(d, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM,
	    "SO_TYPE");
	say(option(s, SOL_SOCKET, SO_DOMAIN) == AF_INET6, "SO_DOMAIN");
	say(option(s, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP &&
		option(d, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_UDP,
	    "SO_PROTOCOL");
	l = network_listen(5070, 0);
	say(option(l, SOL_SOCKET, SO_ACCEPTCONN) == 1 &&
		option(s, SOL_SOCKET, SO_ACCEPTCONN) == 0,
	    "SO_ACCEPTCONN");
	say(option(l, SOL_SOCKET, SO_REUSEADDR) == 1, "SO_REUSEADDR");
	say(!setsockopt(s, SOL_SOCKET, SO_RCVBUF, &on, sizeof(on)) &&
		option(s, SOL_SOCKET, SO_RCVBUF) == 1,
	    "the provider's");
	SAY_ERROR(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)),
		  ENOPROTOOPT, "and what it doesn't know");
	say(!getsockopt(s, SOL_SOCKET, SO_TYPE, &word, &two) && two == 2 &&
		word == SOCK_STREAM,
	    "as much as there is room for");
	SAY_ERROR(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &on, sizeof(on)),
		  EINVAL, "too short");
	close(s);
	close(l);
	close(d);
}
