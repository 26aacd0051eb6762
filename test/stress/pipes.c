/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipes - many writers into one pipe: records up to PIPE_BUF stay whole, none
 * is lost, those of one writer keep their order.  Large writes and reads of odd
 * sizes through pipes and socket pairs, blocking and not; readers and writers
 * that end while others wait.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "stress.h"

enum { writers = 16, pipe_buf = 4096 };

struct record {
	uint16_t length, writer;
	uint32_t number, sum;
};

static int fd[2];
static long amount_now;

static uint32_t sum_of(const unsigned char *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + p[i];
	return sum;
}

static void *write_records(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 8 | (uintptr_t)arg;
	unsigned char body[pipe_buf];

	for (long i = 0; i < amount_now; i++) {
		struct record r = {.writer = (uint16_t)(uintptr_t)arg,
				   .number = (uint32_t)i};
		size_t n = stress_below(&random, 4)
			       ? stress_below(&random, 100)
			       : stress_below(&random, pipe_buf - sizeof r);
		struct iovec v[2] = {{&r, sizeof r}, {body, n}};

		for (size_t k = 0; k < n; k++)
			body[k] = (unsigned char)(i + (long)k);
		r.length = (uint16_t)n;
		r.sum = sum_of(body, n, r.number);
		CHECK(writev(fd[1], v, 2) == (ssize_t)(sizeof r + n));
	}
	return NULL;
}

static void read_all(int from, void *to, size_t n)
{
	while (n) {
		ssize_t r = read(from, to, n);

		CHECK(r > 0);
		to = (char *)to + r;
		n -= (size_t)r;
	}
}

static void records(void)
{
	long next[writers] = {0};
	unsigned char body[pipe_buf];
	pthread_t t[writers];
	struct record r;

	CHECK(pipe(fd) == 0);
	for (uintptr_t i = 0; i < writers; i++)
		CHECK(pthread_create(&t[i], NULL, write_records, (void *)i) ==
		      0);
	for (long i = 0; i < writers * amount_now; i++) {
		read_all(fd[0], &r, sizeof r);
		CHECK(r.writer < writers && r.length <= pipe_buf - sizeof r);
		CHECK(r.number == next[r.writer]++);
		read_all(fd[0], body, r.length);
		CHECK(sum_of(body, r.length, r.number) == r.sum);
	}
	for (int i = 0; i < writers; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	CHECK(close(fd[1]) == 0);
	CHECK(read(fd[0], &r, 1) == 0);
	CHECK(close(fd[0]) == 0);
}

/* A stream of bytes that both sides know, in pieces of any size. */
static void stream_out(int to, long total, int poll_first)
{
	static __thread unsigned char block[70000];
	uint64_t random = (uint64_t)stress_round + 1;
	long done = 0;

	while (done < total) {
		size_t n = 1 + stress_below(&random, sizeof block);
		ssize_t w;

		if ((long)n > total - done)
			n = (size_t)(total - done);
		for (size_t i = 0; i < n; i++)
			block[i] = (unsigned char)((done + (long)i) * 7 >> 3);
		if (poll_first) {
			struct pollfd p = {.fd = to, .events = POLLOUT};

			CHECK(poll(&p, 1, -1) == 1);
			CHECK(p.revents == POLLOUT);
		}
		w = write(to, block, n);
		if (w < 0 && errno == EAGAIN)
			continue;
		CHECK(w > 0 && (poll_first || w == (ssize_t)n));
		done += w;
	}
}

static void stream_in(int from, long total, int poll_first)
{
	static __thread unsigned char block[70000];
	uint64_t random = (uint64_t)stress_round + 2;
	long done = 0;

	for (;;) {
		size_t n = 1 + stress_below(&random, sizeof block);
		ssize_t r;

		if (poll_first) {
			struct pollfd p = {.fd = from, .events = POLLIN};

			CHECK(poll(&p, 1, -1) == 1);
		}
		r = read(from, block, n);
		if (r < 0 && errno == EAGAIN)
			continue;
		CHECK(r >= 0);
		if (r == 0)
			break;
		for (ssize_t i = 0; i < r; i++)
			CHECK(block[i] == (unsigned char)((done + i) * 7 >> 3));
		done += r;
	}
	CHECK(done == total);
}

struct stream {
	int to, nonblocking;
	long total;
};

static void *stream_writer(void *arg)
{
	struct stream *s = arg;

	stream_out(s->to, s->total, s->nonblocking);
	CHECK(close(s->to) == 0);
	return NULL;
}

static void streams(int socket, int nonblocking)
{
	struct stream s = {.nonblocking = nonblocking,
			   .total = amount_now * 5000};
	pthread_t t;
	int end[2];

	if (socket)
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, end) == 0);
	else
		CHECK(pipe(end) == 0);
	for (int i = 0; nonblocking && i < 2; i++)
		CHECK(fcntl(end[i], F_SETFL, O_NONBLOCK) == 0);
	s.to = end[1];
	CHECK(pthread_create(&t, NULL, stream_writer, &s) == 0);
	stream_in(end[0], s.total, nonblocking);
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(close(end[0]) == 0);
}

/* Who waits in a full or an empty pipe learns that the other side went. */
static void *waits_to_write(void *arg)
{
	static char block[1 << 17];
	ssize_t n = write(fd[1], block, sizeof block);

	/* Part may have gone through before; then the next one fails. */
	if (n >= 0)
		n = write(fd[1], block, 1);
	CHECK(n == -1 && errno == EPIPE);
	return arg;
}

static void *waits_to_read(void *arg)
{
	char c;

	CHECK(read(fd[0], &c, 1) == 0);
	return arg;
}

static void leaving(void)
{
	pthread_t t[4];

	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	for (int writing = 0; writing < 2; writing++) {
		CHECK(pipe(fd) == 0);
		for (int i = 0; i < 4; i++)
			CHECK(pthread_create(&t[i], NULL,
					     writing ? waits_to_write
						     : waits_to_read,
					     NULL) == 0);
		usleep(2000);
		CHECK(close(fd[!writing]) == 0);
		for (int i = 0; i < 4; i++)
			CHECK(pthread_join(t[i], NULL) == 0);
		CHECK(close(fd[writing]) == 0);
	}
}

static void one_round(long amount)
{
	amount_now = amount;
	records();
	for (int i = 0; i < 4; i++)
		streams(i & 1, i >> 1);
	leaving();
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "pipes", 200, one_round);
}
