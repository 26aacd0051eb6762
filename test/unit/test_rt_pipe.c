/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * io/pipe.c: reading and writing, by one thread and many, and interrupted.
 */
#include "rt_io.h"
#include "halvm/abi/epoll.h"
#include "halvm/abi/ioctl.h"
#include "halvm/abi/time.h"
#include "halvm/abi/uio.h"

#define K 1024

static char big[256 * K], back[256 * K];

static void fill(void)
{
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 251);
}

static void test_plain(void)
{
	char buf[16];
	int fd[2], n;

	check(sys(pipe, (long)fd) == 0 && fd[0] == 0 && fd[1] == 1, "pipe");
	check(sys_write(fd[1], "hello", 5) == 5, "written");
	check(sys(ioctl, fd[0], FIONREAD, (long)&n) == 0 && n == 5, "FIONREAD");
	check(sys_read(fd[0], buf, 3) == 3 && !memcmp(buf, "hel", 3), "a part");
	check(sys_read(fd[0], buf, 16) == 2 && !memcmp(buf, "lo", 2), "rest");
	check(sys_read(fd[1], buf, 1) == -EBADF, "not to be read");
	check(sys_write(fd[0], buf, 1) == -EBADF, "not to be written");
	check(sys_write(fd[1], buf, 0) == 0, "nothing written");
	check(sys_ready(fd[0]) == 0, "nothing to read");
	check(sys_ready(fd[1]) == (POLLOUT | POLLWRNORM), "to be written");
	host_bad_range(buf, sizeof(buf));
	check(sys_write(fd[1], buf, 4) == -EFAULT, "a wrong pointer");
	sys_write(fd[1], "abcd", 4);
	check(sys_read(fd[0], buf, 4) == -EFAULT, "a wrong pointer to read");
	host_bad_range(buf, 0);
	check(sys_read(fd[0], buf, 4) == 4, "nothing was lost");
	sys(close, fd[1]);
	check(sys_ready(fd[0]) == POLLHUP, "hang-up");
	check(sys_read(fd[0], buf, 4) == 0, "the end");
	sys(close, fd[0]);
}

