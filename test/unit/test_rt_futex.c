/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * core/futex.c, core/futex_robust.c and the system call.
 */
#include "check.h"
#include "arch/cpu.h"
#include "core/clock.h"
#include "core/futex.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/futex.h"
#include "halvm/abi/signal.h"
#include "halvm/syscalls.h"
#include "host.h"

#define MS 1000000UL
#define WAITERS 8

static uint32_t word, word2;
static char trace[64];
static int ended, result[WAITERS];

static void pause_for(uint64_t ns)
{
	uint64_t end = clock_now() + ns;

	while (thread_sleep(end, 0) == 0)
		;
}

static void fresh(void)
{
	trace[0] = '\0';
	ended = 0;
	word = word2 = 0;
	memset(result, 77, sizeof result);
}

static void note(int n)
{
	size_t length = strlen(trace);

	trace[length] = (char)('0' + n);
	trace[length + 1] = '\0';
}

/* n in the low bits; the bitset above. */
static void waits(void *argument)
{
	uintptr_t n = (uintptr_t)argument;
	uint32_t bitset = (uint32_t)(n >> 8);

	n &= 0xff;
	result[n] =
	    futex_wait(&word, 0, DEADLINE_NEVER, bitset ? bitset : FUTEX_ANY);
	note((int)n);
	ended++;
	thread_exit(0, 0, 0);
}

static void start(int n)
{
	for (long i = 0; i < n; i++)
		host_thread(waits, (void *)i);
	pause_for(MS);
}

static void test_wake(void)
{
	fresh();
	start(4);
	check(ended == 0, "four wait");
	check(futex_wake(&word, 0, FUTEX_ANY) == 0, "none is woken");
	check(futex_wake(&word2, 9, FUTEX_ANY) == 0, "none at another word");
	check(futex_wake(&word, 1, FUTEX_ANY) == 1, "one is woken");
	pause_for(MS);
	check_str(trace, "0", "the first");
	check(futex_wake(&word, UINT32_MAX, FUTEX_ANY) == 3, "all are woken");
	pause_for(MS);
	check_str(trace, "0123", "in their order");
	check(result[0] == 0 && result[3] == 0, "results");
	check(futex_wake(&word, 9, FUTEX_ANY) == 0, "none is left");
}

static void test_refused(void)
{
	uint64_t begin = clock_now();
	uint32_t *odd = (uint32_t *)((char *)&word + 1);

	word = 5;
	check(futex_wait(&word, 4, DEADLINE_NEVER, FUTEX_ANY) == -EAGAIN,
	      "another value");
	check(futex_wait(&word, 5, begin + MS, FUTEX_ANY) == -ETIMEDOUT,
	      "time out");
	check(clock_now() == begin + MS, "at its time");
	check(futex_wait(&word, 5, begin, FUTEX_ANY) == -ETIMEDOUT,
	      "a deadline in the past");
	check(futex_wait(odd, 5, 0, FUTEX_ANY) == -EINVAL, "not aligned");
	check(futex_wait(&word, 5, 0, 0) == -EINVAL, "no bits");
	check(futex_wait(NULL, 5, 0, FUTEX_ANY) == -EFAULT, "no word");
	check(futex_wake(odd, 1, FUTEX_ANY) == -EINVAL, "wake: not aligned");
	check(futex_wake(&word, 1, 0) == -EINVAL, "wake: no bits");
	check(futex_wake(&word, 9, FUTEX_ANY) == 0, "nobody is left");
}

static void test_bitset(void)
{
	fresh();
	host_thread(waits, (void *)(0x100UL | 0));
	host_thread(waits, (void *)(0x200UL | 1));
	host_thread(waits, (void *)(0x300UL | 2));
	pause_for(MS);
	check(futex_wake(&word, 9, 4) == 0, "bits nobody waits for");
	check(futex_wake(&word, 9, 2) == 2, "one bit, two waiters");
	pause_for(MS);
	check_str(trace, "12", "the right ones");
	check(futex_wake(&word, 9, 1) == 1, "and the other");
	pause_for(MS);
}

