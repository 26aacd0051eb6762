/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signals - signals in flight: queued real-time signals arrive all and in
 * order, a storm of pthread_kill between threads that compute, sleep and read,
 * EINTR and SA_RESTART, nested handlers on an alternate stack, masks, waits for
 * signals, jumps out of handlers, and faults that a handler mends.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include "stress.h"

enum { targets = 6 };

static volatile sig_atomic_t caught, last, disorder, depth, deepest;
static _Thread_local volatile sig_atomic_t mine;
static volatile int stop;
static int pipe_fd[2];

static void handle(int signal, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a = {.sa_sigaction = fn,
			      .sa_flags = SA_SIGINFO | flags};

	CHECK(sigaction(signal, &a, NULL) == 0);
}

static void on_queued(int s, siginfo_t *info, void *context)
{
	(void)s;
	(void)context;
	if (info->si_code != SI_QUEUE || info->si_pid != getpid() ||
	    info->si_value.sival_int != last + 1)
		disorder++;
	last = info->si_value.sival_int;
	caught++;
}

/* Queued while blocked and while not: none may be lost or overtake. */
static void queued(long amount)
{
	sigset_t set, old;
	siginfo_t info;

	handle(SIGRTMIN + 2, on_queued, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	caught = last = disorder = 0;
	for (int i = 1; i <= amount; i++) {
		if (i % 50 == 1)
			CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
		CHECK(sigqueue(getpid(), SIGRTMIN + 2,
			       (union sigval){.sival_int = i}) == 0);
		if (i % 50 == 25)
			CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
	}
	CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
	CHECK(caught == amount && last == amount && disorder == 0);
	CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
	for (int i = 1; i <= 30; i++)
		sigqueue(getpid(), SIGRTMIN + 2,
			 (union sigval){.sival_int = i});
	for (int i = 1; i <= 30; i++) {
		CHECK(sigwaitinfo(&set, &info) == SIGRTMIN + 2);
		CHECK(info.si_value.sival_int == i);
	}
	CHECK(sigtimedwait(&set, &info, &(struct timespec){0, 100000}) == -1 &&
	      errno == EAGAIN);
	CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
}

static void on_hit(int s, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)s;
	(void)info;
	(void)context;
	mine++;
	errno = saved;
}

/* What a target does while it is hit; its result must not suffer. */
static void *hit(void *arg)
{
	uint64_t random = (uintptr_t)arg, check = 0, again = 0;
	char block[64], want[64];
	double sum = 0;

	while (!stop) {
		memset(want, (int)random, sizeof want);
		switch ((uintptr_t)arg % 5) {
		case 0: /* computing */
			check = again = random;
			sum = 0;
			for (int i = 1; i < 2000; i++)
				sum += 1.0 / i;
			for (int i = 0; i < 500; i++)
				check = check * 31 + 7;
			for (int i = 0; i < 500; i++)
				again = again * 31 + 7;
			CHECK(check == again);
			for (int i = 1; i < 2000; i++)
				sum -= 1.0 / i;
			CHECK(sum < 1e-9 && sum > -1e-9);
			break;
		case 1: /* copying */
			memcpy(block, want, sizeof block);
			CHECK(memcmp(block, want, sizeof block) == 0);
			break;
		case 2: /* sleeping */
			usleep(200);
			break;
		case 3: /* a restarted read, or an interrupted one */
			errno = 0;
			if (read(pipe_fd[0], block, 1) < 0)
				CHECK(errno == EINTR);
			break;
		case 4: /* in and out of the kernel */
			for (int i = 0; i < 20; i++)
				CHECK(getppid() >= 0);
			sched_yield();
			break;
		}
		stress_random(&random);
	}
	return (void *)(intptr_t)(mine > 0);
}

