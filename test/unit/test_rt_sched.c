/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * core/sched.c and core/thread.c: round robin, preemption, who runs after a
 * wake, ends of threads, times.
 */
#include "check.h"
#include "arch/cpu.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/sched.h"
#include "halvm/runtime.h"
#include "halvm/syscalls.h"
#include "host.h"

#define US 1000UL
#define MS 1000000UL
#define MANY 3000

static char trace[256];
static int ended;

static void note(char c)
{
	size_t n = strlen(trace);

	if (n < sizeof trace - 1) {
		trace[n] = c;
		trace[n + 1] = '\0';
	}
}

static void fresh(void)
{
	trace[0] = '\0';
	ended = 0;
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

/* Computes for ns, in steps in which interrupts can come. */
static void compute(uint64_t ns)
{
	for (uint64_t done = 0; done < ns; done += 100 * US)
		host_advance(100 * US);
}

static void wait_for(int n)
{
	while (ended < n)
		pause_for(MS);
}

/* --- slices --- */

/* Three that compute: each gets its slice, in turns. */
static void hog(void *name)
{
	char last = 0;

	for (int i = 0; i < 300; i++) {
		size_t n = strlen(trace);

		last = n ? trace[n - 1] : 0;
		if (last != *(char *)name)
			note(*(char *)name);
		host_advance(100 * US);
	}
	leave();
}

static void test_slices(void)
{
	uint64_t start = clock_now();

	fresh();
	host_thread(hog, "a");
	host_thread(hog, "b");
	host_thread(hog, "c");
	while (ended < 3)
		pause_for(1000 * MS);
	check_str(trace, "abcabcabc", "30 ms each, in slices of 10");
	check(clock_now() - start <= 1000 * MS, "and no time lost");
}

static void test_nice(void)
{
	struct thread *a, *b;

	fresh();
	a = host_thread(hog, "a");
	b = host_thread(hog, "b");
	a->nice = 10;
	check(thread_slice(a) == 5 * MS && thread_slice(b) == 10 * MS,
	      "a nicer thread's slice");
	wait_for(2);
	check(ended == 2, "both end");
}

static struct thread *first;

static void lonely(void *unused)
{
	unsigned arms = host_timer_arms;

	(void)unused;
	compute(100 * MS);
	check(host_timer_arms - arms <= 1, "no ticks for who runs alone: %u",
	      host_timer_arms - arms);
	thread_wake(first);
	leave();
}

static void test_tickless(void)
{
	fresh();
	host_thread(lonely, NULL);
	first = thread_current();
	while (!ended)
		thread_sleep(DEADLINE_NEVER, 0);
}

/* --- wakes --- */

static struct thread *sleeper;
static uint64_t woken_at;

static void sleeps(void *name)
{
	thread_sleep(DEADLINE_NEVER, 0);
	woken_at = clock_now();
	note(*(char *)name);
	leave();
}

static void irq_wake(void *argument)
{
	thread_wake(argument);
}

static void busy(void *unused)
{
	uint64_t now;

	(void)unused;
	compute(MS);
	now = clock_now();
	host_raise(irq_wake, sleeper);
	check(woken_at == now,
	      "an interrupt's thread runs before who computes");
	note('x');
	leave();
}

static void test_wake_by_interrupt(void)
{
	fresh();
	sleeper = host_thread(sleeps, "s");
	pause_for(MS);
	host_thread(busy, NULL);
	wait_for(2);
	check_str(trace, "sx", "then the other goes on");
}

static void waker(void *unused)
{
	(void)unused;
	thread_wake(sleeper);
	note('w');
	compute(3 * MS);
	note('x');
	leave();
}

static void test_wake_by_thread(void)
{
	uint64_t start;

	fresh();
	sleeper = host_thread(sleeps, "s");
	pause_for(MS);
	start = clock_now();
	host_thread(waker, NULL);
	wait_for(2);
	check_str(trace, "wsx", "the waker goes on for a moment");
	check(woken_at - start <= MS + 100 * US, "of a millisecond");
}

static void test_remembered(void)
{
	struct thread *t = thread_current();

	thread_wake(t);
	check(thread_sleep(DEADLINE_NEVER, 0) == 0, "a wake is remembered");
	thread_wake(t);
	thread_wake(t);
	check(thread_sleep(DEADLINE_NEVER, 0) == 0, "two are one");
	check(thread_sleep(clock_now() + MS, 0) == -ETIMEDOUT, "and no more");
	check(thread_sleep(clock_now(), 0) == -ETIMEDOUT, "no time at all");
}

static void yields(void *name)
{
	for (int i = 0; i < 3; i++) {
		note(*(char *)name);
		thread_yield();
	}
	leave();
}

static void test_yield(void)
{
	fresh();
	thread_yield();
	host_thread(yields, "a");
	host_thread(yields, "b");
	wait_for(2);
	check_str(trace, "ababab", "yielding takes turns");
}

/* Who sleeps often doesn't keep one that computes from running. */
static volatile bool stop;

static void blinker(void *unused)
{
	(void)unused;
	while (!stop) {
		host_advance(200 * US);
		pause_for(1 * US);
	}
	leave();
}

static void test_no_starvation(void)
{
	uint64_t start = clock_now();

	fresh();
	stop = false;
	host_thread(blinker, NULL);
	host_thread(blinker, NULL);
	host_thread(hog, "h");
	while (ended < 1)
		pause_for(MS);
	check(clock_now() - start < 150 * MS, "30 ms of computing in %lu ms",
	      (clock_now() - start) / MS);
	stop = true;
	wait_for(3);
}

/* --- preemption inside the runtime --- */

static struct spinlock lock;
static volatile int under_lock;

static void locker(void *unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++) {
		unsigned long flags = spin_lock(&lock);

		under_lock++;
		host_advance(200 * US); /* interrupts wait */
		if (under_lock != 1)
			host_fail("preempted under a spin lock");
		under_lock--;
		spin_unlock(&lock, flags);
	}
	leave();
}

