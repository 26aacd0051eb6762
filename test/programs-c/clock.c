/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock, which the host's vDSO may answer: agrees with what the kernel
 * says, never goes back, errors are errors.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "check.h"

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now(clockid_t clock)
{
	struct timespec t;

	CHECK(clock_gettime(clock, &t) == 0);
	CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	return nanoseconds(t);
}

static void *monotonic(void *arg)
{
	int64_t last = now(CLOCK_MONOTONIC), t;

	for (int i = 0; i < 200000; i++, last = t) {
		t = now(CLOCK_MONOTONIC);
		CHECK(t >= last);
	}
	return arg;
}

/* The kernel stamps the timer's expiry by itself, without the vDSO. */
static void agrees_with_kernel(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	int64_t due = now(CLOCK_MONOTONIC) + 20000000;
	struct itimerspec t = {
	    .it_value = {due / 1000000000, due % 1000000000}};
	uint64_t expired;

	CHECK(fd >= 0);
	CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &t, NULL) == 0);
	CHECK(read(fd, &expired, sizeof expired) == sizeof expired);
	CHECK(now(CLOCK_MONOTONIC) >= due);
	CHECK(now(CLOCK_MONOTONIC) < due + 10000000000);
	close(fd);
	passed("agrees with the kernel");
}

static void wall_clock(void)
{
	int64_t a = now(CLOCK_REALTIME), b, c;
	struct timeval tv;

	CHECK(gettimeofday(&tv, NULL) == 0);
	b = (int64_t)tv.tv_sec * 1000000000 + (int64_t)tv.tv_usec * 1000;
	c = now(CLOCK_REALTIME);
	CHECK(b >= a - 1000 && b <= c);
	CHECK(time(NULL) >= a / 1000000000);
	CHECK(a / 1000000000 > 1600000000);
	passed("wall clock");
}

int main(void)
{
	struct timespec t;
	pthread_t other;
	int64_t before;

	agrees_with_kernel();
	wall_clock();
	CHECK(pthread_create(&other, NULL, monotonic, NULL) == 0);
	monotonic(NULL);
	CHECK(pthread_join(other, NULL) == 0);
	passed("monotonic");
	errno = 0;
	CHECK(clock_gettime(12345, &t) == -1 && errno == EINVAL);
	CHECK(now(CLOCK_PROCESS_CPUTIME_ID) > 0);
	CHECK(now(CLOCK_THREAD_CPUTIME_ID) > 0);
	CHECK(clock_getres(CLOCK_MONOTONIC, &t) == 0 && t.tv_sec == 0);
	passed("other clocks");
	before = now(CLOCK_MONOTONIC);
	CHECK(nanosleep(&(struct timespec){0, 15000000}, NULL) == 0);
	CHECK(now(CLOCK_MONOTONIC) - before >= 15000000);
	passed("sleep");
	return 0;
}
