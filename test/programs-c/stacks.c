/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks: deep use of the main thread's and of large ones for other threads,
 * and the fault at a stack's end, caught on an alternate stack.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>
#include "check.h"

static char *volatile lowest;

/* Uses about a KiB a level, and every byte of it. */
static __attribute__((noinline)) long deep(long n)
{
	volatile char block[1000];
	long below;

	memset((char *)block, (int)n, sizeof block);
	below = n ? deep(n - 1) : 0;
	CHECK(block[0] == (char)n && block[999] == (char)n);
	return below + 1;
}

static void *deep_thread(void *levels)
{
	return (void *)deep((long)levels);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	static const char text[] = "overflow caught\n";

	(void)sig;
	(void)context;
	if ((char *)info->si_addr < lowest && write(1, text, sizeof text - 1))
		_exit(0);
	_exit(1);
}

static __attribute__((noinline)) int overflow(int n)
{
	volatile char block[1000];

	block[n % 1000] = 1;
	if (n < 0)
		return 0;
	return overflow(n + 1) + block[(n + 7) % 1000];
}

static void *overflowing(void *arg)
{
	static char alternate[65536];
	stack_t s = {.ss_sp = alternate, .ss_size = sizeof alternate};

	lowest = __builtin_frame_address(0);
	CHECK(sigaltstack(&s, NULL) == 0);
	return (void *)(intptr_t)overflow((int)(intptr_t)arg);
}

int main(void)
{
	struct sigaction a = {.sa_sigaction = on_fault,
			      .sa_flags = SA_SIGINFO | SA_ONSTACK};
	struct rlimit limit;
	pthread_attr_t attr;
	pthread_t t;
	void *levels;
	long room = 6000;

	CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur / 2048 < 6000)
		room = (long)(limit.rlim_cur / 2048);
	CHECK(deep(room) == room + 1);
	passed("main thread");

	pthread_attr_init(&attr);
	CHECK(pthread_attr_setstacksize(&attr, 256 << 20) == 0);
	CHECK(pthread_create(&t, &attr, deep_thread, (void *)200000) == 0);
	CHECK(pthread_join(t, &levels) == 0);
	CHECK((long)levels == 200001);
	passed("a thread of 256 MiB");

	CHECK(sigaction(SIGSEGV, &a, NULL) == 0);
	CHECK(pthread_attr_setstacksize(&attr, 1 << 20) == 0);
	CHECK(pthread_create(&t, &attr, overflowing, NULL) == 0);
	pthread_join(t, NULL);
	return 1;
}
