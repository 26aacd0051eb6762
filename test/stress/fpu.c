/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fpu - the state of the floating-point unit belongs to a thread: its SSE, AVX
 * and x87 registers, rounding modes and exception flags, over preemption,
 * system calls, yields and the handlers of a timer's signals, which spoil all
 * of them.  No loop here yields for long: it is the clock that takes the CPU
 * away.
 */
#define _GNU_SOURCE
#include <fenv.h>
#include <immintrin.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/time.h>
#include "stress.h"

static volatile sig_atomic_t signals;

/* Spoils what a handler may: the interrupted code must not notice. */
static void on_alarm(int s)
{
	static volatile double x;

	(void)s;
	signals++;
	fesetround(FE_DOWNWARD);
	for (int i = 1; i < 20; i++)
		x = x * 1.5 + 1.0 / i;
	__asm__ volatile("pcmpeqb %%xmm0, %%xmm0\n\t"
			 "pcmpeqb %%xmm7, %%xmm7\n\t"
			 "pcmpeqb %%xmm15, %%xmm15\n\t"
			 "fninit\n\tfldpi\n\tfldpi\n\tfldpi" ::
			     : "xmm0", "xmm7", "xmm15");
}

/* All 16 registers hold values of the thread's for `spins` turns. */
static void hold_sse(uint64_t seed, long spins)
{
	uint64_t want[32], got[32];

	for (int i = 0; i < 32; i++)
		want[i] = stress_random(&seed);
	__asm__ volatile(
	    "movdqu 0(%1), %%xmm0\n\tmovdqu 16(%1), %%xmm1\n\t"
	    "movdqu 32(%1), %%xmm2\n\tmovdqu 48(%1), %%xmm3\n\t"
	    "movdqu 64(%1), %%xmm4\n\tmovdqu 80(%1), %%xmm5\n\t"
	    "movdqu 96(%1), %%xmm6\n\tmovdqu 112(%1), %%xmm7\n\t"
	    "movdqu 128(%1), %%xmm8\n\tmovdqu 144(%1), %%xmm9\n\t"
	    "movdqu 160(%1), %%xmm10\n\tmovdqu 176(%1), %%xmm11\n\t"
	    "movdqu 192(%1), %%xmm12\n\tmovdqu 208(%1), %%xmm13\n\t"
	    "movdqu 224(%1), %%xmm14\n\tmovdqu 240(%1), %%xmm15\n\t"
	    "1: dec %0\n\tjnz 1b\n\t"
	    "movdqu %%xmm0, 0(%2)\n\tmovdqu %%xmm1, 16(%2)\n\t"
	    "movdqu %%xmm2, 32(%2)\n\tmovdqu %%xmm3, 48(%2)\n\t"
	    "movdqu %%xmm4, 64(%2)\n\tmovdqu %%xmm5, 80(%2)\n\t"
	    "movdqu %%xmm6, 96(%2)\n\tmovdqu %%xmm7, 112(%2)\n\t"
	    "movdqu %%xmm8, 128(%2)\n\tmovdqu %%xmm9, 144(%2)\n\t"
	    "movdqu %%xmm10, 160(%2)\n\tmovdqu %%xmm11, 176(%2)\n\t"
	    "movdqu %%xmm12, 192(%2)\n\tmovdqu %%xmm13, 208(%2)\n\t"
	    "movdqu %%xmm14, 224(%2)\n\tmovdqu %%xmm15, 240(%2)"
	    : "+r"(spins)
	    : "r"(want), "r"(got)
	    : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
	      "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
	      "xmm13", "xmm14", "xmm15");
	CHECK(memcmp(want, got, sizeof want) == 0);
}

/* The upper halves, which only XSAVE keeps. */
__attribute__((target("avx"))) static void hold_avx(uint64_t seed, long spins)
{
	uint64_t want[12], got[12];

	for (int i = 0; i < 12; i++)
		want[i] = stress_random(&seed);
	__asm__ volatile("vmovdqu 0(%1), %%ymm0\n\tvmovdqu 32(%1), %%ymm8\n\t"
			 "vmovdqu 64(%1), %%ymm15\n\t"
			 "1: dec %0\n\tjnz 1b\n\t"
			 "vmovdqu %%ymm0, 0(%2)\n\tvmovdqu %%ymm8, 32(%2)\n\t"
			 "vmovdqu %%ymm15, 64(%2)\n\tvzeroupper"
			 : "+r"(spins)
			 : "r"(want), "r"(got)
			 : "memory", "cc", "xmm0", "xmm8", "xmm15");
	CHECK(memcmp(want, got, sizeof want) == 0);
}