static void test_spin(void)
{
	fresh();
	host_thread(locker, NULL);
	host_thread(locker, NULL);
	wait_for(2);
	check(true, "no preemption under a spin lock");
}

/* --- life --- */

static void short_life(void *unused)
{
	(void)unused;
	pause_for(MS);
	leave();
}

static void test_many(void)
{
	long objects = host_heap_objects;
	unsigned long flags;
	struct thread *t;
	bool found = true;
	int tid = 0;

	fresh();
	for (int i = 0; i < MANY; i++) {
		t = host_thread(short_life, NULL);
		found = found && t->tid > tid;
		tid = t->tid;
	}
	check(found, "numbers grow");
	check(thread_count() == MANY + 1, "%d threads", MANY);
	flags = spin_lock(&thread_all_lock);
	found = thread_find(tid) == t && !thread_find(tid + 1) &&
		thread_find(0) == thread_current() &&
		thread_find(1) == thread_current();
	spin_unlock(&thread_all_lock, flags);
	check(found, "found by their numbers");
	wait_for(MANY);
	pause_for(MS);
	check(thread_count() == 1, "all ended");
	check(host_heap_objects == objects, "and freed");
}

static void test_no_memory(void)
{
	host_heap_limit = 0;
	check(thread_create() == NULL, "no memory for a thread");
	host_heap_limit = -1;
}

/* clone: as pthread_create calls it */
#define PTHREAD_FLAGS 0x7d0f00
static uint32_t parent_tid, child_tid;
static uint64_t child_fs;

static void clone_child(void)
{
	child_fs = thread_current()->arch.fs_base;
	halvm_syscall_exit(7);
}

static void test_clone(void)
{
	uint64_t stack[4] = {(uintptr_t)clone_child};
	long tid;

	child_tid = 99;
	tid = halvm_syscall_clone(PTHREAD_FLAGS, (long)stack, (long)&parent_tid,
				  (long)&child_tid, 0x5000);
	check(tid > 1 && parent_tid == tid, "clone tells the parent");
	check(child_tid == 99, "and only clears the child's");
	check(halvm_syscall_futex((long)&child_tid, 0, 99, 0, 0, 0) == 0,
	      "its end wakes who joins");
	check(child_tid == 0, "and clears the word");
	check(child_fs == 0x5000, "thread pointer");
	check(halvm_syscall_clone(17, 0, 0, 0, 0) == -ENOSYS, "no fork");
	check(halvm_syscall_clone(ABI_CLONE_VM | ABI_CLONE_VFORK | 17,
				  (long)stack, 0, 0, 0) == -ENOSYS,
	      "no vfork");
	check(halvm_syscall_clone(PTHREAD_FLAGS, 8, 0, 0, 0) == -EFAULT,
	      "a stack at 8");
	check(halvm_syscall_clone(PTHREAD_FLAGS, (long)stack, 0, 0, -1) ==
		  -EPERM,
	      "a thread pointer above all addresses");
	pause_for(MS);
	check(thread_count() == 1, "alone again");
}

/* --- times --- */

static struct thread *worker;

static void works(void *unused)
{
	(void)unused;
	compute(20 * MS);
	pause_for(10 * MS);
	leave();
}

