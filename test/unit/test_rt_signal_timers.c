/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_signal_timers.c - the timers that send signals.
 */
#include "core/clock.h"
#include "halvm/abi/time.h"
#include "rt_signal.h"

static long make_timer(int clock, int how, int *id)
{
	struct abi_sigevent e = {
	    .value = 42, .signo = RT, .notify = how, .tid = 1};

	return halvm_syscall_timer_create(clock, (long)&e, (long)id);
}

static long set_timer(int id, int flags, uint64_t value, uint64_t interval)
{
	struct abi_itimerspec s = {clock_to_timespec(interval),
				   clock_to_timespec(value)};

	return halvm_syscall_timer_settime(id, flags, (long)&s, 0);
}

static uint64_t left(int id)
{
	struct abi_itimerspec s;

	halvm_syscall_timer_gettime(id, (long)&s);
	return (uint64_t)s.value.sec * NS_PER_SEC + (uint64_t)s.value.nsec;
}

static void test_timer(void)
{
	int id;

	act(RT, handler, 0, 0);
	check(make_timer(ABI_CLOCK_MONOTONIC, ABI_SIGEV_SIGNAL, &id) == 0,
	      "timer_create");
	check(set_timer(id, 0, 10 * MS, 0) == 0 && left(id) == 10 * MS, "set");
	host_advance(4 * MS);
	check(count == 0 && left(id) == 6 * MS, "not yet");
	host_advance(6 * MS);
	check(count == 1 && left(id) == 0, "once");
	check(seen[0].info.code == ABI_SI_TIMER &&
		  seen[0].info.timer.value == 42 && seen[0].info.timer.id == id,
	      "siginfo of a timer");
	set_timer(id, 0, 10 * MS, 10 * MS);
	host_advance(35 * MS);
	check(count == 4 && left(id) == 5 * MS, "again and again");
	set_mask(~0UL);
	host_advance(50 * MS);
	set_mask(0);
	check(count == 5 && seen[4].info.timer.overrun == 4 &&
		  halvm_syscall_timer_getoverrun(id) == 4,
	      "overruns while it is blocked");
	check(left(id) == 5 * MS, "still in step");
	host_advance(5 * MS);
	check(count == 6 && halvm_syscall_timer_getoverrun(id) == 0,
	      "and none after that");
	set_timer(id, ABI_TIMER_ABSTIME, clock_now() + 3 * MS, 0);
	host_advance(3 * MS);
	check(count == 7, "an absolute time");
	set_timer(id, ABI_TIMER_ABSTIME, 1, 0);
	host_advance(1);
	check(count == 8, "a time that has been");
	set_mask(~0UL);
	set_timer(id, 0, MS, MS);
	host_advance(2 * MS);
	check(halvm_syscall_timer_delete(id) == 0, "timer_delete");
	set_mask(0);
	host_advance(5 * MS);
	check(count == 8, "takes its signal along");
	check(halvm_syscall_timer_delete(id) == -EINVAL &&
		  halvm_syscall_timer_getoverrun(id) == -EINVAL &&
		  set_timer(id, 0, 1, 0) == -EINVAL,
	      "no such timer");
}

static void test_timer_kinds(void)
{
	int id, none;

	act(RT, handler, 0, 0);
	check(make_timer(ABI_CLOCK_REALTIME, ABI_SIGEV_THREAD_ID, &id) == 0,
	      "SIGEV_THREAD_ID");
	set_timer(id, ABI_TIMER_ABSTIME, clock_wall() + 2 * MS, 0);
	host_advance(2 * MS);
	check(count == 1, "of the wall clock");
	check(make_timer(ABI_CLOCK_BOOTTIME, ABI_SIGEV_NONE, &none) == 0,
	      "SIGEV_NONE");
	set_timer(none, 0, 10 * MS, 4 * MS);
	host_advance(11 * MS);
	check(count == 1 && left(none) == 3 * MS, "is only read");
	halvm_syscall_timer_delete(none);
	halvm_syscall_timer_delete(id);
	make_timer(ABI_CLOCK_PROCESS_CPUTIME_ID, ABI_SIGEV_SIGNAL, &id);
	set_timer(id, 0, 5 * MS, 5 * MS);
	host_advance(12 * MS);
	check(count >= 2 && count <= 4, "of the process's time: %u", count);
	halvm_syscall_timer_delete(id);
	check(make_timer(99, 0, &id) == -EINVAL, "no such clock");
	check(make_timer(ABI_CLOCK_MONOTONIC_RAW, 0, &id) == -EOPNOTSUPP,
	      "a clock without timers");
	check(make_timer(ABI_CLOCK_REALTIME, 9, &id) == -EINVAL,
	      "no such notification");
	check(halvm_syscall_timer_create(0, 0, 8) == -EFAULT, "bad pointer");
}

static void test_itimer(void)
{
	struct abi_itimerval v = {{0, 0}, {0, 3000}}, old;

	act(ABI_SIGALRM, handler, 0, 0);
	check(halvm_syscall_setitimer(0, (long)&v, 0) == 0, "setitimer");
	host_advance(MS);
	halvm_syscall_getitimer(0, (long)&old);
	check(old.value.sec == 0 && old.value.usec == 2000, "getitimer");
	host_advance(2 * MS);
	check(count == 1, "SIGALRM");
	check(halvm_syscall_alarm(10) == 0, "alarm");
	host_advance(2600 * MS);
	check(halvm_syscall_alarm(0) == 7 && count == 1, "what was left");
	host_advance(20000 * MS);
	check(count == 1, "it is off");
	act(ABI_SIGPROF, handler, 0, 0);
	v.interval.usec = 2000;
	check(halvm_syscall_setitimer(2, (long)&v, 0) == 0, "ITIMER_PROF");
	host_advance(10 * MS);
	check(count >= 2 && count <= 5, "SIGPROF %u", count);
	v.value.usec = 0;
	halvm_syscall_setitimer(2, (long)&v, (long)&old);
	check(old.interval.usec == 2000, "its old setting");
	v.value.usec = 1000000;
	check(halvm_syscall_setitimer(0, (long)&v, 0) == -EINVAL &&
		  halvm_syscall_setitimer(3, 0, 0) == -EINVAL,
	      "errors");
}

int main(void)
{
	host_threads_start();
	test_timer();
	test_timer_kinds();
	test_itimer();
	return check_done();
}
