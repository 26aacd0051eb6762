/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * micro [BATCHES]: what a guest's operations cost, in ticks of the time stamp
 * counter; under QEMU's -icount shift=0 a tick is an instruction.  Prints one
 * line an operation: its name, a tab, the median over the batches of the mean
 * in a batch.  What is reached by libc's functions is measured with them, as a
 * program meets it.
 *
 * The lines of `nanosleep` are not ticks but nanoseconds of the guest's
 * monotonic clock beyond the time asked for: the median and the worst.
 *
 * Exit status 1, with a message, if an operation fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define ENSURE(x)                                                              \
	do {                                                                   \
		if (!(x)) {                                                    \
			fprintf(stderr, "micro: %s: %s\n", #x,                 \
				strerror(errno));                              \
			exit(1);                                               \
		}                                                              \
	} while (0)

enum { page = 4096, batch_max = 101, futex_wait = 128, futex_wake = 129 };

static int batches = 11;

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* report NAME: batch(n) gives the ticks of n operations. */
static void report(const char *name, int64_t (*batch)(int), int n)
{
	int64_t sums[batch_max];

	batch(n); /* warms up */
	for (int i = 0; i < batches; i++)
		sums[i] = batch(n);
	qsort(sums, (size_t)batches, sizeof sums[0], by_value);
	printf("%s\t%.0f\n", name, (double)sums[batches / 2] / n);
	fflush(stdout);
}

/* TIMED(n, operation): ticks that the operation takes n times */
#define TIMED(n, operation)                                                    \
	({                                                                     \
		uint64_t start_ = __rdtsc();                                   \
		for (int i_ = 0; i_ < (n); i_++) {                             \
			operation;                                             \
		}                                                              \
		(int64_t)(__rdtsc() - start_);                                 \
	})

static int64_t nothing(int n)
{
	return TIMED(n, __asm__ volatile(""));
}

static int64_t get_pid(int n)
{
	return TIMED(n, getpid());
}

static int64_t get_time(int n)
{
	struct timespec t;

	return TIMED(n, clock_gettime(CLOCK_MONOTONIC, &t));
}

static int64_t pipe_byte(int n)
{
	int64_t ticks;
	int fd[2];
	char c = 0;

	ENSURE(pipe(fd) == 0);
	ticks = TIMED(n, ENSURE(write(fd[1], &c, 1) == 1);
		      ENSURE(read(fd[0], &c, 1) == 1));
	close(fd[0]);
	close(fd[1]);
	return ticks;
}

static int64_t pipe_block(int n)
{
	static char block[page];
	int64_t ticks;
	int fd[2];

	ENSURE(pipe(fd) == 0);
	ticks = TIMED(n, ENSURE(write(fd[1], block, page) == page);
		      ENSURE(read(fd[0], block, page) == page));
	close(fd[0]);
	close(fd[1]);
	return ticks;
}

static int64_t event_poll(int n)
{
	struct epoll_event event = {.events = EPOLLIN};
	int e = eventfd(1, 0), p = epoll_create1(0);
	int64_t ticks;

	ENSURE(e >= 0 && p >= 0);
	ENSURE(epoll_ctl(p, EPOLL_CTL_ADD, e, &event) == 0);
	ticks = TIMED(n, ENSURE(epoll_wait(p, &event, 1, -1) == 1));
	close(e);
	close(p);
	return ticks;
}

/* Two threads that do nothing but yield: each call is a switch. */
static void *yield(void *arg)
{
	int n = *(int *)arg;

	for (int i = 0; i < n; i++)
		sched_yield();
	return NULL;
}

static int64_t yielding(int n)
{
	int half = n / 2;
	uint64_t start;
	pthread_t t;

	ENSURE(pthread_create(&t, NULL, yield, &half) == 0);
	start = __rdtsc();
	yield(&half);
	pthread_join(t, NULL);
	return (int64_t)(__rdtsc() - start);
}

static int turn; /* whose turn it is: 0 or 1 */

static long futex(int *word, int op, int value)
{
	return syscall(SYS_futex, word, op, value, NULL, NULL, 0);
}

static void play(int side, int n)
{
	for (int i = 0; i < n; i++) {
		while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != side)
			futex(&turn, futex_wait, !side);
		__atomic_store_n(&turn, !side, __ATOMIC_RELEASE);
		futex(&turn, futex_wake, 1);
	}
}

static void *play_one(void *arg)
{
	play(1, *(int *)arg);
	return NULL;
}

static int64_t ping_pong(int n)
{
	int half = n / 2;
	uint64_t start;
	pthread_t t;

	ENSURE(pthread_create(&t, NULL, play_one, &half) == 0);
	start = __rdtsc();
	play(0, half);
	pthread_join(t, NULL);
	return (int64_t)(__rdtsc() - start);
}