static void test_times(void)
{
	uint64_t before, mine;
	struct abi_timespec ts;

	fresh();
	before = thread_process_time();
	mine = thread_cpu_time(thread_current());
	worker = host_thread(works, NULL);
	pause_for(25 * MS);
	check(thread_cpu_time(worker) == 20 * MS, "a thread's time");
	check(thread_cpu_time(thread_current()) == mine, "not while it slept");
	check(thread_process_time() - before == 20 * MS, "the process's");
	check(halvm_syscall_clock_gettime(~(long)worker->tid * 8 + 6,
					  (long)&ts) == 0 &&
		  ts.sec == 0 && ts.nsec == 20 * MS,
	      "by pthread_getcpuclockid");
	check(halvm_syscall_clock_gettime(~99999L * 8 + 6, (long)&ts) ==
		  -EINVAL,
	      "no such thread");
	wait_for(1);
}

static void test_nanosleep(void)
{
	struct abi_timespec ts = {0, 5000000}, left = {1, 1};
	uint64_t start = clock_now();

	check(halvm_syscall_nanosleep((long)&ts, (long)&left) == 0 &&
		  clock_now() == start + 5 * MS,
	      "nanosleep");
	check(left.sec == 1, "leaves the rest alone");
	ts.nsec = -1;
	check(halvm_syscall_nanosleep((long)&ts, 0) == -EINVAL, "-1 ns");
	check(halvm_syscall_nanosleep(0, 0) == -EFAULT, "no address");
	ts = clock_to_timespec(clock_wall() + 2 * MS);
	start = clock_now();
	check(halvm_syscall_clock_nanosleep(0, 1, (long)&ts, 0) == 0 &&
		  clock_now() == start + 2 * MS,
	      "until a time of the wall clock");
	check(halvm_syscall_clock_nanosleep(1, 1, 0, 0) == -EFAULT, "EFAULT");
	check(halvm_syscall_clock_nanosleep(3, 0, (long)&ts, 0) == -EINVAL,
	      "not the thread's own time");
	check(halvm_syscall_clock_nanosleep(77, 0, (long)&ts, 0) == -EINVAL,
	      "no such clock");
}

/* --- scheduling's calls --- */

static void test_calls(void)
{
	struct abi_sched_param zero = {0}, one = {1};
	uint64_t cpus = 0;

	check(halvm_syscall_sched_getaffinity(0, 8, (long)&cpus) == 8 &&
		  cpus == 1,
	      "one CPU");
	check(halvm_syscall_sched_getaffinity(0, 4, (long)&cpus) == -EINVAL,
	      "a set too small");
	check(halvm_syscall_sched_setaffinity(0, 8, (long)&cpus) == 0,
	      "on the one CPU");
	cpus = 2;
	check(halvm_syscall_sched_setaffinity(0, 8, (long)&cpus) == -EINVAL,
	      "on another");
	check(halvm_syscall_sched_setscheduler(0, 0, (long)&zero) == 0,
	      "SCHED_OTHER");
	check(halvm_syscall_sched_setscheduler(0, 1, (long)&one) == -EPERM,
	      "SCHED_FIFO");
	check(halvm_syscall_sched_setscheduler(0, 1, (long)&zero) == -EINVAL,
	      "SCHED_FIFO 0");
	check(halvm_syscall_sched_setparam(77, (long)&zero) == -ESRCH,
	      "no such thread");
	check(halvm_syscall_sched_get_priority_max(2) == 99, "priorities");
	check(halvm_syscall_setpriority(0, 0, 5) == 0 &&
		  halvm_syscall_getpriority(0, 0) == 15,
	      "nice");
	check(halvm_syscall_setpriority(0, 0, -99) == 0 &&
		  halvm_syscall_getpriority(1, 0) == 40,
	      "at least -20");
	check(halvm_syscall_setpriority(0, 77, 0) == -ESRCH &&
		  halvm_syscall_setpriority(3, 0, 0) == -EINVAL,
	      "errors");
	halvm_syscall_setpriority(2, 0, 0);
	check(halvm_syscall_membarrier(0, 0, 0) & 8, "membarrier");
	check(halvm_syscall_membarrier(8, 0, 0) == 0, "private");
	check(halvm_syscall_membarrier(128, 0, 0) == -EINVAL, "unknown");
}

static void end_alone(void *unused)
{
	(void)unused;
	thread_exit(0x142, 0, 0);
}

static void test_last(void)
{
	char text[256];

	check(check_run(end_alone, NULL, text, sizeof text) == 0x42,
	      "the last thread's status is the process's");
}

int main(void)
{
	host_threads_start();
	test_slices();
	test_nice();
	test_tickless();
	test_wake_by_interrupt();
	test_wake_by_thread();
	test_remembered();
	test_yield();
	test_no_starvation();
	test_spin();
	test_many();
	test_no_memory();
	test_clone();
	test_times();
	test_nanosleep();
	test_calls();
	test_last();
	return check_done();
}
