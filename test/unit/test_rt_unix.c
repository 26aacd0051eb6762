/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io/unix*.c, io/socket*.c, sys/socket.c, sys/sockmsg.c.
 */
#include "rt_io.h"
#include "halvm/abi/epoll.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/socket.h"
#include "halvm/abi/time.h"

static char big[512 * 1024], back[512 * 1024];

static void pair(int type, int fd[2])
{
	if (sys(socketpair, AF_UNIX, type, 0, (long)fd))
		host_fail("socketpair");
}

static long send_flags(int fd, const void *buf, size_t n, int flags)
{
	return sys(sendto, fd, (long)buf, (long)n, flags, 0, 0);
}

static long receive(int fd, void *buf, size_t n, int flags)
{
	return sys(recvfrom, fd, (long)buf, (long)n, flags, 0, 0);
}

static int sigpipes;

static void on_pipe(int sig)
{
	(void)sig;
	sigpipes++;
}

static void test_stream(void)
{
	struct helper h = {.fn = helper_write, .buf = big, .size = sizeof(big)};
	size_t done = 0;
	int fd[2];
	long r;

	pair(SOCK_STREAM, fd);
	check(sys_write(fd[0], "hello ", 6) == 6, "written");
	check(sys_write(fd[0], "world", 5) == 5, "written again");
	check(sys(ioctl, fd[1], FIONREAD, (long)back) == 0 &&
		  *(int *)back == 11,
	      "FIONREAD");
	check(receive(fd[1], back, 4, MSG_PEEK) == 4, "peek");
	check(sys_read(fd[1], back, 100) == 11 &&
		  !memcmp(back, "hello world", 11),
	      "one stream");
	check(receive(fd[1], back, 4, MSG_DONTWAIT) == -EAGAIN, "empty");
	h.fd = fd[0];
	helper_start(&h);
	check(h.result == BUSY, "a writer waits");
	check((sys_ready(fd[0]) & POLLOUT) == 0, "not to be written");
	while (done < sizeof(back) &&
	       (r = sys_read(fd[1], back + done, 70001)) > 0)
		done += (size_t)r;
	pause_for(MS);
	check(h.result == (long)sizeof(big) && !memcmp(big, back, done),
	      "all of it came");
	check(sys_ready(fd[0]) & POLLOUT, "to be written again");
	sys_write(fd[0], "end", 3);
	check(sys(shutdown, fd[0], SHUT_WR) == 0, "shutdown");
	check(sys_ready(fd[1]) & POLLRDHUP, "POLLRDHUP");
	check(sys_read(fd[1], back, 9) == 3 && sys_read(fd[1], back, 9) == 0,
	      "the end");
	check(sys_write(fd[0], "x", 1) == -EPIPE && sigpipes == 1, "EPIPE");
	check(send_flags(fd[0], "x", 1, MSG_NOSIGNAL) == -EPIPE &&
		  sigpipes == 1,
	      "MSG_NOSIGNAL");
	check(sys_write(fd[1], "back", 4) == 4, "the other way still works");
	sys(close, fd[0]);
	check(sys_read(fd[1], back, 1) == -ECONNRESET, "unread data: reset");
	check(sys_read(fd[1], back, 1) == 0, "then the end");
	check((sys_ready(fd[1]) & POLLHUP) != 0, "POLLHUP");
	sys(close, fd[1]);
}