static void test_requeue(void)
{
	uint32_t expected = 1;

	fresh();
	start(5);
	check(futex_requeue(&word, 1, 9, &word2, &expected) == -EAGAIN,
	      "requeue: another value");
	expected = 0;
	check(futex_requeue(&word, 1, 3, &word2, &expected) == 4,
	      "one woken, three moved");
	pause_for(MS);
	check_str(trace, "0", "the first woken");
	check(futex_wake(&word2, 2, FUTEX_ANY) == 2, "two at the new place");
	pause_for(MS);
	check_str(trace, "012", "in their order");
	check(futex_wake(&word, 9, FUTEX_ANY) == 1, "one was left");
	check(futex_requeue(&word2, 0, 9, &word, NULL) == 0,
	      "moved only: none woken");
	check(futex_wake(&word, 9, FUTEX_ANY) == 1, "but moved");
	pause_for(MS);
	check(ended == 5, "all ended");
	start(2);
	check(futex_requeue(&word, 0, 9, &word, NULL) == 0, "to themselves");
	check(futex_wake(&word, 9, FUTEX_ANY) == 2, "they are there");
	pause_for(MS);
}

/* A waiter that was moved to another bucket and then times out. */
static void times_out(void *unused)
{
	(void)unused;
	result[0] = futex_wait(&word, 0, clock_now() + 5 * MS, FUTEX_ANY);
	ended++;
	thread_exit(0, 0, 0);
}

static void test_requeue_timeout(void)
{
	fresh();
	host_thread(times_out, NULL);
	pause_for(MS);
	futex_requeue(&word, 0, 1, &word2, NULL);
	pause_for(10 * MS);
	check(ended == 1 && result[0] == -ETIMEDOUT, "moved, and time out");
	check(futex_wake(&word2, 9, FUTEX_ANY) == 0, "it is gone");
}

static uint32_t operation(unsigned op, int arg, unsigned cmp, int cmparg)
{
	return op << 28 | cmp << 24 | ((uint32_t)arg & 0xfff) << 12 |
	       ((uint32_t)cmparg & 0xfff);
}

static void test_wake_op(void)
{
	static const struct {
		uint32_t before, after;
		unsigned op;
		int arg;
		unsigned cmp;
		int cmparg;
		bool met;
	} cases[] = {
	    {7, 3, 0, 3, 0, 7, true},		     /* =, == */
	    {7, 12, 1, 5, 0, 8, false},		     /* += */
	    {7, 6, 1, -1, 1, 8, true},		     /* += -1, != */
	    {5, 7, 2, 2, 2, 6, true},		     /* |=, < */
	    {7, 5, 3, 2, 3, 7, true},		     /* &= ~, <= */
	    {7, 2, 4, 5, 4, 7, false},		     /* ^=, > */
	    {7, 7 | 1 << 20, 2 | 8, 20, 5, 7, true}, /* 1 << arg, >= */
	    {-5u, 0, 0, 0, 2, -4, true},	     /* signed */
	};
	bool good = true;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t w = cases[i].before;
		int n;

		fresh();
		start(2);
		n = futex_wake_op(&w, 9, &w, 9, operation(0, (int)w, 0, 0));
		good = good && n == 0;
		w = cases[i].before;
		n = futex_wake_op(&word2, 9, &w, 9,
				  operation(cases[i].op, cases[i].arg,
					    cases[i].cmp, cases[i].cmparg));
		if (n != 0 || w != cases[i].after) {
			good = false;
			printf("# case %zu: %d, %u\n", i, n, w);
		}
		/* Who waits for the word that changes, if the condition holds.
		 */
		word = 0;
		n = futex_wake_op(&word2, 9, &word, 9,
				  operation(1, 0, cases[i].met ? 0 : 1, 0));
		good = good && n == (cases[i].met ? 2 : 0);
		futex_wake(&word, 9, FUTEX_ANY);
		pause_for(MS);
	}
	check(good, "wake_op: operations and conditions");
	check(futex_wake_op(&word, 1, &word2, 1, operation(6, 0, 0, 0)) ==
		  -ENOSYS,
	      "unknown operation");
	check(futex_wake_op(&word, 1, &word2, 1, operation(0, 0, 9, 0)) ==
		  -ENOSYS,
	      "unknown condition");
	check(futex_wake_op(&word, 1, NULL, 1, 0) == -EFAULT, "no word");
}

