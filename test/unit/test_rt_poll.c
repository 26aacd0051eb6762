/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_poll.c - io/eventfd.c, io/timerfd.c, and poll and select over
 * descriptors.
 */
#include "rt_io.h"
#include "halvm/abi/epoll.h"
#include "halvm/abi/time.h"

static void test_eventfd(void)
{
	uint64_t n = 5;
	struct helper h = {.fn = helper_write, .buf = &n, .size = 8};
	int fd = (int)sys(eventfd2, 3, EFD_NONBLOCK), semaphore;

	check(sys_ready(fd) == (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM),
	      "ready both ways");
	check(sys_write(fd, &n, 8) == 8, "added");
	check(sys_read(fd, &n, 7) == -EINVAL, "too small");
	check(sys_read(fd, &n, 8) == 8 && n == 8, "the sum");
	check(sys_read(fd, &n, 8) == -EAGAIN, "zero");
	n = UINT64_MAX;
	check(sys_write(fd, &n, 8) == -EINVAL, "too much");
	n = UINT64_MAX - 1;
	check(sys_write(fd, &n, 8) == 8, "the most");
	check(sys_ready(fd) == (POLLIN | POLLRDNORM), "full");
	n = 1;
	check(sys_write(fd, &n, 8) == -EAGAIN, "no more");
	sys(fcntl, fd, F_SETFL, 0);
	h.fd = fd;
	helper_start(&h);
	check(h.result == BUSY, "a writer waits");
	sys_read(fd, &n, 8);
	n = 1;
	pause_for(MS);
	check(h.result == 8, "till there is room");
	sys(close, fd);
	semaphore = (int)sys(eventfd2, 2, EFD_SEMAPHORE | EFD_NONBLOCK);
	check(sys_read(semaphore, &n, 8) == 8 && n == 1, "one");
	check(sys_read(semaphore, &n, 8) == 8 && n == 1, "two");
	check(sys_read(semaphore, &n, 8) == -EAGAIN, "three");
	sys(close, semaphore);
	check(sys(eventfd2, 0, 64) == -EINVAL, "flags");
}

static void set(int fd, int flags, uint64_t value, uint64_t interval)
{
	struct abi_itimerspec its = {clock_to_timespec(interval),
				     clock_to_timespec(value)};

	if (sys(timerfd_settime, fd, flags, (long)&its, 0))
		host_fail("timerfd_settime");
}

static uint64_t left(int fd)
{
	struct abi_itimerspec its;

	sys(timerfd_gettime, fd, (long)&its);
	return (uint64_t)its.value.sec * NS_PER_SEC + (uint64_t)its.value.nsec;
}