static void test_packets(int type)
{
	struct abi_iovec v = {back, 4};
	struct abi_msghdr m = {.vec = &v, .vec_count = 1};
	int fd[2];

	pair(type | SOCK_NONBLOCK, fd);
	check(send_flags(fd[0], "abcdef", 6, 0) == 6, "a message");
	check(send_flags(fd[0], "", 0, 0) == 0, "an empty one");
	check(send_flags(fd[0], "gh", 2, 0) == 2, "a short one");
	check(sys(recvmsg, fd[1], (long)&m, 0) == 4 && m.flags & MSG_TRUNC,
	      "cut");
	check(receive(fd[1], back, 9, 0) == 0, "empty");
	check(receive(fd[1], back, 1, MSG_TRUNC | MSG_PEEK) == 2, "real size");
	check(receive(fd[1], back, 9, 0) == 2 && back[1] == 'h', "short");
	check(receive(fd[1], back, 9, 0) == -EAGAIN, "no more");
	check(send_flags(fd[0], big, sizeof(big), 0) == -EMSGSIZE, "too large");
	for (long r = 0; r >= 0;)
		r = send_flags(fd[0], big, 10000, 0);
	check(!(sys_ready(fd[0]) & POLLOUT), "full");
	for (int i = 0; i < 15; i++)
		receive(fd[1], back, 10000, 0);
	check(sys_ready(fd[0]) & POLLOUT, "room again");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

struct control {
	struct abi_cmsghdr h;
	int fd[6];
};

static long send_fds(int to, const int *fds, unsigned n)
{
	struct control c = {{sizeof(c.h) + n * 4, SOL_SOCKET, SCM_RIGHTS}, {0}};
	struct abi_iovec v = {"x", 1};
	struct abi_msghdr m = {
	    .vec = &v, .vec_count = 1, .control = &c, .control_size = c.h.size};

	memcpy(c.fd, fds, n * 4);
	return sys(sendmsg, to, (long)&m, 0);
}

static long receive_fds(int from, struct control *c, size_t room,
			unsigned *flags)
{
	struct abi_iovec v = {back, 10};
	struct abi_msghdr m = {
	    .vec = &v, .vec_count = 1, .control = c, .control_size = room};
	long r = sys(recvmsg, from, (long)&m, MSG_CMSG_CLOEXEC);

	*flags = m.flags;
	return r;
}

static void test_rights(void)
{
	int fd[2], p[2], two[2], before;
	struct control c;
	unsigned flags;

	pair(SOCK_STREAM, fd);
	sys(pipe, (long)p);
	check(send_fds(fd[0], p, 2) == 1, "sent two");
	sys_write(fd[0], "yz", 2);
	sys(close, p[0]);
	sys(close, p[1]);
	check(receive_fds(fd[1], &c, sizeof(c), &flags) == 1,
	      "a message with files stands alone");
	check(c.h.size == 24 && c.h.type == SCM_RIGHTS, "a control message");
	check(sys(fcntl, c.fd[0], F_GETFD, 0) == FD_CLOEXEC, "close-on-exec");
	check(sys_write(c.fd[1], "via", 3) == 3 &&
		  sys_read(c.fd[0], back, 3) == 3,
	      "the pipe works");
	check(sys_read(fd[1], back, 9) == 2, "the rest");
	memcpy(two, c.fd, sizeof(two));
	before = two[0];
	check(send_fds(fd[0], two, 2) == 1, "sent again");
	check(receive_fds(fd[1], &c, 20, &flags) == 1 && flags & MSG_CTRUNC,
	      "no room for the second");
	check(c.h.size == 20, "one came");
	sys(close, c.fd[0]);
	check(send_fds(fd[0], two, 2) == 1 && sys_read(fd[1], back, 9) == 1,
	      "read drops them");
	check(send_fds(fd[0], (int[]){two[0], 99}, 2) == -EBADF, "not open");
	/* Sockets in sockets, deep: closing them must not recurse. */
	for (int i = 0; i < 2000; i++) {
		int next[2];

		pair(SOCK_STREAM, next);
		send_fds(next[0], fd, 2);
		sys(close, fd[0]);
		sys(close, fd[1]);
		fd[0] = next[0];
		fd[1] = next[1];
	}
	check(true, "a chain of sockets in messages");
	sys(close, fd[0]);
	sys(close, fd[1]);
	check(before >= 0, "closed");
	sys(close, two[0]);
	sys(close, two[1]);
}

static struct abi_sockaddr_un name(const char *text, int abstract, int *size)
{
	struct abi_sockaddr_un a = {.family = AF_UNIX};

	memcpy(a.path + abstract, text, strlen(text));
	*size = (int)(2 + strlen(text) + (size_t)abstract);
	return a;
}

static long helper_accept(struct helper *h)
{
	return sys(accept4, h->fd, 0, 0, SOCK_CLOEXEC);
}

static void test_listen(int abstract, const char *text)
{
	int size, size2 = sizeof(struct abi_sockaddr_un), c[3];
	struct abi_sockaddr_un a = name(text, abstract, &size), b;
	int s = (int)sys(socket, AF_UNIX, SOCK_STREAM, 0);
	struct helper h = {.fn = helper_accept, .fd = s};
	long r;

	for (int i = 0; i < 3; i++)
		c[i] =
		    (int)sys(socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	check((sys_ready(c[0]) & POLLHUP) != 0, "not connected");
	check(sys(connect, c[0], (long)&a, size) ==
		  (abstract ? -ECONNREFUSED : -ENOENT),
	      "nobody there");
	check(sys(listen, s, 1) == -EINVAL, "no name");
	check(sys(bind, s, (long)&a, size) == 0, "bind");
	check(sys(bind, s, (long)&a, size) == -EINVAL, "twice");
	check(sys(bind, c[0], (long)&a, size) == -EADDRINUSE, "in use");
	check(sys(connect, c[0], (long)&a, size) == -ECONNREFUSED, "deaf");
	check(sys(listen, s, 1) == 0, "listen");
	helper_start(&h);
	check(h.result == BUSY, "accept waits");
	check(sys(connect, c[0], (long)&a, size) == 0, "connect");
	pause_for(MS);
	check(h.result >= 0, "accepted");
	r = h.result;
	check(sys(connect, c[0], (long)&a, size) == -EISCONN, "connected");
	sys_write(c[0], "ping", 4);
	check(sys_read(r, back, 9) == 4, "ping");
	sys_write(r, "pong!", 5);
	check(sys_read(c[0], back, 9) == 5, "pong");
	check(sys(getpeername, c[0], (long)&b, (long)&size2) == 0 &&
		  size2 == size + !abstract && !memcmp(&a, &b, (size_t)size),
	      "getpeername");
	size2 = 2;
	check(sys(getsockname, c[0], (long)&b, (long)&size2) == 0 && size2 == 2,
	      "no name of its own");
	sys(close, r);
	check(sys_read(c[0], back, 9) == 0, "the end");
	check(!(sys_ready(s) & POLLIN), "nobody waits");
	sys(close, c[0]);
	check(sys(connect, c[1], (long)&a, size) == 0 &&
		  sys(connect, c[2], (long)&a, size) == 0,
	      "two in the backlog");
	c[0] = (int)sys(socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	check(sys(connect, c[0], (long)&a, size) == -EAGAIN, "it is full");
	check(sys_ready(s) & POLLIN, "somebody waits");
	sys(close, s);
	check(sys_read(c[1], back, 1) == 0, "the listener went");
	check(sys(connect, c[0], (long)&a, size) == -ECONNREFUSED, "refused");
	for (int i = 0; i < 3; i++)
		sys(close, c[i]);
}

static void test_datagrams(void)
{
	int size, size2 = sizeof(struct abi_sockaddr_un);
	struct abi_sockaddr_un a = name("server", 1, &size), b;
	int s = (int)sys(socket, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	int c = (int)sys(socket, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	check(sys_write(c, "x", 1) == -ENOTCONN, "to nobody");
	check(sys(bind, s, (long)&a, size) == 0, "bind");
	check(sys(bind, c, (long)&a, 2) == 0, "autobind");
	check(sys(sendto, c, (long)"hi", 2, 0, (long)&a, size) == 2, "sendto");
	check(sys(recvfrom, s, (long)back, 9, 0, (long)&b, (long)&size2) == 2,
	      "recvfrom");
	check(size2 == 8 && b.path[0] == 0, "the sender's name");
	check(sys(sendto, s, (long)"ho", 2, 0, (long)&b, size2) == 2, "answer");
	check(sys_read(c, back, 9) == 2, "came");
	check(sys(connect, c, (long)&a, size) == 0 && sys_write(c, "x", 1) == 1,
	      "connected");
	sys(close, s);
	check(sys_write(c, "x", 1) == -ECONNREFUSED, "nobody any more");
	a.family = AF_UNSPEC;
	check(sys(connect, c, (long)&a, size) == 0, "disconnected");
	check(sys_write(c, "x", 1) == -ENOTCONN, "to nobody again");
	sys(close, c);
}

static void test_options(void)
{
	struct abi_timeval tv = {0, 20000};
	struct abi_ucred who;
	uint64_t now;
	int fd[2], v, size = 4;

	pair(SOCK_SEQPACKET, fd);
	check(sys(getsockopt, fd[0], SOL_SOCKET, SO_TYPE, (long)&v,
		  (long)&size) == 0 &&
		  v == SOCK_SEQPACKET,
	      "SO_TYPE");
	sys(getsockopt, fd[0], SOL_SOCKET, SO_DOMAIN, (long)&v, (long)&size);
	check(v == AF_UNIX, "SO_DOMAIN");
	v = 10000;
	sys(setsockopt, fd[0], SOL_SOCKET, SO_SNDBUF, (long)&v, 4);
	sys(getsockopt, fd[0], SOL_SOCKET, SO_SNDBUF, (long)&v, (long)&size);
	check(v == 20000, "SO_SNDBUF doubles");
	v = 1;
	check(sys(setsockopt, fd[1], SOL_SOCKET, SO_PASSCRED, (long)&v, 4) == 0,
	      "SO_PASSCRED");
	sys(setsockopt, fd[1], SOL_SOCKET, SO_RCVTIMEO, (long)&tv, sizeof(tv));
	now = clock_now();
	check(sys_read(fd[1], back, 1) == -EAGAIN &&
		  clock_now() == now + 20 * MS,
	      "SO_RCVTIMEO");
	size = sizeof(who);
	check(sys(getsockopt, fd[0], SOL_SOCKET, SO_PEERCRED, (long)&who,
		  (long)&size) == 0 &&
		  who.pid == 1 && who.uid == 0,
	      "SO_PEERCRED");
	check(sys(setsockopt, fd[0], 6, 1, (long)&v, 4) == -EOPNOTSUPP,
	      "another level");
	check(sys(getsockopt, fd[0], SOL_SOCKET, 99, (long)&v, (long)&size) ==
		  -ENOPROTOOPT,
	      "an unknown option");
	check(sys(socket, AF_INET, SOCK_STREAM, 0) == -EAFNOSUPPORT, "AF_INET");
	check(sys(socket, AF_UNIX, 99 << 4, 0) == -EINVAL, "flags");
	check(sys(socket, AF_UNIX, SOCK_RAW, 0) == -ESOCKTNOSUPPORT, "raw");
	sys(close, fd[0]);
	sys(close, fd[1]);
	sys(pipe, (long)fd);
	check(sys(shutdown, fd[0], 0) == -ENOTSOCK, "not a socket");
	check(sys(shutdown, 99, 0) == -EBADF, "nothing");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

int main(void)
{
	struct {
		void (*handler)(int);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = {on_pipe, 0x04000000, (void (*)(void))on_pipe, 0};
	long objects;

	host_threads_start();
	sys(rt_sigaction, ABI_SIGPIPE, (long)&action, 0, 8);
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 11 + i / 253);
	test_options();
	objects = host_heap_objects;
	test_stream();
	test_packets(SOCK_SEQPACKET);
	test_packets(SOCK_DGRAM);
	test_rights();
	test_listen(1, "abstract");
	test_datagrams();
	check(host_heap_objects == objects, "nothing is left: %ld",
	      host_heap_objects - objects);
	test_listen(0, "/tmp/socket");
	return check_done();
}
