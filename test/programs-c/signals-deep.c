/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a runtime that delivers signals itself can get wrong: registers of the
 * floating-point units, faults of each kind, a stack that is used up, timers
 * that start threads, cancellation at any moment, calls that are interrupted.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "check.h"

enum { rounds = 200000, cancellations = 200, deepest = 20 };

typedef void action(int, siginfo_t *, void *);

static volatile int count;

static void handle(int sig, action *fn, int flags)
{
	struct sigaction a = {.sa_sigaction = fn,
			      .sa_flags = flags | SA_SIGINFO};

	CHECK(sigaction(sig, &a, NULL) == 0);
}

static void counted(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	(void)context;
	count++;
}

/* --- floating point --- */

/* Leaves nothing as it was. */
static void spoil(int sig, siginfo_t *info, void *context)
{
	unsigned short word = 0;

	__asm__ volatile("fnstcw %0" : "=m"(word));
	CHECK(word == 0x37f);
	__asm__ volatile("fldpi\n\tfldpi\n\tfldpi\n\t"
			 "pcmpeqd %%xmm0, %%xmm0\n\t"
			 "pcmpeqd %%xmm1, %%xmm1\n\t"
			 "pcmpeqd %%xmm7, %%xmm7\n\t"
			 "pcmpeqd %%xmm15, %%xmm15\n\t"
			 :
			 :
			 : "xmm0", "xmm1", "xmm7", "xmm15");
	counted(sig, info, context);
}

static __attribute__((noinline, noclone)) double work(int n)
{
	double a = 1, b = 0.5;
	long double l = 1;

	for (int i = 1; i < n; i++) {
		a = a * 1.0000001 + b / i;
		b = b * 0.9999999 + 1 / (a + i);
		l = l * 1.00000001L + a;
	}
	return a + b + (double)l;
}

static void floating_point(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
				 .sigev_signo = SIGUSR1};
	struct itimerspec often = {{0, 200000}, {0, 200000}};
	volatile int n = rounds;
	double want = work(n);
	timer_t timer;

	handle(SIGUSR1, spoil, SA_RESTART);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &often, NULL) == 0);
	for (count = 0; count < 300;)
		CHECK(work(n) == want);
	CHECK(timer_delete(timer) == 0);
	passed("floating point");
}

/* --- faults --- */

static sigjmp_buf out;
static volatile int code;
static void *volatile address;

static void leave(int sig, siginfo_t *info, void *context)
{
	(void)context;
	code = info->si_code;
	address = info->si_addr;
	siglongjmp(out, sig);
}

static void skip(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)sig;
	code = info->si_code;
	regs[REG_RIP] += 2; /* ud2 */
	regs[REG_RBX] = 77;
}

#define FAULT(statement)                                                       \
	({                                                                     \
		int sig_ = sigsetjmp(out, 1);                                  \
		if (sig_ == 0) {                                               \
			statement;                                             \
		}                                                              \
		sig_;                                                          \
	})

static void faults(void)
{
	char *page =
	    mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *volatile nowhere = (char *)8;
	volatile int zero = 0, seven = 7;
	long rbx;

	handle(SIGSEGV, leave, 0);
	handle(SIGFPE, leave, 0);
	handle(SIGTRAP, leave, 0);
	handle(SIGILL, skip, 0);
	for (volatile int i = 0; i < 3; i++) {
		CHECK(FAULT(*nowhere = 1) == SIGSEGV);
		CHECK(code == SEGV_MAPERR && address == nowhere);
	}
	CHECK(FAULT(*(volatile char *)page = 1) == SIGSEGV);
	CHECK(code == SEGV_ACCERR && address == page);
	CHECK(FAULT(((void (*)(void))(long)nowhere)()) == SIGSEGV);
	CHECK(address == nowhere);
	CHECK(FAULT(seven /= zero) == SIGFPE && code == FPE_INTDIV);
	CHECK(FAULT(__asm__ volatile("int3")) == SIGTRAP);
	__asm__ volatile("mov $5, %%ebx\n\tud2\n\tmov %%rbx, %0"
			 : "=r"(rbx)
			 :
			 : "rbx");
	CHECK(rbx == 77 && code == ILL_ILLOPN);
	passed("faults");
}

static int descend(int n)
{
	volatile char block[1000];

	block[0] = (char)n;
	if (n < 0)
		return 0;
	return descend(n + 1) + block[0];
}