/* The stack of the x87: eight values in, the same out. */
static void hold_x87(uint64_t seed, long spins)
{
	uint64_t want[8], got[8];

	for (int i = 0; i < 8; i++)
		want[i] = stress_random(&seed) >> 2;
	__asm__ volatile("fildq 0(%1)\n\tfildq 8(%1)\n\tfildq 16(%1)\n\t"
			 "fildq 24(%1)\n\tfildq 32(%1)\n\tfildq 40(%1)\n\t"
			 "fildq 48(%1)\n\tfildq 56(%1)\n\t"
			 "1: dec %0\n\tjnz 1b\n\t"
			 "fistpq 56(%2)\n\tfistpq 48(%2)\n\tfistpq 40(%2)\n\t"
			 "fistpq 32(%2)\n\tfistpq 24(%2)\n\tfistpq 16(%2)\n\t"
			 "fistpq 8(%2)\n\tfistpq 0(%2)"
			 : "+r"(spins)
			 : "r"(want), "r"(got)
			 : "memory", "cc", "st", "st(1)", "st(2)", "st(3)",
			   "st(4)", "st(5)", "st(6)", "st(7)");
	CHECK(memcmp(want, got, sizeof want) == 0);
}

/* One third, in the thread's own rounding mode, by SSE and by x87. */
static void hold_modes(int mode, long spins)
{
	volatile double one = 1, three = 3;
	volatile long double long_one = 1, long_three = 3;
	double third;
	long double long_third;

	CHECK(fesetround(mode) == 0);
	third = one / three;
	long_third = long_one / long_three;
	while (spins--) {
		CHECK(one / three == third);
		CHECK(long_one / long_three == long_third);
	}
	CHECK(fegetround() == mode);
}

static double series(int terms)
{
	double s = 0;

	for (int i = 1; i <= terms; i++)
		s += 1.0 / ((double)i * i);
	return s;
}

struct job {
	int number;
	long amount;
	double sum;
	pthread_t thread;
};

static void *work(void *arg)
{
	static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD,
				    FE_TOWARDZERO};
	struct job *j = arg;
	uint64_t random = (uint64_t)(stress_round * 100 + j->number);
	int mode = modes[j->number % 4];

	for (long i = 0; i < j->amount; i++) {
		long spins = 1 + stress_below(&random, 60000);

		switch (stress_below(&random, 6)) {
		case 0:
			hold_sse(random, spins);
			break;
		case 1:
			hold_x87(random, spins);
			break;
		case 2:
			hold_modes(mode, spins / 32);
			break;
		case 3:
			if (__builtin_cpu_supports("avx"))
				hold_avx(random, spins);
			break;
		case 4:
			sched_yield();
			break;
		case 5:
			fesetround(FE_TONEAREST);
			j->sum = series(5000);
			break;
		}
	}
	fesetround(FE_TONEAREST);
	j->sum = series(5000);
	return NULL;
}

static void one_round(long amount)
{
	struct itimerval tick = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = on_alarm,
				   .sa_flags = SA_RESTART};
	struct job jobs[8];
	double want = series(5000);

	signals = 0;
	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(setitimer(ITIMER_REAL, &tick, NULL) == 0);
	for (int i = 0; i < 8; i++) {
		jobs[i] = (struct job){.number = i, .amount = amount};
		CHECK(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) ==
		      0);
	}
	for (int i = 0; i < 8; i++) {
		CHECK(pthread_join(jobs[i].thread, NULL) == 0);
		CHECK(jobs[i].sum == want);
	}
	while (signals < 3)
		series(1000);
	CHECK(setitimer(ITIMER_REAL, &off, NULL) == 0);
	CHECK(series(5000) == want);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "fpu", 200, one_round);
}
