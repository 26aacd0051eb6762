/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_signal_calls.c - signals and system calls: what an interrupted call
 * returns, calls that wait for signals, and which thread gets them.
 */
#include <setjmp.h>
#include "core/clock.h"
#include "halvm/abi/time.h"
#include "rt_signal.h"
#include "sys/sys.h"

/* --- calls that signals interrupt --- */

static unsigned starts;

SYSCALL_SLEEP1(test_wait, result)
{
	starts++;
	if (starts == 1) {
		while (!signal_interrupts())
			thread_sleep(DEADLINE_NEVER, SLEEP_INTERRUPTIBLE);
		return result;
	}
	return 7;
}

static void later(struct timer *t)
{
	(void)t;
	send_usr1(NULL);
}

static long interrupted_call(uint64_t flags, long result)
{
	static struct timer t = {.fire = later};

	starts = 0;
	act(ABI_SIGUSR1, handler, flags, 0);
	timer_arm(&t, clock_now() + MS);
	return halvm_syscall_test_wait(result);
}

static void test_restart(void)
{
	check(interrupted_call(ABI_SA_RESTART, -ERESTARTSYS) == 7 &&
		  starts == 2 && count == 1,
	      "SA_RESTART");
	check(interrupted_call(0, -ERESTARTSYS) == -EINTR && starts == 1 &&
		  count == 1,
	      "-EINTR without it");
	check(interrupted_call(ABI_SA_RESTART, -EINTR) == -EINTR &&
		  starts == 1 && count == 1,
	      "calls that never restart");
	check(interrupted_call(0, 5) == 5 && count == 1, "a result stays");
	check(seen[0].info.code == ABI_SI_KERNEL, "the kernel's own signal");
	check(thread_current()->arch.in_kernel == 0, "in no call any more");
}

static void test_interrupt(void)
{
	act(ABI_SIGUSR1, handler, 0, 0);
	host_raise(send_usr1, NULL);
	check(count == 1, "at the end of an interrupt");
	sys_enter(thread_current());
	host_raise(send_usr1, NULL);
	check(count == 1, "but not inside a call");
	sys_leave(thread_current(), 0);
	check(count == 2, "at its end");
	sys_enter(thread_current());
	sys_enter(thread_current());
	host_raise(send_usr1, NULL);
	check(sys_leave(thread_current(), -ERESTARTSYS) == -ERESTARTSYS &&
		  count == 2,
	      "not at a nested one's");
	sys_leave(thread_current(), 0);
	check(count == 3, "but at the outermost's");
}

static jmp_buf back;

static void jump(long sig, void *info, void *context)
{
	handler(sig, info, context);
	longjmp(back, 1);
}

static void test_jump(void)
{
	act(ABI_SIGUSR1, jump, 0, 0);
	if (!setjmp(back))
		kill_self(ABI_SIGUSR1);
	check(count == 1 && thread_current()->arch.in_kernel == 0, "longjmp");
	check(mask_now() == BIT(ABI_SIGUSR1), "leaves the mask");
	set_mask(0);
	if (!setjmp(back))
		kill_self(ABI_SIGUSR1);
	check(count == 2, "and again");
	set_mask(0);
}

static void change_mask(long sig, void *info, void *context)
{
	struct abi_ucontext *uc = context;

	handler(sig, info, context);
	uc->sigmask |= BIT(ABI_SIGUSR2);
}

static void test_suspend(void)
{
	static struct timer t = {.fire = later};
	sigset_bits none = 0;

	act(ABI_SIGUSR1, handler, ABI_SA_RESTART, 0);
	set_mask(BIT(ABI_SIGUSR1));
	timer_arm(&t, clock_now() + MS);
	check(halvm_syscall_rt_sigsuspend((long)&none, 8) == -EINTR &&
		  count == 1,
	      "sigsuspend");
	check(seen[0].old_mask == BIT(ABI_SIGUSR1) &&
		  mask_now() == BIT(ABI_SIGUSR1),
	      "the old mask comes back");
	set_mask(0);
	timer_arm(&t, clock_now() + MS);
	check(halvm_syscall_pause() == -EINTR && count == 2, "pause");
	act(ABI_SIGUSR1, change_mask, 0, 0);
	kill_self(ABI_SIGUSR1);
	check(mask_now() == BIT(ABI_SIGUSR2), "a handler may set the mask");
	set_mask(0);
}

static void test_wait(void)
{
	static struct timer t = {.fire = later};
	struct abi_timespec soon = {0, 5000000};
	struct abi_siginfo info;
	sigset_bits set = BIT(ABI_SIGUSR1) | BIT(RT);
	uint64_t start = clock_now();

	set_mask(set);
	check(halvm_syscall_rt_sigtimedwait((long)&set, 0, (long)&soon, 8) ==
		      -EAGAIN &&
		  clock_now() - start >= 5 * MS,
	      "sigtimedwait times out");
	timer_arm(&t, clock_now() + MS);
	check(halvm_syscall_rt_sigtimedwait((long)&set, (long)&info, 0, 8) ==
		      ABI_SIGUSR1 &&
		  info.signo == ABI_SIGUSR1,
	      "it takes a blocked signal");
	dispose(ABI_SIGUSR1, ABI_SIG_IGN);
	timer_arm(&t, clock_now() + MS);
	check(halvm_syscall_rt_sigtimedwait((long)&set, 0, 0, 8) == ABI_SIGUSR1,
	      "an ignored one, too");
	act(ABI_SIGUSR1, handler, 0, 0);
	set = BIT(RT);
	set_mask(set);
	timer_arm(&t, clock_now() + MS);
	check(halvm_syscall_rt_sigtimedwait((long)&set, 0, 0, 8) == -EINTR &&
		  count == 1,
	      "another's handler ends it");
	soon.nsec = 1000000000;
	check(halvm_syscall_rt_sigtimedwait((long)&set, 0, (long)&soon, 8) ==
		  -EINVAL,
	      "no such time");
	set_mask(0);
}

/* --- more than one thread --- */

static struct thread *other;
static bool other_done;
static unsigned other_got;

static void catch (long sig, void *info, void *context)
{
	handler(sig, info, context);
	if (thread_current() == other)
		other_got++;
}

static void sleeper(void *unused)
{
	struct abi_timespec t = {100, 0};
	sigset_bits set = 0;

	(void)unused;
	set_mask(0);
	check(halvm_syscall_rt_sigtimedwait((long)&set, 0, (long)&t, 8) ==
		  -EINTR,
	      "the other thread is woken");
	other_done = true;
	thread_exit(0, 0, 0);
}

static void test_threads(void)
{
	act(ABI_SIGUSR1, catch, 0, 0);
	set_mask(~0UL);
	other = host_thread(sleeper, NULL);
	while (other->state != THREAD_SLEEPING)
		thread_yield();
	kill_self(ABI_SIGUSR1);
	while (!other_done)
		thread_yield();
	check(other_got == 1 && count == 1, "who doesn't block it gets it");
	other_done = false;
	other = host_thread(sleeper, NULL);
	while (other->state != THREAD_SLEEPING)
		thread_yield();
	halvm_syscall_tkill(other->tid, ABI_SIGUSR1);
	while (!other_done)
		thread_yield();
	check(other_got == 2, "tkill to a thread");
	kill_self(ABI_SIGUSR1);
	set_mask(0);
	check(count == 3 && other_got == 2, "else it waits for the first");
}

int main(void)
{
	host_threads_start();
	test_restart();
	test_interrupt();
	test_jump();
	test_suspend();
	test_wait();
	test_threads();
	return check_done();
}