static void *use_up_stack(void *arg)
{
	static char other[65536];
	stack_t stack = {.ss_sp = other, .ss_size = sizeof other};

	CHECK(sigaltstack(&stack, NULL) == 0);
	handle(SIGSEGV, leave, SA_ONSTACK);
	for (volatile int i = 0; i < 3; i++)
		CHECK(FAULT(descend(0)) == SIGSEGV);
	return arg;
}

static void stacks(void)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, use_up_stack, NULL) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	passed("a stack that is used up");
}

static int depth, most;

static void nested(int sig, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	if (++depth > most)
		most = depth;
	if (depth < deepest)
		raise(sig);
	depth--;
}

static void nesting(void)
{
	handle(SIGUSR2, nested, SA_NODEFER);
	CHECK(raise(SIGUSR2) == 0 && most == deepest && depth == 0);
	passed("handlers in handlers");
}

/* --- timers --- */

static volatile int notified;

static void notify(union sigval value)
{
	notified += value.sival_int;
}

static void wait_ms(int ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD,
				 .sigev_notify_function = notify,
				 .sigev_value.sival_int = 3};
	struct itimerspec often = {{0, 1000000}, {0, 2000000}};
	struct itimerval once = {{0, 0}, {0, 5000}}, none = {0};
	struct itimerval limit = {{0, 5000}, {0, 5000}};
	timer_t timer;

	CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &often, NULL) == 0);
	for (int i = 0; i < 1000 && notified < 9; i++)
		wait_ms(2);
	CHECK(notified >= 9);
	CHECK(timer_delete(timer) == 0);
	passed("SIGEV_THREAD");
	handle(SIGALRM, counted, 0);
	handle(SIGPROF, counted, 0);
	handle(SIGVTALRM, counted, 0);
	count = 0;
	CHECK(setitimer(ITIMER_REAL, &limit, NULL) == 0);
	CHECK(pause() == -1 && errno == EINTR && count >= 1);
	CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0);
	count = 1;
	CHECK(setitimer(ITIMER_PROF, &once, NULL) == 0);
	while (count < 2)
		;
	CHECK(setitimer(ITIMER_VIRTUAL, &once, NULL) == 0);
	while (count < 3)
		;
	passed("interval timers");
}

/* --- cancellation --- */

static int ends[2];
static sem_t semaphore;

static void *read_byte(void *arg)
{
	char c;

	CHECK(read(ends[0], &c, 1) == 1);
	return arg;
}

static void *pass_bytes(void *arg)
{
	char c = 'x';

	for (;;)
		CHECK(write(ends[1], &c, 1) == 1 && read(ends[0], &c, 1) == 1);
	return arg;
}

static void *wait_semaphore(void *arg)
{
	sem_wait(&semaphore);
	return arg;
}

static void *compute(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		__asm__ volatile("");
	return arg;
}

static void cancellation(void)
{
	static void *(*const what[])(void *) = {read_byte, pass_bytes,
						wait_semaphore, compute};
	pthread_t t;
	void *status;

	CHECK(sem_init(&semaphore, 0, 0) == 0);
	for (int i = 0; i < cancellations; i++) {
		CHECK(pipe(ends) == 0);
		CHECK(pthread_create(&t, NULL, what[i % 4], NULL) == 0);
		for (volatile int j = 0; j < i * 50; j++)
			;
		if (i % 16 < 4)
			wait_ms(1);
		CHECK(pthread_cancel(t) == 0);
		CHECK(pthread_join(t, &status) == 0);
		CHECK(status == PTHREAD_CANCELED);
		close(ends[0]);
		close(ends[1]);
	}
	passed("cancellation at any moment");
}

/* The time limit of a call that would wait for ever; again if it was missed. */
static void interrupted(void)
{
	struct itimerval limit = {{0, 5000}, {0, 1000}}, none = {0};
	char c;

	CHECK(pipe(ends) == 0);
	handle(SIGALRM, counted, 0);
	for (int i = 0; i < 50; i++) {
		limit.it_value.tv_usec = 1000 + i * 7;
		CHECK(setitimer(ITIMER_REAL, &limit, NULL) == 0);
		CHECK(read(ends[0], &c, 1) == -1 && errno == EINTR);
	}
	CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0);
	passed("interrupted reads");
}

int main(void)
{
	floating_point();
	faults();
	stacks();
	nesting();
	timers();
	cancellation();
	interrupted();
	return 0;
}
