/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll - thousands of pipes, eventfds and socket pairs in one epoll set.  A
 * few threads make random ones ready; waiters take the events, level and edge
 * triggered and one-shot; what was written must all be seen, once.  Then the
 * same descriptors through poll, and readiness against what is known.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include "stress.h"

enum { max = 8192, writers = 3, waiters = 2, kinds = 3 };

static int in[max], out[max];
static uint64_t sent[max], seen[max];
static pthread_mutex_t lock[max];
static long count;
static int set;
static uint64_t all_sent, all_seen;

static int kind(long i)
{
	return (int)(i % kinds);
}

static void make(long i)
{
	int fd[2];

	switch (kind(i)) {
	case 0:
		CHECK(pipe2(fd, O_NONBLOCK | O_CLOEXEC) == 0);
		break;
	case 1:
		fd[0] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		CHECK(fd[0] >= 0);
		fd[1] = dup(fd[0]);
		CHECK(fd[1] >= 0);
		break;
	case 2:
		CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) ==
		      0);
		break;
	}
	in[i] = fd[0];
	out[i] = fd[1];
	sent[i] = seen[i] = 0;
}

static uint32_t mode(long i)
{
	static const uint32_t modes[] = {0, EPOLLET, EPOLLONESHOT,
					 EPOLLET | EPOLLONESHOT};

	return EPOLLIN | modes[i / kinds % 4];
}

/* Raises the number of descriptors one may have; returns what is allowed. */
static long room(void)
{
	struct rlimit limit;

	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	return limit.rlim_cur > 2 * max + 64 ? max
					     : ((long)limit.rlim_cur - 64) / 2;
}

static void send_one(long i, uint64_t *random)
{
	uint64_t n = 1 + stress_below(random, 3);
	static const char bytes[3];

	pthread_mutex_lock(&lock[i]);
	if (kind(i) == 1)
		CHECK(write(out[i], &n, sizeof n) == sizeof n);
	else
		CHECK(write(out[i], bytes, n) == (ssize_t)n);
	sent[i] += n;
	pthread_mutex_unlock(&lock[i]);
	__atomic_add_fetch(&all_sent, n, __ATOMIC_SEQ_CST);
}

static void *writer(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 8 | (uintptr_t)arg;

	for (long i = 0; i < count * 2; i++)
		send_one(stress_below(&random, (unsigned)count), &random);
	return NULL;
}

/* Takes all there is in descriptor i. */
static void drain(long i)
{
	char bytes[16];
	uint64_t n;
	ssize_t r;

	for (;;) {
		if (kind(i) == 1) {
			r = read(in[i], &n, sizeof n);
			CHECK(r == sizeof n || (r < 0 && errno == EAGAIN));
		} else {
			r = read(in[i], bytes, sizeof bytes);
			CHECK(r > 0 || (r < 0 && errno == EAGAIN));
			n = (uint64_t)r;
		}
		if (r < 0)
			return;
		__atomic_add_fetch(&seen[i], n, __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&all_seen, n, __ATOMIC_SEQ_CST);
	}
}

static void *waiter(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 16 | (uintptr_t)arg;
	struct epoll_event event[32];

	for (;;) {
		int n = epoll_wait(set, event,
				   1 + (int)stress_below(&random, 32), -1);

		CHECK(n > 0);
		for (int k = 0; k < n; k++) {
			long i = (long)event[k].data.u64;

			if (i == max)
				return NULL; /* the end: stays ready */
			CHECK(i >= 0 && i < count);
			CHECK(event[k].events == EPOLLIN);
			drain(i);
			if (!(mode(i) & EPOLLONESHOT))
				continue;
			event[k].events = mode(i);
			CHECK(epoll_ctl(set, EPOLL_CTL_MOD, in[i], &event[k]) ==
			      0);
		}
	}
}

static void traffic(void)
{
	struct epoll_event end = {.events = EPOLLIN, .data.u64 = max};
	pthread_t w[writers], r[waiters];
	int stop = eventfd(0, 0);

	all_sent = all_seen = 0;
	for (uintptr_t i = 0; i < waiters; i++)
		CHECK(pthread_create(&r[i], NULL, waiter, (void *)i) == 0);
	for (uintptr_t i = 0; i < writers; i++)
		CHECK(pthread_create(&w[i], NULL, writer, (void *)i) == 0);
	for (int i = 0; i < writers; i++)
		CHECK(pthread_join(w[i], NULL) == 0);
	while (__atomic_load_n(&all_seen, __ATOMIC_SEQ_CST) != all_sent)
		usleep(1000);
	CHECK(epoll_ctl(set, EPOLL_CTL_ADD, stop, &end) == 0);
	CHECK(eventfd_write(stop, 1) == 0);
	for (int i = 0; i < waiters; i++)
		CHECK(pthread_join(r[i], NULL) == 0);
	CHECK(close(stop) == 0);
	for (long i = 0; i < count; i++)
		CHECK(sent[i] == seen[i]);
}

/* What is ready, by poll and by a fresh look at each. */
static void polling(void)
{
	static struct pollfd fd[max];
	uint64_t random = (uint64_t)stress_round + 5;
	long ready = 0;

	for (long i = 0; i < count; i++)
		fd[i] = (struct pollfd){.fd = in[i], .events = POLLIN};
	CHECK(poll(fd, (nfds_t)count, 0) == 0);
	for (long i = 0; i < count; i += 1 + stress_below(&random, 5)) {
		send_one(i, &random);
		ready++;
	}
	CHECK(poll(fd, (nfds_t)count, -1) == ready);
	for (long i = 0; i < count; i++) {
		CHECK((sent[i] > seen[i]) == (fd[i].revents == POLLIN));
		if (fd[i].revents)
			drain(i);
	}
	CHECK(poll(fd, (nfds_t)count, 0) == 0);
}

/* Closing writers hangs up; closed descriptors leave the set. */
static void closing(void)
{
	struct epoll_event event[64];
	long hung = 0;
	int n;

	for (long i = 0; i < count; i++)
		CHECK(close(out[i]) == 0);
	for (long i = 0; i < count; i++) {
		if (kind(i) == 1)
			CHECK(close(in[i]) == 0);
		else
			hung++;
	}
	while (hung > 0) {
		n = epoll_wait(set, event, 64, -1);
		CHECK(n > 0);
		for (int k = 0; k < n; k++) {
			long i = (long)event[k].data.u64;

			CHECK(event[k].events & EPOLLHUP);
			CHECK(close(in[i]) == 0);
			hung--;
		}
	}
	CHECK(epoll_wait(set, event, 64, 0) == 0);
}

static void one_round(long amount)
{
	long most = room();

	count = amount < most ? amount : most;
	set = epoll_create1(0);
	CHECK(set >= 0);
	for (long i = 0; i < count; i++) {
		struct epoll_event event = {.events = mode(i),
					    .data.u64 = (uint64_t)i};

		pthread_mutex_init(&lock[i], NULL);
		make(i);
		CHECK(epoll_ctl(set, EPOLL_CTL_ADD, in[i], &event) == 0);
		CHECK(epoll_ctl(set, EPOLL_CTL_ADD, in[i], &event) < 0 &&
		      errno == EEXIST);
	}
	traffic();
	polling();
	closing();
	CHECK(close(set) == 0);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "epoll", 3000, one_round);
}
