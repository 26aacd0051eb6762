/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors between threads: pipes, FIFOs, eventfd, timerfd, epoll, poll,
 * select, AF_UNIX sockets with descriptors in messages, record locks.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>
#include "check.h"

#define ROUNDS 10

static char data[200000], back[70000];
static int ends[2];
static char folder[] = "/tmp/descriptorsXXXXXX";
static char fifo[64], path[64];

static pthread_t start(void *(*fn)(void *), void *arg)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, fn, arg) == 0);
	return t;
}

static void *fill(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		CHECK(write(ends[1], data, sizeof(data)) == sizeof(data));
	close(ends[1]);
	return arg;
}

static void pipes(void)
{
	size_t total = 0;
	pthread_t t;
	ssize_t n;

	CHECK(pipe(ends) == 0);
	t = start(fill, NULL);
	while ((n = read(ends[0], back, sizeof(back))) > 0)
		total += (size_t)n;
	CHECK(n == 0 && total == ROUNDS * sizeof(data));
	pthread_join(t, NULL);
	close(ends[0]);
	CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
	CHECK(write(ends[1], data, 1) < 0 && errno == EPIPE);
	close(ends[1]);
	passed("pipes");
}

static void *echo(void *arg)
{
	char buf[1000];
	ssize_t n;

	while ((n = read(ends[1], buf, sizeof(buf))) > 0)
		CHECK(write(ends[1], buf, (size_t)n) == n);
	close(ends[1]);
	return arg;
}

static void pairs(void)
{
	pthread_t t;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	t = start(echo, NULL);
	for (int i = 0; i < 200; i++) {
		CHECK(write(ends[0], data, 1000) == 1000);
		CHECK(recv(ends[0], back, 1000, MSG_WAITALL) == 1000);
	}
	CHECK(shutdown(ends[0], SHUT_WR) == 0);
	CHECK(read(ends[0], back, 1) == 0);
	pthread_join(t, NULL);
	close(ends[0]);
	passed("socket pairs");
}

static void events(void)
{
	int set = epoll_create1(EPOLL_CLOEXEC), ticks = 0;
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	int event = eventfd(0, 0);
	struct itimerspec every_ms = {{0, 1000000}, {0, 1000000}};
	struct epoll_event e = {EPOLLIN, {.fd = timer}}, got[4];
	uint64_t n;

	CHECK(epoll_ctl(set, EPOLL_CTL_ADD, timer, &e) == 0);
	e.data.fd = event;
	CHECK(epoll_ctl(set, EPOLL_CTL_ADD, event, &e) == 0);
	CHECK(timerfd_settime(timer, 0, &every_ms, NULL) == 0);
	while (ticks < ROUNDS) {
		CHECK(epoll_wait(set, got, 4, -1) == 1);
		CHECK(got[0].data.fd == timer);
		CHECK(read(timer, &n, sizeof(n)) == sizeof(n));
		ticks += (int)n;
	}
	close(timer);
	CHECK(eventfd_write(event, 3) == 0);
	CHECK(epoll_wait(set, got, 4, -1) == 1 && got[0].data.fd == event);
	close(event);
	CHECK(epoll_wait(set, got, 4, 5) == 0);
	close(set);
	passed("timers and events in a set");
}

static void *write_fifo(void *arg)
{
	int fd = open(fifo, O_WRONLY);

	CHECK(fd >= 0 && write(fd, "fifo", 4) == 4);
	close(fd);
	return arg;
}

static void fifos(void)
{
	struct stat st;
	pthread_t t;
	int fd;

	CHECK(mkfifo(fifo, 0600) == 0);
	CHECK(open(fifo, O_WRONLY | O_NONBLOCK) < 0 && errno == ENXIO);
	t = start(write_fifo, NULL);
	fd = open(fifo, O_RDONLY);
	CHECK(fd >= 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode));
	CHECK(read(fd, back, 10) == 4 && read(fd, back, 10) == 0);
	pthread_join(t, NULL);
	close(fd);
	unlink(fifo);
	passed("a FIFO");
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static void send_fd(int to, int fd)
{
	struct iovec v = {"x", 1};
	union control c = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				      .cmsg_level = SOL_SOCKET,
				      .cmsg_type = SCM_RIGHTS}};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = &c,
			   .msg_controllen = sizeof(c)};

	memcpy(CMSG_DATA(&c.header), &fd, sizeof(fd));
	CHECK(sendmsg(to, &m, 0) == 1);
}

static int receive_fd(int from)
{
	struct iovec v = {back, 1};
	union control c;
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = &c,
			   .msg_controllen = sizeof(c)};
	int fd;

	CHECK(recvmsg(from, &m, 0) == 1);
	CHECK(CMSG_FIRSTHDR(&m) && c.header.cmsg_type == SCM_RIGHTS);
	memcpy(&fd, CMSG_DATA(&c.header), sizeof(fd));
	return fd;
}

static void sockets(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0), peer, fd;
	struct timeval ms = {0, 1000};
	fd_set set;

	strcpy(a.sun_path, path);
	CHECK(connect(client, (void *)&a, sizeof(a)) < 0 && errno == ENOENT);
	CHECK(bind(server, (void *)&a, sizeof(a)) == 0);
	CHECK(listen(server, 5) == 0);
	CHECK(connect(client, (void *)&a, sizeof(a)) == 0);
	peer = accept(server, NULL, NULL);
	CHECK(peer >= 0 && pipe(ends) == 0);
	send_fd(client, ends[0]);
	close(ends[0]);
	fd = receive_fd(peer);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	CHECK(select(fd + 1, &set, NULL, NULL, &ms) == 0);
	CHECK(write(ends[1], "via", 3) == 3 && read(fd, back, 9) == 3);
	close(server);
	close(client);
	close(peer);
	close(fd);
	close(ends[1]);
	CHECK(unlink(path) == 0);
	passed("sockets, a descriptor in a message");
}

static void locks(void)
{
	struct flock lock = {.l_type = F_WRLCK};
	int fd = open(path, O_CREAT | O_RDWR, 0600);

	CHECK(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0);
	CHECK(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
	close(fd);
	unlink(path);
	passed("record locks");
}

int main(void)
{
	CHECK(mkdtemp(folder));
	snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
	snprintf(path, sizeof(path), "%s/path", folder);
	signal(SIGPIPE, SIG_IGN);
	pipes();
	pairs();
	events();
	fifos();
	sockets();
	locks();
	CHECK(rmdir(folder) == 0);
	return 0;
}