static void test_size(void)
{
	long total = 0;
	int fd[2];

	sys(pipe2, (long)fd, O_NONBLOCK);
	check(sys_read(fd[0], back, 1) == -EAGAIN, "empty");
	check(sys(fcntl, fd[0], F_GETPIPE_SZ, 0) == 64 * K, "64 KiB");
	check(sys_write(fd[1], big, sizeof(big)) == 64 * K, "a partial write");
	check(sys_write(fd[1], big, 1) == -EAGAIN, "full");
	check(sys_ready(fd[1]) == 0, "not to be written");
	sys_read(fd[0], back, 4095);
	check(sys_write(fd[1], big, 4096) == -EAGAIN, "all or nothing");
	check(sys_ready(fd[1]) == 0, "no room for PIPE_BUF");
	check(sys_write(fd[1], big + 64 * K, 5000) == 4095, "not above it");
	check(sys(fcntl, fd[1], F_SETPIPE_SZ, 4096) == -EBUSY, "too small");
	check(sys(fcntl, fd[1], F_SETPIPE_SZ, 100 * K) == 128 * K, "larger");
	total = 64 * K + 4095;
	check(sys_write(fd[1], big + total, 10 * K) == 10 * K, "more room");
	total += 10 * K;
	check(sys_read(fd[0], back + 4095, sizeof(back)) == total - 4095,
	      "all");
	check(!memcmp(big, back, (size_t)total), "in order");
	check(sys(fcntl, fd[1], F_SETPIPE_SZ, 1) == 4096, "a page");
	check(sys(fcntl, fd[1], F_SETPIPE_SZ, 1 << 30) == -EPERM, "too large");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

/* Odd sizes through a ring that wraps. */
static void test_stream(void)
{
	size_t in = 0, out = 0;
	int fd[2];

	sys(pipe2, (long)fd, O_NONBLOCK);
	sys(fcntl, fd[0], F_SETPIPE_SZ, 16 * K);
	for (unsigned i = 1; out < sizeof(big); i++) {
		size_t n = i * 977 % 9000 + 1;
		long r;

		if (n > sizeof(big) - in)
			n = sizeof(big) - in;
		r = n ? sys_write(fd[1], big + in, n) : 0;
		in += r > 0 ? (size_t)r : 0;
		r = sys_read(fd[0], back + out, i * 769 % 7000 + 1);
		out += r > 0 ? (size_t)r : 0;
		if (i % 16 == 0)
			sys(fcntl, fd[0], F_SETPIPE_SZ,
			    (i / 16 % 2 ? 32 : 16) * K);
	}
	check(in == out && !memcmp(big, back, in), "a stream");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

static int pipes_got;

static void on_pipe(int sig)
{
	pipes_got += sig == ABI_SIGPIPE;
}

static void test_blocking(void)
{
	struct helper h = {.fn = helper_read, .buf = back, .size = 100};
	int fd[2];

	sys(pipe, (long)fd);
	h.fd = fd[0];
	helper_start(&h);
	check(h.result == BUSY, "a reader waits");
	sys_write(fd[1], "x", 1);
	pause_for(MS);
	check(h.result == 1, "and gets it");
	helper_start(&h);
	sys(close, fd[1]);
	pause_for(MS);
	check(h.result == 0, "the end wakes a reader");
	sys(close, fd[0]);

	sys(pipe, (long)fd);
	h = (struct helper){
	    .fn = helper_write, .buf = big, .fd = fd[1], .size = 100 * K};
	helper_start(&h);
	check(h.result == BUSY, "a writer waits");
	check(sys_read(fd[0], back, 64 * K) == 64 * K, "it wrote a part");
	pause_for(MS);
	check(h.result == 100 * K, "and the rest");
	helper_start(&h);
	sys(close, fd[0]);
	pause_for(MS);
	/* 64 - 36 KiB fitted in before the reader went. */
	check(h.result == 28 * K, "a part was written: %ld", h.result);
	pipes_got = 0;
	check(sys_write(fd[1], "x", 1) == -EPIPE, "nobody reads");
	check(pipes_got == 1, "SIGPIPE");
	check(sys_ready(fd[1]) == (POLLERR | POLLOUT | POLLWRNORM) ||
		  sys_ready(fd[1]) == POLLERR,
	      "an error for poll");
	sys(close, fd[1]);
}

static void test_vector(void)
{
	struct abi_iovec v[20];
	int fd[2];

	sys(pipe, (long)fd);
	for (int i = 0; i < 20; i++)
		v[i] = (struct abi_iovec){big + i * 100, i % 3 ? 100 : 0};
	check(sys(writev, fd[1], (long)v, 20) == 1300, "writev");
	for (int i = 0; i < 20; i++)
		v[i].base = back + i * 100;
	check(sys(readv, fd[0], (long)v, 20) == 1300, "readv");
	check(!memcmp(big + 1900, back + 1900, 100), "the last");
	v[3].size = (size_t)-1;
	check(sys(readv, fd[0], (long)v, 20) == -EINVAL, "a size too large");
	check(sys(readv, fd[0], (long)v, 2000) == -EINVAL, "too many");
	check(sys(preadv2, fd[0], (long)v, 1, -1, 0, 64) == -EOPNOTSUPP,
	      "flags");
	check(sys(pwritev, fd[1], (long)v, 1, 0, 0) == -ESPIPE, "no place");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

static int usr1;

static void on_usr1(int sig)
{
	(void)sig;
	usr1++;
}

static void handle(int sig, void (*fn)(int), uint64_t flags)
{
	struct {
		void (*handler)(int);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = {fn, 0x04000000 | flags, (void (*)(void))fn, 0};

	sys(rt_sigaction, sig, (long)&action, 0, 8);
}

#define SA_RESTART 0x10000000

static void test_interrupted(void)
{
	struct helper h = {.fn = helper_read, .buf = back, .size = 100};
	uint64_t mask = 0;
	struct abi_timespec ts = {1, 0};
	int fd[2];

	sys(pipe, (long)fd);
	h.fd = fd[0];
	handle(ABI_SIGUSR1, on_usr1, 0);
	helper_start(&h);
	signal_send(h.thread, ABI_SIGUSR1, NULL);
	pause_for(MS);
	check(h.result == -EINTR && usr1 == 1, "a read is interrupted");
	handle(ABI_SIGUSR1, on_usr1, SA_RESTART);
	helper_start(&h);
	signal_send(h.thread, ABI_SIGUSR1, NULL);
	pause_for(MS);
	check(h.result == BUSY && usr1 == 2, "and started again");
	sys_write(fd[1], "x", 1);
	pause_for(MS);
	check(h.result == 1, "and gets its byte");
	h = (struct helper){
	    .fn = helper_write, .buf = big, .fd = fd[1], .size = 100 * K};
	helper_start(&h);
	signal_send(h.thread, ABI_SIGUSR1, NULL);
	pause_for(MS);
	check(h.result == 64 * K && usr1 == 3, "a part was written");
	mask = 1UL << (ABI_SIGUSR1 - 1);
	sys(rt_sigprocmask, 0, (long)&mask, 0, 8);
	signal_send(thread_current(), ABI_SIGUSR1, NULL);
	mask = 0;
	check(sys(ppoll, 0, 0, (long)&ts, (long)&mask, 8) == -EINTR &&
		  usr1 == 4 && ts.sec == 1,
	      "ppoll lets it in");
	signal_send(thread_current(), ABI_SIGUSR1, NULL);
	long six[2] = {(long)&mask, 8};
	check(sys(pselect6, 0, 0, 0, 0, (long)&ts, (long)six) == -EINTR &&
		  usr1 == 5,
	      "pselect6 too");
	sys(rt_sigprocmask, 2, (long)&mask, 0, 8);
	sys(close, fd[0]);
	sys(close, fd[1]);
}

/* Readers and writers of one pipe and one epoll set, of odd sizes. */
static volatile long stress_in, stress_out, stress_ended;
static int stress_fd[2], stress_set;
static volatile unsigned stress_seed = 1;

static unsigned stress_random(unsigned n)
{
	stress_seed = stress_seed * 1103515245 + 12345;
	return stress_seed / 65536 % n;
}

static void stress_writer(void *argument)
{
	(void)argument;
	for (int i = 0; i < 300; i++) {
		size_t n = stress_random(9000) + 1;
		long r = sys_write(stress_fd[1], big, n);

		if (r != (long)n)
			host_fail("a short write");
		stress_in += r;
		if (stress_random(8) == 0)
			pause_for(stress_random(100));
	}
	stress_ended++;
	thread_exit(0, 0, 0);
}

static void stress_reader(void *argument)
{
	static char buf[20000];
	struct abi_epoll_event e = {POLLIN | EPOLLONESHOT, 0};

	(void)argument;
	for (;;) {
		long r = sys(epoll_wait, stress_set, (long)&e, 1, -1);

		if (r != 1)
			host_fail("epoll_wait");
		r = sys_read(stress_fd[0], buf, stress_random(20000) + 1);
		if (r > 0)
			stress_out += r;
		e.events = POLLIN | EPOLLONESHOT;
		sys(epoll_ctl, stress_set, EPOLL_CTL_MOD, stress_fd[0],
		    (long)&e);
		if (r == 0)
			break;
		if (stress_random(4) == 0)
			pause_for(stress_random(200));
	}
	stress_ended++;
	thread_exit(0, 0, 0);
}

static void test_stress(void)
{
	struct abi_epoll_event e = {POLLIN | EPOLLONESHOT, 0};

	sys(pipe, (long)stress_fd);
	stress_set = (int)sys(epoll_create1, 0);
	sys(epoll_ctl, stress_set, EPOLL_CTL_ADD, stress_fd[0], (long)&e);
	for (int i = 0; i < 3; i++) {
		host_thread(stress_writer, NULL);
		host_thread(stress_reader, NULL);
	}
	for (int i = 0; stress_ended < 3 && i < 100000; i++)
		pause_for(MS);
	sys(close, stress_fd[1]);
	for (int i = 0; stress_ended < 6 && i < 1000; i++)
		pause_for(MS);
	check(stress_ended == 6, "all ended");
	check(stress_in == stress_out && stress_in > 1000000, "%ld bytes",
	      stress_in);
	sys(close, stress_fd[0]);
	sys(close, stress_set);
}

static void test_memory(void)
{
	long objects;
	int fd[2];

	sys(pipe, (long)fd); /* the table's chunk stays */
	sys(close, fd[0]);
	sys(close, fd[1]);
	objects = host_heap_objects;
	for (long limit = 0; limit < 4; limit++) {
		host_heap_limit = limit;
		long r = sys(pipe, (long)fd);
		host_heap_limit = -1;
		if (r == 0) {
			check(limit == 3, "three objects");
			sys(close, fd[0]);
			sys(close, fd[1]);
		} else {
			check(r == -ENOMEM, "no memory at %ld", limit);
		}
		check(host_heap_objects == objects, "nothing stays");
	}
}

int main(void)
{
	host_threads_start();
	fill();
	handle(ABI_SIGPIPE, on_pipe, 0);
	test_plain();
	test_size();
	test_stream();
	test_blocking();
	test_vector();
	test_interrupted();
	test_stress();
	test_memory();
	return check_done();
}
