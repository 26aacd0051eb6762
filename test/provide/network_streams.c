/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * network_streams.c - streams: what goes through, how they begin and end.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include "network.h"

static volatile int pipes;

static void count_pipe(int n)
{
	(void)n;
	pipes++;
}

static void test_vectors(void)
{
	char a[3], b[10], big[6000], back[6000];
	struct iovec out[3] = {{"abc", 3}, {NULL, 0}, {"defg", 4}};
	struct iovec in[2] = {{a, 3}, {b, 10}};
	struct msghdr m = {.msg_iov = in,
			   .msg_iovlen = 2,
			   .msg_controllen = 0,
			   .msg_flags = -1};
	off_t at = 1000;
	int end[2], file;

	network_pair(end, 0);
	say(writev(end[0], out, 3) == 7, "writev");
	say(readv(end[1], in, 2) == 7 && !memcmp(a, "abc", 3) &&
		!memcmp(b, "defg", 4),
	    "readv");
	say(write(end[0], "hello", 5) == 5 &&
		recvmsg(end[1], &m, MSG_PEEK) == 5 &&
		recvmsg(end[1], &m, 0) == 5 && !memcmp(b, "lo", 2) &&
		m.msg_flags == 0,
	    "recvmsg, after a look");
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7);
	out[0] = (struct iovec){big, 5000};
	out[1] = (struct iovec){big + 5000, 1000};
	say(writev(end[1], out, 2) == 6000 &&
		recv(end[0], back, 6000, MSG_WAITALL) == 6000 &&
		!memcmp(big, back, 6000),
	    "more than fits together");
	file = memfd_create("file", 0);
	say(write(file, big, 6000) == 6000 &&
		sendfile(end[1], file, &at, 3000) == 3000 && at == 4000 &&
		recv(end[0], back, 3000, MSG_WAITALL) == 3000 &&
		!memcmp(big + 1000, back, 3000),
	    "sendfile");
	close(file);
	say(write(end[0], b, 0) == 0 && read(end[1], b, 0) == 0, "nothing");
	close(end[0]);
	close(end[1]);
}

static void test_nonblocking(void)
{
	static char data[20000], got[20000];
	int end[2], n = 0, left;
	ssize_t r;

	network_pair(end, SOCK_NONBLOCK);
	SAY_ERROR(read(end[1], got, 1), EAGAIN, "nothing to read");
	say(!ioctl(end[1], FIONREAD, &n) && n == 0, "FIONREAD: none");
	say(write(end[0], data, sizeof(data)) == 8192, "as much as fits");
	SAY_ERROR(write(end[0], data, 1), EAGAIN, "no more");
	say(network_ready(end[0], 0) == 0, "neither readable nor writable");
	say(!ioctl(end[1], FIONREAD, &n) && n == 4096, "FIONREAD: a page");
	r = read(end[1], got, 5000);
	say(r == 5000 && network_ready(end[0], -1) == POLLOUT, "room is told");
	left = (int)read(end[1], got, sizeof(got));
	say(left == 3192, "the rest");
	SAY_ERROR(recv(end[1], got, 1, 0), EAGAIN, "and no more");
	n = 0;
	say(!ioctl(end[1], FIONBIO, &n) &&
		!(fcntl(end[1], F_GETFL) & O_NONBLOCK),
	    "FIONBIO");
	SAY_ERROR(recv(end[1], got, 1, MSG_DONTWAIT), EAGAIN, "MSG_DONTWAIT");
	close(end[0]);
	close(end[1]);
}

static void test_connect(int port, const char *how)
{
	struct sockaddr_in a = network_address(port);
	int l = network_listen(port, SOCK_NONBLOCK), fd, error, s;
	socklen_t size = sizeof(error);

	SAY_ERROR(accept(l, NULL, NULL), EAGAIN, "%s: nobody there", how);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		say(errno == EINPROGRESS, "%s: in progress", how);
		SAY_ERROR(connect(fd, (struct sockaddr *)&a, sizeof(a)),
			  EALREADY, "%s: still", how);
		say(network_ready(fd, 0) == 0, "%s: not yet", how);
	}
	say(network_ready(l, -1) == POLLIN, "%s: somebody is there", how);
	s = accept4(l, NULL, NULL, SOCK_CLOEXEC);
	say(s >= 0 && fcntl(s, F_GETFD) == FD_CLOEXEC, "%s: accept4", how);
	say(network_ready(fd, -1) == POLLOUT, "%s: connected", how);
	say(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error,
	    "%s: without an error", how);
	say(write(s, "x", 1) == 1 &&
		network_ready(fd, -1) == (POLLIN | POLLOUT),
	    "%s: and it works", how);
	close(s);
	close(fd);
	close(l);
}

