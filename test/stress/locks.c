/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * locks - a storm on futexes: mutexes of every kind, condition variables with
 * signal and broadcast, barriers, semaphores, read-write locks, timed waits
 * that time out and that don't, robust mutexes of threads that died.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include "stress.h"

enum { players = 12, slots = 7 };

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive, checked, robust;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static long counts[4], pair[2], arrived;
static long amount_now;

static struct timespec soon(long ns)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ns;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void lock_within(pthread_mutex_t *m, long ns)
{
	struct timespec t = soon(ns);
	int error;

	while ((error = pthread_mutex_timedlock(m, &t)) == ETIMEDOUT)
		t = soon(ns);
	CHECK(error == 0);
}

static void add(long *count, uint64_t *random)
{
	long seen = *count;

	/* Give others the chance to be let in wrongly. */
	if (stress_below(random, 16) == 0)
		sched_yield();
	*(volatile long *)count = seen + 1;
}

static void *mutexes(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 8 | (uintptr_t)arg;

	for (long i = 0; i < amount_now; i++) {
		switch (stress_below(&random, 5)) {
		case 0:
			pthread_mutex_lock(&plain);
			break;
		case 1:
			lock_within(&plain, 2000);
			break;
		case 2:
			while (pthread_mutex_trylock(&plain) != 0)
				sched_yield();
			break;
		case 3:
			CHECK(pthread_mutex_lock(&recursive) == 0);
			CHECK(pthread_mutex_lock(&recursive) == 0);
			add(&counts[1], &random);
			pthread_mutex_unlock(&recursive);
			pthread_mutex_unlock(&recursive);
			continue;
		case 4:
			CHECK(pthread_mutex_lock(&checked) == 0);
			CHECK(pthread_mutex_lock(&checked) == EDEADLK);
			add(&counts[2], &random);
			CHECK(pthread_mutex_unlock(&checked) == 0);
			continue;
		}
		add(&counts[0], &random);
		pthread_mutex_unlock(&plain);
	}
	return NULL;
}

/* Writers keep the pair equal; readers must never see it otherwise. */
static void *readers(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 16 | (uintptr_t)arg;

	for (long i = 0; i < amount_now; i++) {
		if (stress_below(&random, 8) == 0) {
			pthread_rwlock_wrlock(&shared);
			pair[0]++;
			if (i % 4 == 0)
				sched_yield();
			pair[1]++;
		} else {
			pthread_rwlock_rdlock(&shared);
			CHECK(pair[0] == pair[1]);
			if (i % 16 == 0)
				sched_yield();
			CHECK(pair[0] == pair[1]);
		}
		pthread_rwlock_unlock(&shared);
	}
	return NULL;
}

/* Nobody passes a barrier before all have come. */
static void *barriers(void *arg)
{
	long turns = amount_now / 10 + 1;

	for (long i = 1; i <= turns; i++) {
		int r;

		__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
		r = pthread_barrier_wait(&barrier);
		CHECK(r == 0 || r == PTHREAD_BARRIER_SERIAL_THREAD);
		CHECK(__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) >=
		      i * players);
		r = pthread_barrier_wait(&barrier);
		CHECK(r == 0 || r == PTHREAD_BARRIER_SERIAL_THREAD);
	}
	return arg;
}

/* A bounded buffer: half of the players put, half of them take. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t room, goods;
	long slot[slots], count, in, out, total;
} buffer = {.lock = PTHREAD_MUTEX_INITIALIZER,
	    .room = PTHREAD_COND_INITIALIZER,
	    .goods = PTHREAD_COND_INITIALIZER};

static void wait_for(pthread_cond_t *c, uint64_t *random)
{
	struct timespec t;
	int error;

	if (stress_below(random, 3)) {
		CHECK(pthread_cond_wait(c, &buffer.lock) == 0);
		return;
	}
	t = soon(1 + stress_below(random, 100000));
	error = pthread_cond_timedwait(c, &buffer.lock, &t);
	CHECK(error == 0 || error == ETIMEDOUT);
}

static void tell(pthread_cond_t *c, uint64_t *random)
{
	if (stress_below(random, 4) == 0)
		pthread_cond_broadcast(c);
	else
		pthread_cond_signal(c);
}

static void *conditions(void *arg)
{
	uint64_t random = (uint64_t)stress_round << 24 | (uintptr_t)arg;
	int putting = (uintptr_t)arg % 2 == 0;

	for (long i = 1; i <= amount_now; i++) {
		pthread_mutex_lock(&buffer.lock);
		if (putting) {
			while (buffer.count == slots)
				wait_for(&buffer.room, &random);
			buffer.slot[buffer.in++ % slots] = i;
			buffer.count++;
			tell(&buffer.goods, &random);
		} else {
			while (buffer.count == 0)
				wait_for(&buffer.goods, &random);
			buffer.total += buffer.slot[buffer.out++ % slots];
			buffer.count--;
			tell(&buffer.room, &random);
		}
		CHECK(buffer.count >= 0 && buffer.count <= slots);
		pthread_mutex_unlock(&buffer.lock);
	}
	return NULL;
}

/* A ring of semaphores: each passes the token on. */
static sem_t ring[players];

static void *semaphores(void *arg)
{
	size_t me = (uintptr_t)arg, next = (me + 1) % players;
	struct timespec t;

	for (long i = 0; i < amount_now / 4 + 1; i++) {
		t = soon(1000);
		while (sem_timedwait(&ring[me], &t) != 0) {
			CHECK(errno == ETIMEDOUT);
			t = soon(20000);
		}
		counts[3]++;
		CHECK(sem_post(&ring[next]) == 0);
	}
	return NULL;
}

/* Owners die; the next one is told and mends it. */
static void *dying(void *arg)
{
	for (long i = 0; i < 3; i++) {
		int error = pthread_mutex_lock(&robust);

		if (error == EOWNERDEAD)
			CHECK(pthread_mutex_consistent(&robust) == 0);
		else
			CHECK(error == 0);
		if (i == 2)
			break;
		CHECK(pthread_mutex_unlock(&robust) == 0);
	}
	return arg; /* with the mutex */
}

static void play(void *(*fn)(void *))
{
	pthread_t t[players];

	for (uintptr_t i = 0; i < players; i++)
		CHECK(pthread_create(&t[i], NULL, fn, (void *)i) == 0);
	for (int i = 0; i < players; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
}

static void make(pthread_mutex_t *m, int type, int robustness)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutexattr_setrobust(&attr, robustness);
	CHECK(pthread_mutex_init(m, &attr) == 0);
}

static void one_round(long amount)
{
	amount_now = amount;
	memset(counts, 0, sizeof counts);
	pair[0] = pair[1] = arrived = 0;
	make(&recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	make(&checked, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	make(&robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	CHECK(pthread_barrier_init(&barrier, NULL, players) == 0);
	for (int i = 0; i < players; i++)
		CHECK(sem_init(&ring[i], 0, i == 0) == 0);

	play(mutexes);
	CHECK(counts[0] + counts[1] + counts[2] == amount * players);
	play(readers);
	play(barriers);
	buffer.total = 0;
	play(conditions);
	CHECK(buffer.count == 0);
	CHECK(buffer.total == players / 2 * (amount * (amount + 1) / 2));
	play(semaphores);
	CHECK(counts[3] == players * (amount / 4 + 1));
	play(dying);
	CHECK(pthread_mutex_lock(&robust) == EOWNERDEAD);
}

int main(int argc, char **argv)
{
	return stress_main(argc, argv, "locks", 1000, one_round);
}
