/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * core/wait.c: wait queues, wait_until, mutexes.
 */
#include "check.h"
#include "arch/cpu.h"
#include "core/clock.h"
#include "core/wait.h"
#include "halvm/abi/errno.h"
#include "host.h"

#define MS 1000000UL

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);
static struct mutex mutex = MUTEX_INIT(mutex);
static volatile int tokens, ended, seen;
static char trace[64];

static void note(char c)
{
	size_t n = strlen(trace);

	trace[n] = c;
	trace[n + 1] = '\0';
}

static _Noreturn void leave(void)
{
	ended++;
	thread_exit(0, 0, 0);
}

static void pause_for(uint64_t ns)
{
	uint64_t end = clock_now() + ns;

	while (thread_sleep(end, 0) == 0)
		;
}

/* --- queues --- */

static bool take(void)
{
	if (!tokens)
		return false;
	tokens--;
	return true;
}

static void taker(void *name)
{
	wait_until(&queue, take(), DEADLINE_NEVER, 0);
	note(*(char *)name);
	leave();
}

static void test_queue(void)
{
	host_thread(taker, "a");
	host_thread(taker, "b");
	host_thread(taker, "c");
	pause_for(MS);
	check(ended == 0, "three wait");
	tokens = 1;
	check(wait_wake(&queue, 1, 0) == 1, "one is told");
	pause_for(MS);
	check_str(trace, "a", "the one that waited longest");
	/* The second isn't told twice before it had a chance to leave. */
	tokens = 2;
	check(wait_wake(&queue, 1, 0) + wait_wake(&queue, 1, 0) == 2,
	      "two are told");
	pause_for(MS);
	check_str(trace, "abc", "each once");
	check(list_empty(&queue.waiters), "the queue is empty");
	check(wait_wake(&queue, WAIT_ALL, 0) == 0, "nobody is told");
}

static void test_timeout(void)
{
	uint64_t start = clock_now();
	int error = wait_until(&queue, false, start + 5 * MS, 0);

	check(error == -ETIMEDOUT, "time out");
	check(clock_now() == start + 5 * MS, "at its time");
	check(wait_until(&queue, true, start, 0) == 0, "no wait, no time out");
	check(wait_until(&queue, false, start, 0) == -ETIMEDOUT,
	      "a deadline in the past");
	seen = 0;
	error = wait_until(&queue, seen++ == 1, start, 0);
	check(error == 0, "the condition counts more than the time");
}

static unsigned told;

static bool count_only(struct waiter *w, uint32_t events)
{
	(void)w;
	told += events;
	return false;
}

static void test_functions(void)
{
	struct waiter w;

	waiter_init_thread(&w);
	w.wake = count_only;
	wait_remove(&w);
	wait_add(&queue, &w);
	host_thread(taker, "d");
	pause_for(MS);
	tokens = 1;
	check(wait_wake(&queue, 1, 3) == 1, "who says no doesn't count");
	check(told == 3, "but is told");
	pause_for(MS);
	check_str(trace, "abcd", "the next has it");
	wait_remove(&w);
	wait_remove(&w);
	check(wait_wake(&queue, WAIT_ALL, 1) == 0 && told == 3, "removed");
}

static void irq_wake(void *argument)
{
	(void)argument;
	tokens++;
	wait_wake(&queue, 1, 0);
}

static void test_interrupt(void)
{
	host_thread(taker, "e");
	pause_for(MS);
	host_raise(irq_wake, NULL);
	check_str(trace, "abcde", "an interrupt's waiter runs at once");
}

/* --- mutexes --- */

static volatile int inside, worst, rounds;

static void contender(void *argument)
{
	int n = (int)(uintptr_t)argument;

	for (int i = 0; i < n; i++) {
		mutex_lock(&mutex);
		if (++inside > worst)
			worst = inside;
		rounds++;
		if (i % 3 == 0)
			pause_for(1000);
		else if (i % 3 == 1)
			thread_yield();
		inside--;
		mutex_unlock(&mutex);
		if (i % 2)
			thread_yield();
	}
	leave();
}

static void test_mutex(void)
{
	ended = 0;
	for (int i = 0; i < 20; i++)
		host_thread(contender, (void *)50UL);
	while (ended < 20)
		pause_for(MS);
	check(worst == 1, "one at a time");
	check(rounds == 20 * 50, "all had their turns");
	check(!mutex.owner && list_empty(&mutex.waiters), "free in the end");
}

static volatile bool stop;

/* Takes it again at once, and sleeps with it: always first to come. */
static void greedy(void *argument)
{
	(void)argument;
	while (!stop) {
		mutex_lock(&mutex);
		pause_for(MS);
		mutex_unlock(&mutex);
	}
	leave();
}

static void test_fair(void)
{
	uint64_t start = clock_now();

	ended = 0;
	host_thread(greedy, NULL);
	pause_for(MS / 2);
	mutex_lock(&mutex);
	check(clock_now() - start < 5 * MS, "a waiter isn't starved");
	stop = true;
	mutex_unlock(&mutex);
	while (!ended)
		pause_for(MS);
}

int main(void)
{
	long objects;

	host_threads_start();
	objects = host_heap_objects;
	test_queue();
	test_timeout();
	test_functions();
	test_interrupt();
	test_mutex();
	test_fair();
	check(host_heap_objects == objects, "threads that ended are freed");
	return check_done();
}