/* The end of a connection that nobody has asked about yet. */
static void test_short(void)
{
	struct sockaddr_in a = network_address(5023);
	int l = network_listen(5023, 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	SAY_ERROR(connect(fd, (struct sockaddr *)&a, sizeof(a)), EINPROGRESS,
		  "a short one");
	close(accept(l, NULL, NULL));
	say(network_ready(fd, -1) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP),
	    "began and ended");
	close(fd);
	close(l);
}

static void test_refused(void)
{
	struct sockaddr_in even = network_address(7000),
			   odd = network_address(7001);
	int fd = socket(AF_INET, SOCK_STREAM, 0), error = 0;
	socklen_t size = sizeof(error);

	SAY_ERROR(connect(fd, (struct sockaddr *)&even, sizeof(even)),
		  ECONNREFUSED, "refused at once");
	SAY_ERROR(connect(fd, (struct sockaddr *)&odd, sizeof(odd)),
		  ECONNREFUSED, "refused later");
	fcntl(fd, F_SETFL, O_NONBLOCK);
	SAY_ERROR(connect(fd, (struct sockaddr *)&odd, sizeof(odd)),
		  EINPROGRESS, "in progress");
	say(network_ready(fd, -1) == (POLLIN | POLLOUT), "its end is told");
	say(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) &&
		error == ECONNREFUSED,
	    "and the error");
	close(fd);
}

void network_streams(void)
{
	test_vectors();
	test_nonblocking();
	test_connect(5020, "at once");
	test_connect(5021, "later");
	test_short();
	test_refused();
}

static void test_shutdown(void)
{
	char c[4];
	int end[2];

	network_pair(end, 0);
	say(write(end[0], "ab", 2) == 2 && !shutdown(end[0], SHUT_WR),
	    "no more from here");
	say(network_ready(end[1], -1) == (POLLIN | POLLOUT | POLLRDHUP),
	    "the other end is told");
	say(read(end[1], c, 4) == 2 && read(end[1], c, 4) == 0,
	    "and reads to the end");
	say(write(end[1], "cd", 2) == 2 && read(end[0], c, 4) == 2,
	    "the other direction goes on");
	SAY_ERROR(send(end[0], "x", 1, MSG_NOSIGNAL), EPIPE, "EPIPE");
	signal(SIGPIPE, count_pipe);
	SAY_ERROR(write(end[0], "x", 1), EPIPE, "with a signal");
	say(pipes == 1, "one");
	SAY_ERROR(send(end[0], "x", 1, MSG_NOSIGNAL), EPIPE, "and without");
	say(pipes == 1, "none");
	signal(SIGPIPE, SIG_IGN);
	SAY_ERROR(shutdown(end[0], 3), EINVAL, "shut down how?");
	close(end[0]);
	say(network_ready(end[1], -1) ==
		(POLLIN | POLLOUT | POLLRDHUP | POLLHUP),
	    "the end of both directions");
	close(end[1]);
}

static void test_dups(void)
{
	char c;
	int end[2], copy;

	network_pair(end, 0);
	copy = dup(end[0]);
	fcntl(copy, F_SETFL, O_NONBLOCK);
	say(fcntl(end[0], F_GETFL) & O_NONBLOCK, "a dup shares O_NONBLOCK");
	SAY_ERROR(read(end[0], &c, 1), EAGAIN, "which counts");
	close(end[0]);
	say(network_ready(end[1], 0) == POLLOUT, "one of two is closed");
	say(write(copy, "x", 1) == 1 && read(end[1], &c, 1) == 1,
	    "the other works");
	say(dup2(end[1], copy) == copy && network_ready(end[1], -1) & POLLHUP,
	    "and the last goes by dup2");
	close(copy);
	close(end[1]);
}

static void test_status(void)
{
	struct stat st = {0}, other = {0};
	int end[2];

	network_pair(end, 0);
	say(!fstat(end[0], &st) && S_ISSOCK(st.st_mode) &&
		!fstat(end[1], &other) && st.st_ino != other.st_ino,
	    "fstat");
	SAY_ERROR(lseek(end[0], 0, SEEK_CUR), ESPIPE, "no place in it");
	SAY_ERROR(pread(end[0], &st, 1, 0), ESPIPE, "nor pread");
	say(!isatty(end[0]), "no terminal");
	close(end[0]);
	close(end[1]);
}

void network_endings(void)
{
	test_shutdown();
	test_dups();
	test_status();
}
