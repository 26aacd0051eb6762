/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * network_waiting.c - waiting for sockets: select, epoll, timeouts, and other
 * threads.
 */
#define _GNU_SOURCE
#include "network.h"

static unsigned told(int set, int timeout)
{
	struct epoll_event e = {0};
	int n = epoll_wait(set, &e, 1, timeout);

	return n == 1 ? e.events : 0;
}

static void watch(int set, int op, int fd, unsigned events)
{
	struct epoll_event e = {.events = events};

	if (epoll_ctl(set, op, fd, &e))
		say(false, "epoll_ctl");
}

static void test_select(void)
{
	struct timeval none = {0, 0};
	fd_set in, out;
	int end[2];

	network_pair(end, 0);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(end[1], &in);
	FD_SET(end[1], &out);
	say(select(end[1] + 1, &in, &out, NULL, &none) == 1 &&
		FD_ISSET(end[1], &out),
	    "select: writable");
	write(end[0], "x", 1);
	FD_SET(end[1], &in);
	say(select(end[1] + 1, &in, NULL, NULL, NULL) == 1, "and readable");
	close(end[0]);
	close(end[1]);
}

static void test_epoll(void)
{
	char c[8];
	int end[2], set = epoll_create1(0);

	network_pair(end, SOCK_NONBLOCK);
	watch(set, EPOLL_CTL_ADD, end[1], EPOLLIN);
	say(!told(set, 0), "epoll: nothing");
	write(end[0], "abc", 3);
	say(told(set, -1) == EPOLLIN && told(set, -1) == EPOLLIN,
	    "level-triggered");
	watch(set, EPOLL_CTL_MOD, end[1], EPOLLIN | EPOLLET);
	say(told(set, -1) == EPOLLIN && !told(set, 0), "edge-triggered");
	read(end[1], c, 8);
	say(!told(set, 0), "read");
	write(end[0], "d", 1);
	say(told(set, -1) == EPOLLIN && !told(set, 0), "the next edge");
	read(end[1], c, 1);
	SAY_ERROR(read(end[1], c, 1), EAGAIN, "empty");
	write(end[0], "e", 1);
	say(told(set, -1) == EPOLLIN && !told(set, 0), "and the next");
	watch(set, EPOLL_CTL_MOD, end[1], EPOLLIN | EPOLLONESHOT);
	say(told(set, -1) == EPOLLIN && !told(set, 0), "one shot");
	write(end[0], "f", 1);
	say(!told(set, 0), "is one");
	watch(set, EPOLL_CTL_MOD, end[1], EPOLLIN | EPOLLRDHUP | EPOLLONESHOT);
	say(told(set, -1) == EPOLLIN, "and one more");
	watch(set, EPOLL_CTL_MOD, end[1], EPOLLRDHUP | EPOLLET);
	close(end[0]);
	say(told(set, -1) == (EPOLLRDHUP | EPOLLHUP), "the peer has gone");
	close(end[1]);
	say(!told(set, 0), "a closed one isn't in the set");
	close(set);
}

static void test_writable_edges(void)
{
	static char data[20000];
	int end[2], set = epoll_create1(0), edges = 0, sent = 0;

	network_pair(end, SOCK_NONBLOCK);
	watch(set, EPOLL_CTL_ADD, end[0], EPOLLOUT | EPOLLET);
	while (told(set, 0)) {
		edges++;
		while (write(end[0], data, sizeof(data)) > 0)
			sent++;
	}
	say(edges == 1 && sent == 1, "edges of output: one at first");
	for (int i = 0; i < 20; i++) {
		while (read(end[1], data, 3000) > 0)
			;
		edges += !!told(set, -1);
		while (write(end[0], data, sizeof(data)) > 0)
			;
	}
	say(edges == 21, "and one for each time that there is room");
	close(end[0]);
	close(end[1]);
	close(set);
}

