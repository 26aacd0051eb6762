/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals: both kinds of handler and the return from them, registers kept,
 * masks, restarted and interrupted calls, alternate stacks, jumps out of
 * handlers, waiting for signals, timers that send them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "check.h"

static volatile sig_atomic_t count;
static volatile int info_value, info_signal;
static char *volatile handler_frame;
static sigjmp_buf out;

static void plain(int sig)
{
	int saved = errno;

	count++;
	CHECK(sig == SIGUSR1 || sig == SIGALRM);
	/* Enter the kernel from the handler, and spoil errno. */
	CHECK(close(-1) == -1);
	errno = saved;
}

static void with_info(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	count++;
	info_signal = sig;
	info_value = info->si_value.sival_int;
	CHECK(uc->uc_mcontext.gregs[REG_RIP] >= 0x100000);
}

static void on_stack(int sig)
{
	(void)sig;
	handler_frame = __builtin_frame_address(0);
}

static void jump_out(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	handler_frame = info->si_addr;
	siglongjmp(out, 1);
}

static void handle(int sig, void (*f)(int), int flags)
{
	struct sigaction a = {.sa_handler = f, .sa_flags = flags};

	CHECK(sigaction(sig, &a, NULL) == 0);
}

static void handle_info(int sig, void (*f)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a = {.sa_sigaction = f,
			      .sa_flags = SA_SIGINFO | flags};

	CHECK(sigaction(sig, &a, NULL) == 0);
}

static void handlers(void)
{
	struct sigaction old;
	union sigval v = {.sival_int = 77};

	handle(SIGUSR1, plain, 0);
	CHECK(raise(SIGUSR1) == 0 && count == 1);
	handle_info(SIGUSR2, with_info, 0);
	CHECK(sigqueue(getpid(), SIGUSR2, v) == 0);
	CHECK(count == 2 && info_value == 77 && info_signal == SIGUSR2);
	CHECK(sigaction(SIGUSR2, NULL, &old) == 0);
	CHECK(old.sa_sigaction == with_info && old.sa_flags & SA_SIGINFO);
	passed("handlers");
}

/* A handler runs between any two instructions here; nothing may change. */
static void registers_kept(void)
{
	struct itimerval tick = {{0, 200}, {0, 200}}, none = {0};
	/* volatile, or the compiler knows that a pair is equal */
	volatile int one = 1;
	double x = one, y = one;
	uint64_t a = (uint64_t)one, b = (uint64_t)one;

	handle(SIGALRM, plain, SA_RESTART);
	count = 0;
	CHECK(setitimer(ITIMER_REAL, &tick, NULL) == 0);
	while (count < 200) {
		a = a * 6364136223846793005u + 1442695040888963407u;
		b = b * 6364136223846793005u + 1442695040888963407u;
		x = x * 1.0000001 + 0.5;
		y = y * 1.0000001 + 0.5;
		CHECK(a == b && x == y);
	}
	CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0);
	passed("registers kept");
}

static void masks(void)
{
	sigset_t set, old, pending;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
	count = 0;
	CHECK(raise(SIGUSR1) == 0 && count == 0);
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1));
	CHECK(sigtimedwait(&set, &info, &(struct timespec){0, 0}) == SIGUSR1);
	errno = 0;
	CHECK(sigtimedwait(&set, &info, &(struct timespec){0, 1000}) == -1);
	CHECK(errno == EAGAIN && count == 0);
	CHECK(raise(SIGUSR1) == 0);
	CHECK(sigsuspend(&old) == -1 && errno == EINTR && count == 1);
	CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
	passed("masks");
}

static int stream[2];

static void *write_later(void *thread)
{
	usleep(20000);
	CHECK(pthread_kill(*(pthread_t *)thread, SIGUSR1) == 0);
	usleep(20000);
	CHECK(write(stream[1], "x", 1) == 1);
	return NULL;
}

static void interrupted(void)
{
	pthread_t self = pthread_self(), t;
	char c;

	CHECK(pipe(stream) == 0);
	count = 0;
	handle(SIGUSR1, plain, SA_RESTART);
	CHECK(pthread_create(&t, NULL, write_later, &self) == 0);
	CHECK(read(stream[0], &c, 1) == 1 && count == 1);
	CHECK(pthread_join(t, NULL) == 0);
	passed("restarted call");

	handle(SIGUSR1, plain, 0);
	CHECK(pthread_create(&t, NULL, write_later, &self) == 0);
	errno = 0;
	CHECK(read(stream[0], &c, 1) == -1 && errno == EINTR && count == 2);
	CHECK(read(stream[0], &c, 1) == 1);
	CHECK(pthread_join(t, NULL) == 0);
	passed("interrupted call");
}

static void alternate_stack(void)
{
	static char stack[65536];
	stack_t s = {.ss_sp = stack, .ss_size = sizeof stack}, now;

	CHECK(sigaltstack(&s, NULL) == 0);
	handle(SIGUSR1, on_stack, SA_ONSTACK);
	CHECK(raise(SIGUSR1) == 0);
	CHECK(handler_frame > stack && handler_frame < stack + sizeof stack);
	CHECK(sigaltstack(NULL, &now) == 0 && now.ss_sp == stack);
	passed("alternate stack");
}

/* Page 0 is unmapped, and the fault can be caught. */
static void faults(void)
{
	char *volatile nowhere = (char *)16;

	handle_info(SIGSEGV, jump_out, SA_ONSTACK);
	for (volatile int i = 0; i < 3; i++) {
		handler_frame = NULL;
		if (sigsetjmp(out, 1) == 0) {
			*nowhere = 1;
			CHECK(!"a write to page 0 went through");
		}
		CHECK(handler_frame == nowhere);
	}
	if (sigsetjmp(out, 1) == 0) {
		*(volatile char *)(uintptr_t)faults = 0;
		CHECK(!"a write to code went through");
	}
	CHECK((uintptr_t)handler_frame == (uintptr_t)faults);
	handle(SIGSEGV, SIG_DFL, 0);
	passed("faults");
}

static void on_timer(union sigval v)
{
	__atomic_store_n(&info_value, v.sival_int, __ATOMIC_SEQ_CST);
}

static void timers(void)
{
	struct itimerspec once = {.it_value = {0, 1000000}};
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL,
			     .sigev_signo = SIGUSR2,
			     .sigev_value.sival_int = 5};
	timer_t t;

	info_value = 0;
	CHECK(timer_create(CLOCK_MONOTONIC, &e, &t) == 0);
	CHECK(timer_settime(t, 0, &once, NULL) == 0);
	for (int i = 0; i < 1000 && !info_value; i++)
		usleep(1000);
	CHECK(info_value == 5 && timer_delete(t) == 0);

	e.sigev_notify = SIGEV_THREAD;
	e.sigev_notify_function = on_timer;
	e.sigev_value.sival_int = 6;
	CHECK(timer_create(CLOCK_MONOTONIC, &e, &t) == 0);
	CHECK(timer_settime(t, 0, &once, NULL) == 0);
	for (int i = 0; i < 1000 && info_value != 6; i++)
		usleep(1000);
	CHECK(info_value == 6 && timer_delete(t) == 0);
	passed("timers");
}

static void death_by_signal(void)
{
	int status;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0)
		abort();
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	passed("abort");
}

int main(void)
{
	handlers();
	registers_kept();
	masks();
	interrupted();
	alternate_stack();
	faults();
	timers();
	death_by_signal();
	return 0;
}