static int64_t wake_nobody(int n)
{
	static int word;

	return TIMED(n, futex(&word, futex_wake, 1));
}

/* The wake alone, with one thread asleep; that it wakes costs extra. */
static int sleepers_word, sleepers_end;
static sem_t awake;

static void *sleeper(void *arg)
{
	(void)arg;
	for (;;) {
		futex(&sleepers_word, futex_wait, 0);
		if (__atomic_load_n(&sleepers_end, __ATOMIC_ACQUIRE))
			return NULL;
		sem_post(&awake);
	}
}

static int64_t wake_one(int n)
{
	struct timespec ms = {.tv_nsec = 1000000};
	int64_t ticks = 0;
	pthread_t t;

	sleepers_end = 0;
	sem_init(&awake, 0, 0);
	ENSURE(pthread_create(&t, NULL, sleeper, NULL) == 0);
	for (int i = 0; i < n; i++) {
		nanosleep(&ms, NULL);
		ticks +=
		    TIMED(1, ENSURE(futex(&sleepers_word, futex_wake, 1) == 1));
		sem_wait(&awake);
	}
	__atomic_store_n(&sleepers_end, 1, __ATOMIC_RELEASE);
	while (futex(&sleepers_word, futex_wake, 1) == 0)
		sched_yield();
	pthread_join(t, NULL);
	return ticks;
}

static char *map(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ENSURE(p != MAP_FAILED);
	return p;
}

static int64_t touch(int n)
{
	size_t size = (size_t)n * page;
	volatile char *p = map(size);
	int64_t ticks = TIMED(n, p[(size_t)i_ * page] = 1);

	munmap((void *)p, size);
	return ticks;
}

static int64_t map_unmap(int n)
{
	return TIMED(n, munmap(map(page), page));
}

static int64_t map_touch_unmap(int n)
{
	return TIMED(n, char *p = map(page); *(volatile char *)p = 1;
		     munmap(p, page));
}

static int64_t protect(int n)
{
	char *p = map(page);
	int64_t ticks;

	*(volatile char *)p = 1;
	ticks = TIMED(n, mprotect(p, page, PROT_READ);
		      mprotect(p, page, PROT_READ | PROT_WRITE));
	munmap(p, page);
	return ticks / 2;
}

static void *nil(void *arg)
{
	return arg;
}

static int64_t create_join(int n)
{
	pthread_t t;

	return TIMED(n, ENSURE(pthread_create(&t, NULL, nil, NULL) == 0);
		     pthread_join(t, NULL));
}

static void on_signal(int s)
{
	(void)s;
}

static int64_t signal_self(int n)
{
	signal(SIGUSR1, on_signal);
	return TIMED(n, raise(SIGUSR1));
}

/* How much later than asked for a sleep of `us` microseconds ends. */
static void sleeping(int us)
{
	int64_t late[batch_max];
	struct timespec a, b, t = {.tv_nsec = us * 1000L};

	for (int i = 0; i < batches; i++) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		ENSURE(nanosleep(&t, NULL) == 0);
		clock_gettime(CLOCK_MONOTONIC, &b);
		late[i] = (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec -
			  a.tv_nsec - t.tv_nsec;
		ENSURE(late[i] >= 0);
	}
	qsort(late, (size_t)batches, sizeof late[0], by_value);
	printf("nanosleep of %d us, late by ns, median\t%ld\n", us,
	       (long)late[batches / 2]);
	printf("nanosleep of %d us, late by ns, worst\t%ld\n", us,
	       (long)late[batches - 1]);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		batches = atoi(argv[1]);
	if (batches < 1 || batches > batch_max)
		return 2;
	report("the loop alone", nothing, 1000);
	report("getpid", get_pid, 1000);
	report("clock_gettime", get_time, 1000);
	report("pipe: write and read 1 byte", pipe_byte, 1000);
	report("pipe: write and read 4 KiB", pipe_block, 500);
	report("epoll_wait, one ready", event_poll, 1000);
	report("thread switch by sched_yield", yielding, 1000);
	report("thread switch by futex (wait, wake)", ping_pong, 1000);
	report("futex wake, nobody waits", wake_nobody, 1000);
	report("futex wake, one waits", wake_one, 20);
	report("pthread_create and join", create_join, 100);
	report("signal to itself, handler", signal_self, 500);
	report("page fault, first touch", touch, 250);
	report("mmap and munmap a page", map_unmap, 500);
	report("mmap, touch and munmap a page", map_touch_unmap, 500);
	report("mprotect a page", protect, 500);
	sleeping(100);
	sleeping(5000);
	return 0;
}
