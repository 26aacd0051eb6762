/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sockets of a provider that has nearly no functions, on the build machine:
 * what the layer does in their stead.  In particular there is no `wait`, so
 * that calls wait for the placeholder (runtime/provide/stream.c).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/time.h>
#include "check.h"
#include "provide_real.h"
#include "provide_posix.h"
#include "halvm/provider.h"

static unsigned opened, closed, receives;
static _Atomic long received; /* what receive says */
static int enter = 1;

static int may_enter(void)
{
	return enter;
}

static int little_socket(int family, int type, int protocol, halvm_handle *made)
{
	(void)type;
	(void)protocol;
	if (family == AF_UNIX)
		return -EAFNOSUPPORT;
	*made = ++opened;
	return 0;
}

static int little_close(halvm_handle h)
{
	(void)h;
	closed++;
	return 0;
}

static long little_receive(halvm_handle h, void *to, size_t n, unsigned *flags,
			   void *address, uint32_t *size)
{
	(void)address;
	(void)flags;
	(void)h;
	*size = 0;
	receives++;
	if (received > 0)
		memset(to, 'x', n < (size_t)received ? n : (size_t)received);
	return received;
}

static struct halvm_network_provider table = {
    .abi = HALVM_PROVIDER_ABI,
    .may_enter = may_enter,
    .socket = little_socket,
    .close = little_close,
    .receive = little_receive,
};

static void test_table(void)
{
	struct halvm_network_provider bad = table;

	check(halvm_provide_network(NULL) == -EINVAL, "no table");
	bad.abi = 2;
	check(halvm_provide_network(&bad) == -EINVAL, "another abi");
	bad = table;
	bad.close = NULL;
	check(halvm_provide_network(&bad) == -EINVAL, "a function is missing");
	check(halvm_provide_network(&table) == 0, "the network");
	check(halvm_provide_network(&table) == -EBUSY, "only once");
}

#define FAILS(call, error, name) check((call) == -1 && errno == (error), name)

static void test_missing(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct sockaddr *any = (struct sockaddr *)&a;
	int fd = socket(AF_INET, SOCK_STREAM, 0), n = 1;
	socklen_t size = sizeof(a), four = sizeof(n);

	FAILS(bind(fd, any, size), EOPNOTSUPP, "bind");
	FAILS(connect(fd, any, size), EOPNOTSUPP, "connect");
	FAILS(listen(fd, 1), EOPNOTSUPP, "listen");
	FAILS(accept(fd, NULL, NULL), EOPNOTSUPP, "accept");
	FAILS(getsockname(fd, any, &size), EOPNOTSUPP, "getsockname");
	FAILS(send(fd, "x", 1, 0), EOPNOTSUPP, "send");
	FAILS(shutdown(fd, SHUT_RD), EOPNOTSUPP, "shutdown");
	check(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &n, four) &&
		  !setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &n, four),
	      "switches are kept");
	n = 0;
	check(!getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &n, &four) && n == 1,
	      "one is on");
	check(!getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, &four) && n == 0,
	      "another off");
	check(!getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &n, &four) && n == 1,
	      "TCP_NODELAY");
	check(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &n, &four) && n == 0,
	      "no error");
	FAILS(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &n, four), ENOPROTOOPT,
	      "nobody knows this");
	FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, 1), EINVAL,
	      "too short");
	FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, -1), EINVAL,
	      "no size");
	FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, NULL, 4), EFAULT,
	      "no value");
	FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, &n, NULL), EFAULT, "no room");
	close(fd);
	check(opened == closed, "closed");
}

static void *tell_later(void *p)
{
	usleep(20000);
	received = 1;
	halvm_provider_ready(HALVM_NETWORK, opened, POLLIN);
	return p;
}

static void test_wait(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval t = {0, 10000};
	pthread_t teller;
	char c = 0;

	received = -EAGAIN;
	receives = 0;
	pthread_create(&teller, NULL, tell_later, NULL);
	check(read(fd, &c, 1) == 1 && c == 'x', "a read that waits");
	pthread_join(teller, NULL);
	check(receives <= 3, "in its sleep");
	received = -EAGAIN;
	halvm_provider_ready(HALVM_NETWORK, opened, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	FAILS(read(fd, &c, 1), EAGAIN, "a timeout");
	t = (struct timeval){-1, 0};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	FAILS(read(fd, &c, 1), EAGAIN, "none at all");
	close(fd);
}

static void on_alarm(int n)
{
	(void)n;
}

static void test_signal(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct itimerval t = {{0, 0}, {0, 20000}};
	struct sigaction a = {.sa_handler = on_alarm};
	char c;

	received = -EAGAIN;
	sigaction(SIGALRM, &a, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
	FAILS(read(fd, &c, 1), EINTR, "a signal ends it");
	close(fd);
}

static void test_results(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int d = socket(AF_INET, SOCK_DGRAM, 0);
	struct pollfd p = {.fd = d, .events = POLLOUT};
	struct msghdr m = {.msg_iov = NULL};
	char c[8];
	struct iovec v = {c, 8};
	struct msghdr good = {.msg_iov = &v, .msg_iovlen = 1};

	received = 100;
	check(read(fd, c, 8) == 8, "no more than there is room for");
	check(recv(d, c, 8, 0) == 8 && recv(d, c, 8, MSG_TRUNC) == 100,
	      "a datagram, or its size");
	check(recvmsg(d, &good, 0) == 8 && good.msg_flags == MSG_TRUNC,
	      "which is told, too");
	received = -5000;
	FAILS(read(fd, c, 8), EIO, "an error that is none");
	check(poll(&p, 1, 0) == 1, "datagrams are writable");
	FAILS(recvmsg(d, NULL, 0), EFAULT, "no header");
	m.msg_iovlen = 1;
	FAILS(recvmsg(d, &m, 0), EFAULT, "no vector");
	FAILS(recv(d, NULL, 1, 0), EFAULT, "no buffer");
	close(fd);
	close(d);
}

/* Closing where the provider can't be entered is made up for. */
static void test_late(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	unsigned before = closed;

	enter = 0;
	check(close(fd) == 0 && closed == before, "not closed yet");
	FAILS(socket(AF_INET, SOCK_STREAM, 0), EDEADLK, "no socket here");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	check(fd == -1 && errno == EDEADLK,
	      "nor of a family that nobody has asked for");
	enter = 1;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	check(fd >= 0 && closed == before + 1, "closed with the next call");
	close(fd);
	enter = 0;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	check(fd >= 0, "the family is known to be the machine's");
	close(fd);
	enter = 1;
	check(opened == closed, "all are closed");
}

int main(void)
{
	test_table();
	test_missing();
	test_wait();
	test_signal();
	test_results();
	test_late();
	return check_done();
}