static void test_timerfd(void)
{
	int fd = (int)sys(timerfd_create, ABI_CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct abi_itimerspec bad = {{0, 0}, {1, -1}};
	uint64_t n;

	check(sys_read(fd, &n, 8) == -EAGAIN, "disarmed");
	check(left(fd) == 0, "nothing left");
	check(sys(timerfd_settime, fd, 0, (long)&bad, 0) == -EINVAL, "bad ns");
	check(sys(timerfd_settime, fd, 8, (long)&bad, 0) == -EINVAL, "flags");
	set(fd, 0, 10 * MS, 0);
	check(left(fd) == 10 * MS, "all left");
	pause_for(9 * MS);
	check(sys_ready(fd) == 0, "not yet");
	pause_for(2 * MS);
	check(sys_ready(fd) == (POLLIN | POLLRDNORM), "ready");
	check(sys_read(fd, &n, 8) == 8 && n == 1, "once");
	check(sys_read(fd, &n, 8) == -EAGAIN, "no more");
	set(fd, 0, 10 * MS, 5 * MS);
	pause_for(31 * MS);
	check(sys_read(fd, &n, 8) == 8 && n == 5, "10 15 20 25 30: %lu", n);
	check(left(fd) == 4 * MS, "4 ms to the next");
	pause_for(4 * MS);
	check(sys_read(fd, &n, 8) == 8 && n == 1, "it goes on");
	set(fd, TFD_TIMER_ABSTIME, clock_now() - MS, 0);
	check(sys_read(fd, &n, 8) == 8 && n == 1, "the past is at once");
	set(fd, TFD_TIMER_ABSTIME, clock_now() + 3 * MS, 0);
	sys(fcntl, fd, F_SETFL, 0);
	n = clock_now();
	{
		uint64_t ticks;
		check(sys_read(fd, &ticks, 8) == 8 && clock_now() == n + 3 * MS,
		      "a read that waits");
	}
	sys(close, fd);
	fd = (int)sys(timerfd_create, ABI_CLOCK_REALTIME, TFD_NONBLOCK);
	set(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
	    clock_wall() + 5 * MS, 0);
	check(left(fd) == 5 * MS, "wall clock");
	clock_set_wall(clock_wall() + NS_PER_SEC);
	check(sys_read(fd, &n, 8) == -ECANCELED, "cancelled");
	sys(close, fd);
	check(sys(timerfd_create, ABI_CLOCK_PROCESS_CPUTIME_ID, 0) == -EINVAL,
	      "another clock");
	check(sys(timerfd_gettime, 0, (long)&bad) == -EBADF, "no descriptor");
}

struct polled {
	struct abi_pollfd *p;
	long n, ms;
};

static long helper_poll(struct helper *h)
{
	struct polled *a = h->buf;

	return sys(poll, (long)a->p, a->n, a->ms);
}

static void test_poll(void)
{
	static struct abi_pollfd p[3000];
	struct polled a = {p, 3000, -1};
	struct helper h = {.fn = helper_poll, .buf = &a};
	uint64_t start = clock_now();
	int fd[2];
	char byte;

	check(sys(poll, 0, 0, 7) == 0 && clock_now() == start + 7 * MS,
	      "poll as a sleep");
	sys(pipe, (long)fd);
	for (int i = 0; i < 3000; i++)
		p[i] = (struct abi_pollfd){fd[0], POLLIN, -1};
	p[0].fd = -1;
	helper_start(&h);
	check(h.result == BUSY, "3000 entries, nothing");
	sys_write(fd[1], "x", 1);
	pause_for(MS);
	check(h.result == 2999, "all but one: %ld", h.result);
	check(p[0].revents == 0 && p[2999].revents == POLLIN, "revents");
	p[7].fd = 99;
	check(sys(poll, (long)p, 8, 0) == 7 && p[7].revents == POLLNVAL,
	      "not open");
	check(sys(poll, (long)p, 70000, 0) == -EINVAL, "too many");
	host_bad_range(p, 8);
	check(sys(poll, (long)p, 1, 0) == -EFAULT, "a wrong pointer");
	host_bad_range(p, 0);
	sys_read(fd[0], &byte, 1);
	p[7].fd = fd[0];
	a.ms = 20;
	start = clock_now();
	check(helper_poll(&h) == 0 && clock_now() == start + 20 * MS,
	      "time out");
	sys(close, fd[0]);
	sys(close, fd[1]);
}

static void test_select(void)
{
	uint64_t in[32] = {0}, out[32] = {0}, want[32] = {0};
	struct abi_timeval tv = {0, 5000};
	uint64_t start;
	int fd[2], high;

	sys(pipe, (long)fd);
	high = (int)sys(fcntl, fd[1], F_DUPFD, 2000);
	in[fd[0] / 64] |= 1UL << fd[0] % 64;
	start = clock_now();
	check(sys(select, 2001, (long)in, 0, 0, (long)&tv) == 0, "time out");
	check(clock_now() == start + 5 * MS && tv.usec == 0, "nothing left");
	check(!memcmp(in, want, sizeof(in)), "the set is empty");
	in[fd[0] / 64] |= 1UL << fd[0] % 64;
	out[high / 64] |= 1UL << high % 64;
	tv.sec = 1;
	check(sys(select, 2001, (long)in, (long)out, 0, (long)&tv) == 1,
	      "one can be written");
	check(tv.sec == 1 && !memcmp(in, want, sizeof(in)) &&
		  out[high / 64] == 1UL << high % 64,
	      "that one");
	sys_write(high, "x", 1);
	in[fd[0] / 64] |= 1UL << fd[0] % 64;
	check(sys(select, 2001, (long)in, (long)out, 0, 0) == 2, "two");
	in[0] = 1UL << 60;
	check(sys(select, 64, (long)in, 0, 0, 0) == -EBADF, "not open");
	check(sys(select, -1, 0, 0, 0, 0) == -EINVAL, "negative");
	sys(close, high);
	sys(close, fd[0]);
	sys(close, fd[1]);
}

int main(void)
{
	host_threads_start();
	test_eventfd();
	test_timerfd();
	test_poll();
	test_select();
	return check_done();
}