static void test_timeouts(void)
{
	struct timeval t = {0, 20000}, got = {9, 9};
	socklen_t size = sizeof(got);
	static char data[8192];
	int end[2], l = network_listen(5030, 0);

	setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	SAY_ERROR(accept(l, NULL, NULL), EAGAIN, "accept with a timeout");
	close(l);
	network_pair(end, 0);
	setsockopt(end[1], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	say(!getsockopt(end[1], SOL_SOCKET, SO_RCVTIMEO, &got, &size) &&
		size == sizeof(got) && got.tv_sec == 0 && got.tv_usec == 20000,
	    "SO_RCVTIMEO is kept");
	SAY_ERROR(read(end[1], data, 1), EAGAIN, "read with a timeout");
	setsockopt(end[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	say(write(end[0], data, 8192) == 8192, "full");
	SAY_ERROR(write(end[0], data, 1), EAGAIN, "write with a timeout");
	say(recv(end[1], data, 8192, MSG_WAITALL) == 8192, "all of it");
	write(end[0], data, 5);
	say(recv(end[1], data, 10, MSG_WAITALL) == 5,
	    "what there is, at the timeout");
	t.tv_usec = 1000000;
	SAY_ERROR(setsockopt(end[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)),
		  EDOM, "no such time");
	close(end[0]);
	close(end[1]);
}

void network_waiting(void)
{
	test_select();
	test_epoll();
	test_writable_edges();
	test_timeouts();
}

/* --- threads -- */

#define MUCH 300000

static void *send_much(void *p)
{
	int fd = *(int *)p;
	char *data = malloc(MUCH);

	for (int i = 0; i < MUCH; i++)
		data[i] = (char)(i * 31 >> 3);
	say(write(fd, data, MUCH) == MUCH, "a write that waits for room");
	shutdown(fd, SHUT_WR);
	free(data);
	return NULL;
}

static void test_much(void)
{
	int end[2], at = 0;
	bool same = true;
	pthread_t t;
	char part[1000];
	ssize_t r;

	network_pair(end, 0);
	pthread_create(&t, NULL, send_much, &end[0]);
	while ((r = read(end[1], part, sizeof(part))) > 0)
		for (ssize_t i = 0; i < r; i++, at++)
			same = same && part[i] == (char)(at * 31 >> 3);
	pthread_join(t, NULL);
	say(r == 0 && at == MUCH && same, "and all of it arrives");
	close(end[0]);
	close(end[1]);
}

static void *serve(void *p)
{
	int l = *(int *)p, fd;
	char line[64];
	ssize_t n;

	while ((fd = accept(l, NULL, NULL)) >= 0) {
		while ((n = read(fd, line, sizeof(line))) > 0)
			write(fd, line, (size_t)n);
		close(fd);
		if (line[0] == 'q')
			break;
	}
	return NULL;
}

static void test_server(int port)
{
	struct sockaddr_in a = network_address(port);
	int l = network_listen(port, 0), good = 0;
	char line[64] = "hello";
	pthread_t t;

	pthread_create(&t, NULL, serve, &l);
	for (int i = 0; i < 20; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (i == 19)
			line[0] = 'q';
		if (!connect(fd, (struct sockaddr *)&a, sizeof(a)) &&
		    write(fd, line, 6) == 6 &&
		    recv(fd, line, 6, MSG_WAITALL) == 6)
			good++;
		close(fd);
	}
	pthread_join(t, NULL);
	say(good == 20, "20 connections to port %d, one after the other", port);
	close(l);
}

static void *read_one(void *p)
{
	char c = 0;

	return (void *)(long)read(*(int *)p, &c, 1);
}

static void test_close(void)
{
	int end[2], copy;
	pthread_t t;
	void *r;

	network_pair(end, 0);
	copy = end[1];
	pthread_create(&t, NULL, read_one, &copy);
	usleep(20000);
	close(end[1]);
	say(write(end[0], "x", 1) == 1, "closed while another thread reads:");
	pthread_join(t, &r);
	say((long)r == 1, "it goes on reading");
	say(network_ready(end[0], -1) & POLLHUP, "and then it is closed");
	close(end[0]);
}

static void *send_parts(void *p)
{
	write(*(int *)p, "abc", 3);
	usleep(20000);
	write(*(int *)p, "def", 3);
	return NULL;
}

static void test_parts(void)
{
	pthread_t t;
	char c[6];
	int end[2];

	network_pair(end, 0);
	pthread_create(&t, NULL, send_parts, &end[0]);
	say(recv(end[1], c, 6, MSG_WAITALL) == 6 && !memcmp(c, "abcdef", 6),
	    "MSG_WAITALL waits for all parts");
	pthread_join(t, NULL);
	close(end[0]);
	close(end[1]);
}

static void *poll_one(void *p)
{
	return (void *)(long)network_ready(*(int *)p, 10000);
}

static void test_poll(void)
{
	int end[2];
	static char data[8192];
	pthread_t t;
	void *r;

	network_pair(end, 0);
	write(end[0], data, sizeof(data));
	pthread_create(&t, NULL, poll_one, &end[0]);
	usleep(10000);
	read(end[1], data, 1);
	pthread_join(t, &r);
	say((long)r == POLLOUT, "another thread's poll is woken");
	close(end[0]);
	close(end[1]);
}

static void test_many(void)
{
	int end[60][2], set = epoll_create1(0), n = 0;
	struct epoll_event e = {.events = EPOLLIN}, all[64];

	for (int i = 0; i < 60; i++) {
		network_pair(end[i], SOCK_NONBLOCK);
		e.data.u32 = (uint32_t)i;
		epoll_ctl(set, EPOLL_CTL_ADD, end[i][1], &e);
	}
	for (int i = 0; i < 60; i += 3)
		write(end[i][0], "x", 1);
	say(epoll_wait(set, all, 64, -1) == 20, "20 of 60 are readable");
	for (int i = 0; i < 20; i++)
		n += all[i].data.u32 % 3 == 0;
	say(n == 20, "and the right ones");
	for (int i = 0; i < 60; i++) {
		close(end[i][0]);
		close(end[i][1]);
	}
	close(set);
}

void network_threads(void)
{
	test_much();
	test_server(5040);
	test_server(5041);
	test_close();
	test_parts();
	test_poll();
	test_many();
}