/* --- the system call --- */

static long futex(uint32_t *at, long op, long value, const void *timeout,
		  uint32_t *at2, long value3)
{
	return halvm_syscall_futex((long)at, op, value, (long)timeout,
				   (long)at2, value3);
}

static void test_call(void)
{
	struct abi_timespec ts = {0, 5 * MS};
	uint64_t begin = clock_now();

	fresh();
	check(futex(&word, 128, 0, &ts, NULL, 0) == -ETIMEDOUT &&
		  clock_now() == begin + 5 * MS,
	      "FUTEX_WAIT: an interval");
	begin = clock_now();
	ts = clock_to_timespec(begin + 3 * MS);
	check(futex(&word, 9, 0, &ts, NULL, -1) == -ETIMEDOUT &&
		  clock_now() == begin + 3 * MS,
	      "FUTEX_WAIT_BITSET: a time");
	begin = clock_now();
	ts = clock_to_timespec(clock_wall() + 2 * MS);
	check(futex(&word, 9 | 256, 0, &ts, NULL, -1) == -ETIMEDOUT &&
		  clock_now() == begin + 2 * MS,
	      "of the wall clock");
	ts.nsec = 1000000000;
	check(futex(&word, 0, 0, &ts, NULL, 0) == -EINVAL, "bad time");
	check(futex(&word, 0, 0, (void *)8, NULL, 0) == -EFAULT, "no time");
	check(futex(&word, 0, 1, NULL, NULL, 0) == -EAGAIN, "another value");
	check(futex(&word, 1 | 256, 1, NULL, NULL, 0) == -ENOSYS,
	      "FUTEX_CLOCK_REALTIME with FUTEX_WAKE");
	check(futex(&word, 6, 0, NULL, NULL, 0) == -ENOSYS, "FUTEX_LOCK_PI");
	check(futex(&word, 99, 0, NULL, NULL, 0) == -ENOSYS, "unknown");
	start(3);
	check(futex(&word, 4, 1, (void *)1, &word2, 0) == 2,
	      "FUTEX_CMP_REQUEUE");
	check(futex(&word2, 1, -1, NULL, NULL, 0) == 1, "FUTEX_WAKE");
	check(futex(&word, 10, 1, NULL, NULL, -1) == 1, "FUTEX_WAKE_BITSET");
	pause_for(MS);
	check(ended == 3, "all woken");
}

/* A signal ends the wait, and starts it again or not. */
static void signalled(void *unused)
{
	struct thread *t = thread_current();

	(void)unused;
	t->arch.in_kernel++;
	result[0] = futex_wait(&word, 0, DEADLINE_NEVER, FUTEX_ANY);
	t->arch.in_kernel--;
	ended++;
	for (;;)
		pause_for(1000 * MS);
}

static void test_signal(void)
{
	struct thread *t;

	fresh();
	t = host_thread(signalled, NULL);
	pause_for(MS);
	signal_send(t, ABI_SIGUSR1, NULL);
	pause_for(MS);
	check(ended == 1 && result[0] == -ERESTARTSYS, "a signal ends it: %d",
	      result[0]);
	check(futex_wake(&word, 9, FUTEX_ANY) == 0, "nobody is left");
}

/* --- robust lists --- */

struct robust {
	uint64_t next;
	uint32_t pad, lock;
};

static struct abi_robust_list_head head;
static struct robust mutexes[3];
static uint32_t dead_tid;

