/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * threads - thousands of threads, created and joined or detached, few at a time
 * and all at once, in random order.  Each has thread-local data, a key with a
 * destructor and a sum of its own in floating-point registers; while they run
 * they are preempted and yield.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include "stress.h"

enum { crowd = 64, stack_size = 64 << 10 };

struct job {
	uint64_t seed;
	double sum;
	pthread_t thread;
};

static _Thread_local uint64_t tls_seed = 42;
static _Thread_local char tls_zero[200];
static pthread_key_t key;
static long destroyed;
static sem_t ended;

static void destroy(void *value)
{
	CHECK(*(uint64_t *)value == tls_seed);
	__atomic_add_fetch(&destroyed, 1, __ATOMIC_SEQ_CST);
}

/* A sum that is the same however often its registers were saved. */
static double sum(uint64_t seed, int terms)
{
	double a = 0, b = 1, c = (double)(seed % 1000) / 8;

	for (int i = 1; i <= terms; i++) {
		a += c / i;
		b = b * 0.5 + a;
		c += 0.25;
		if (i % 256 == 0 && seed % 3 == 0)
			sched_yield();
	}
	return a + b + c;
}

static void *run(void *arg)
{
	struct job *j = arg;

	CHECK(tls_seed == 42);
	for (size_t i = 0; i < sizeof tls_zero; i++)
		CHECK(tls_zero[i] == 0);
	tls_seed = j->seed;
	memset(tls_zero, (int)j->seed, sizeof tls_zero);
	CHECK(pthread_setspecific(key, &j->seed) == 0);
	j->sum = sum(j->seed, 64 + (int)(j->seed % 1500));
	CHECK(tls_seed == j->seed);
	for (size_t i = 0; i < sizeof tls_zero; i++)
		CHECK(tls_zero[i] == (char)j->seed);
	return arg;
}

static void *run_detached(void *arg)
{
	run(arg);
	sem_post(&ended);
	return NULL;
}

static void start(struct job *j, uint64_t seed)
{
	pthread_attr_t attr;

	j->seed = seed;
	j->sum = 0;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, stack_size);
	CHECK(pthread_create(&j->thread, &attr, run, j) == 0);
}

static void finish(struct job *j)
{
	void *result;

	CHECK(pthread_join(j->thread, &result) == 0);
	CHECK(result == j);
	CHECK(j->sum == sum(j->seed, 64 + (int)(j->seed % 1500)));
}

/* At most `crowd` at a time, joined in random order. */
static void few(long amount, uint64_t *random)
{
	static struct job jobs[crowd];
	char busy[crowd] = {0};

	for (long i = 0; i < amount; i++) {
		unsigned k = stress_below(random, crowd);

		if (busy[k])
			finish(&jobs[k]);
		start(&jobs[k], stress_random(random));
		busy[k] = 1;
	}
	for (int k = 0; k < crowd; k++)
		if (busy[k])
			finish(&jobs[k]);
}

static void all(long amount, uint64_t *random)
{
	struct job *jobs = calloc((size_t)amount, sizeof *jobs);

	CHECK(jobs);
	for (long i = 0; i < amount; i++)
		start(&jobs[i], stress_random(random));
	for (long i = amount; i-- > 0;)
		finish(&jobs[i]);
	free(jobs);
}

/* Detached threads unmap the stacks they run on. */
static void detached(long amount, uint64_t *random)
{
	long before = __atomic_load_n(&destroyed, __ATOMIC_SEQ_CST);
	struct job *jobs = calloc((size_t)amount, sizeof *jobs);
	pthread_attr_t attr;
	pthread_t t;

	CHECK(jobs);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (long i = 0; i < amount; i++) {
		jobs[i].seed = stress_random(random);
		CHECK(pthread_create(&t, &attr, run_detached, &jobs[i]) == 0);
		if (i >= crowd)
			CHECK(sem_wait(&ended) == 0);
	}
	for (long i = 0; i < amount && i < crowd; i++)
		CHECK(sem_wait(&ended) == 0);
	for (long i = 0; i < amount; i++)
		CHECK(jobs[i].sum != 0);
	/* The destructors run after the post, and look at the jobs. */
	while (__atomic_load_n(&destroyed, __ATOMIC_SEQ_CST) < before + amount)
		usleep(1000);
	free(jobs);
}

static void one_round(long amount)
{
	uint64_t random = (uint64_t)stress_round;

	destroyed = 0;
	CHECK(pthread_key_create(&key, destroy) == 0);
	CHECK(sem_init(&ended, 0, 0) == 0);
	few(amount, &random);
	all(amount / 4, &random);
	detached(amount / 4, &random);
	CHECK(destroyed == amount + amount / 4 * 2);
	CHECK(pthread_key_delete(key) == 0);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "threads", 2000, one_round);
}