static void storm(long amount)
{
	uint64_t random = (uint64_t)stress_round;
	pthread_t t[targets];
	void *was_hit;

	CHECK(pipe(pipe_fd) == 0);
	stop = 0;
	handle(SIGUSR1, on_hit, SA_RESTART);
	handle(SIGUSR2, on_hit, 0);
	for (uintptr_t i = 0; i < targets; i++)
		CHECK(pthread_create(&t[i], NULL, hit, (void *)i) == 0);
	for (long i = 0; i < amount; i++) {
		unsigned k = stress_below(&random, targets);

		CHECK(pthread_kill(t[k], stress_below(&random, 2)
					     ? SIGUSR1
					     : SIGUSR2) == 0);
		if (i % 64 == 0)
			usleep(100);
		if (i % 16 == 0)
			CHECK(write(pipe_fd[1], "x", 1) == 1);
	}
	for (int i = 0; i < targets; i++)
		CHECK(pthread_kill(t[i], SIGUSR1) == 0);
	usleep(5000);
	stop = 1;
	CHECK(close(pipe_fd[1]) == 0); /* the reader sees the end */
	for (int i = 0; i < targets; i++) {
		CHECK(pthread_join(t[i], &was_hit) == 0);
		CHECK(was_hit);
	}
	CHECK(close(pipe_fd[0]) == 0);
}

/* Handlers that interrupt each other, on a stack of their own. */
static char other_stack[64 << 10];

static void on_nested(int s, siginfo_t *info, void *context)
{
	char here;

	(void)info;
	(void)context;
	if (&here < other_stack || &here >= other_stack + sizeof other_stack)
		disorder++;
	if (++depth > deepest)
		deepest = depth;
	if (s < SIGRTMIN + 10)
		raise(s + 1);
	caught++;
	depth--;
}

static void nested(void)
{
	stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
	stack_t off = {.ss_flags = SS_DISABLE};

	CHECK(sigaltstack(&stack, NULL) == 0);
	caught = depth = deepest = disorder = 0;
	for (int s = SIGRTMIN + 3; s <= SIGRTMIN + 10; s++)
		handle(s, on_nested, SA_ONSTACK);
	for (int i = 0; i < 50; i++)
		raise(SIGRTMIN + 3);
	CHECK(caught == 50 * 8 && deepest == 8 && disorder == 0);
	CHECK(sigaltstack(&off, NULL) == 0);
}

static sigjmp_buf out;

static void on_jump(int s, siginfo_t *info, void *context)
{
	(void)s;
	(void)info;
	(void)context;
	siglongjmp(out, 1);
}

static void jumping(long amount)
{
	volatile long jumps = 0;
	struct itimerval t = {.it_value = {0, 200}};

	handle(SIGALRM, on_jump, 0);
	while (jumps < amount / 10 + 1) {
		if (sigsetjmp(out, 1)) {
			jumps++;
			continue;
		}
		CHECK(setitimer(ITIMER_REAL, &t, NULL) == 0);
		if (jumps % 2)
			poll(NULL, 0, -1);
		for (;;)
			__asm__ volatile("");
	}
}

static char *guarded;

static void on_fault(int s, siginfo_t *info, void *context)
{
	char *page = (char *)((uintptr_t)info->si_addr & ~(uintptr_t)4095);

	(void)context;
	if (s != SIGSEGV || page < guarded || page >= guarded + 64 * 4096 ||
	    mprotect(page, 4096, PROT_READ | PROT_WRITE))
		_exit(3);
	caught++;
}

/* A handler gives each page that is touched its rights. */
static void faults(void)
{
	guarded = mmap(NULL, 64 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(guarded != MAP_FAILED);
	caught = 0;
	handle(SIGSEGV, on_fault, 0);
	for (int i = 0; i < 64; i++)
		*(volatile char *)(guarded + i * 4096 + i) = (char)i;
	CHECK(caught == 64);
	for (int i = 0; i < 64; i++)
		CHECK(guarded[i * 4096 + i] == i);
	CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
	CHECK(munmap(guarded, 64 * 4096) == 0);
}

static void one_round(long amount)
{
	queued(amount);
	storm(amount);
	nested();
	jumping(amount);
	faults();
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "signals", 1000, one_round);
}
