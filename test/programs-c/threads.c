/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads: creation with and without a stack of one's own, join, detach (the
 * thread unmaps its own stack), thread-local initial values, keys, mutexes,
 * condition variables, semaphores, barriers, names, a raw clone.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

enum { many = 40, rounds = 2000 };

static _Thread_local int tls_value = 5;
static _Thread_local int tls_zero;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static sem_t done;
static long counter;
static int destroyed;
static pid_t clone_tid;

static void *count(void *arg)
{
	CHECK(tls_value == 5 && tls_zero == 0);
	tls_value = tls_zero = (int)(intptr_t)arg;
	for (int i = 0; i < rounds; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	CHECK(tls_value == (int)(intptr_t)arg && tls_zero == tls_value);
	return arg;
}

static void counting(void)
{
	pthread_t t[many];
	void *result;

	for (intptr_t i = 0; i < many; i++)
		CHECK(pthread_create(&t[i], NULL, count, (void *)i) == 0);
	for (intptr_t i = 0; i < many; i++) {
		CHECK(pthread_join(t[i], &result) == 0);
		CHECK((intptr_t)result == i);
	}
	CHECK(counter == (long)many * rounds);
	passed("mutex, join, thread-local data");
}

static void *ping_pong(void *arg)
{
	long side = (long)arg;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < rounds; i++) {
		while (counter % 2 != side)
			pthread_cond_wait(&changed, &lock);
		counter++;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void conditions(void)
{
	pthread_t t;

	counter = 0;
	CHECK(pthread_create(&t, NULL, ping_pong, (void *)1) == 0);
	ping_pong((void *)0);
	CHECK(pthread_join(t, NULL) == 0);
	CHECK(counter == 2 * rounds);
	passed("condition variable");
}

static void destroy(void *value)
{
	destroyed += (int)(intptr_t)value;
}

static void *detached(void *arg)
{
	pthread_setspecific(key, (void *)1);
	sem_post(&done);
	return arg;
}

/* Each ends on a stack it unmaps itself; their number bounds the leak. */
static void detaching(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_key_create(&key, destroy);
	sem_init(&done, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 64 << 20);
	for (int i = 0; i < 500; i++) {
		CHECK(pthread_create(&t, &attr, detached, NULL) == 0);
		CHECK(sem_wait(&done) == 0);
	}
	for (int i = 0; i < 1000 && destroyed < 500; i++)
		usleep(1000);
	CHECK(destroyed == 500);
	passed("detached threads, keys, semaphore");
}

static void *wait_barrier(void *arg)
{
	int r = pthread_barrier_wait(arg);

	CHECK(r == 0 || r == PTHREAD_BARRIER_SERIAL_THREAD);
	return (void *)(intptr_t)(r != 0);
}

static void barriers(void)
{
	pthread_barrier_t b;
	pthread_t t[4];
	intptr_t serial = 0;

	pthread_barrier_init(&b, NULL, 4);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&t[i], NULL, wait_barrier, &b) == 0);
	for (int i = 0; i < 4; i++) {
		void *r;

		CHECK(pthread_join(t[i], &r) == 0);
		serial += (intptr_t)r;
	}
	CHECK(serial == 1);
	passed("barrier");
}

static void *own_stack(void *arg)
{
	char local;

	CHECK(&local > (char *)arg && &local < (char *)arg + 65536);
	CHECK(pthread_setname_np(pthread_self(), "halvm") == 0);
	return NULL;
}

static void given_stack(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	CHECK(pthread_attr_setstack(&attr, stack, sizeof stack) == 0);
	CHECK(pthread_create(&t, &attr, own_stack, stack) == 0);
	CHECK(pthread_join(t, NULL) == 0);
	passed("a given stack");
}

static int cloned(void *arg)
{
	*(int *)arg = 17;
	return 23;
}

/* clone() as a program may use it: a process that shares the memory. */
static void raw_clone(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	int seen = 0, status;

	clone_tid =
	    clone(cloned, stack + sizeof stack, CLONE_VM | SIGCHLD, &seen);
	CHECK(clone_tid > 0);
	CHECK(waitpid(clone_tid, &status, 0) == clone_tid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 23 && seen == 17);
	passed("clone");
}

int main(void)
{
	counting();
	conditions();
	detaching();
	barriers();
	given_stack();
	raw_clone();
	return 0;
}