static void dies(void *unused)
{
	(void)unused;
	dead_tid = (uint32_t)halvm_syscall_gettid();
	check(halvm_syscall_set_robust_list((long)&head, sizeof head) == 0 &&
		  halvm_syscall_set_robust_list((long)&head, 8) == -EINVAL,
	      "set_robust_list");
	for (int i = 0; i < 3; i++)
		mutexes[i].lock = dead_tid;
	mutexes[1].lock |= ABI_FUTEX_WAITERS;
	mutexes[2].lock = dead_tid + 1;
	pause_for(5 * MS);
	ended++;
	thread_exit(0, 0, 0);
}

static void link_mutexes(void)
{
	head.offset = offsetof(struct robust, lock);
	head.next = (uintptr_t)&mutexes[0];
	mutexes[0].next = (uintptr_t)&mutexes[1];
	mutexes[1].next = (uintptr_t)&mutexes[2];
	mutexes[2].next = (uintptr_t)&head;
}

static void test_robust(void)
{
	uint32_t held;

	fresh();
	link_mutexes();
	host_thread(dies, NULL);
	pause_for(MS);
	held = dead_tid | ABI_FUTEX_WAITERS;
	check(futex_wait(&mutexes[1].lock, held, DEADLINE_NEVER, FUTEX_ANY) ==
		  0,
	      "who waits for a dead thread's mutex is woken");
	check(mutexes[1].lock == (ABI_FUTEX_WAITERS | ABI_FUTEX_OWNER_DIED),
	      "and learns it");
	check(mutexes[0].lock == ABI_FUTEX_OWNER_DIED, "nobody waited here");
	check(mutexes[2].lock == dead_tid + 1, "this was another's");
	/* Lists that are wrong do no harm. */
	mutexes[1].next = (uintptr_t)&mutexes[0];
	ended = 0;
	host_thread(dies, NULL);
	pause_for(20 * MS);
	check(ended == 1, "a list without end");
	mutexes[0].next = 8;
	head.pending = 16;
	host_thread(dies, NULL);
	pause_for(20 * MS);
	check(ended == 2 && mutexes[0].lock == ABI_FUTEX_OWNER_DIED,
	      "no addresses");
	head.next = (uintptr_t)&head;
	head.pending = (uintptr_t)&mutexes[0];
	host_thread(dies, NULL);
	pause_for(20 * MS);
	check(mutexes[0].lock == ABI_FUTEX_OWNER_DIED, "one in the making");
}

/* --- many threads, one lock as libc makes it --- */

static uint32_t lock;
static int inside, rounds;

static void locks(void *unused)
{
	(void)unused;
	for (int i = 0; i < 100; i++) {
		uint32_t zero = 0;

		if (!__atomic_compare_exchange_n(&lock, &zero, 1, false,
						 __ATOMIC_SEQ_CST,
						 __ATOMIC_SEQ_CST))
			while (__atomic_exchange_n(&lock, 2, __ATOMIC_SEQ_CST))
				futex_wait(&lock, 2, DEADLINE_NEVER, FUTEX_ANY);
		if (++inside != 1)
			host_fail("two in the critical section");
		host_advance(30000);
		if (i % 7 == 0)
			thread_yield();
		rounds++;
		inside--;
		if (__atomic_exchange_n(&lock, 0, __ATOMIC_SEQ_CST) == 2)
			futex_wake(&lock, 1, FUTEX_ANY);
	}
	ended++;
	thread_exit(0, 0, 0);
}

static void test_lock(void)
{
	ended = 0;
	for (int i = 0; i < 50; i++)
		host_thread(locks, NULL);
	for (int i = 0; ended < 50 && i < 100000; i++)
		pause_for(MS);
	check(ended == 50 && rounds == 5000, "a lock of a futex");
}

int main(void)
{
	host_threads_start();
	test_wake();
	test_refused();
	test_bitset();
	test_requeue();
	test_requeue_timeout();
	test_wake_op();
	test_call();
	test_robust();
	test_lock();
	test_signal();
	return check_done();
}
