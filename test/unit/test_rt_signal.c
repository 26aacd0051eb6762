/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_signal.c - signals that a thread sends to itself: when they come,
 * with what mask, on which stack.
 */
#include "rt_signal.h"

static void test_handler(void)
{
	struct abi_sigaction old;

	check(act(ABI_SIGUSR1, handler, ABI_SA_RESTART, BIT(ABI_SIGUSR2)) == 0,
	      "sigaction");
	check(kill_self(ABI_SIGUSR1) == 0 && count == 1, "kill runs it");
	check(seen[0].sig == ABI_SIGUSR1 && seen[0].info.signo == ABI_SIGUSR1 &&
		  seen[0].info.code == ABI_SI_USER &&
		  seen[0].info.sender.pid == PROCESS_ID,
	      "siginfo of kill");
	check(seen[0].mask == (BIT(ABI_SIGUSR1) | BIT(ABI_SIGUSR2)),
	      "its mask, and itself");
	check(seen[0].old_mask == 0 && mask_now() == 0, "the mask after it");
	check(seen[0].in_kernel == 0, "it runs as the program");
	check(halvm_syscall_rt_sigaction(ABI_SIGUSR1, 0, (long)&old, 8) == 0 &&
		  old.handler == (uint64_t)handler &&
		  old.mask == BIT(ABI_SIGUSR2) &&
		  old.flags == (ABI_SA_RESTART | ABI_SA_SIGINFO),
	      "the old action");
	check(halvm_syscall_tkill(1, ABI_SIGUSR1) == 0 && count == 2 &&
		  seen[1].info.code == ABI_SI_TKILL,
	      "tkill");
	check(halvm_syscall_tgkill(1, 1, ABI_SIGUSR1) == 0 && count == 3,
	      "tgkill");
	check(halvm_syscall_kill(0, ABI_SIGUSR1) == 0 && count == 4, "group");
	check(halvm_syscall_kill(-1, 0) == 0 && count == 4, "signal 0");
}

static void test_errors(void)
{
	sigset_bits none = 0;

	check(act(ABI_SIGKILL, handler, 0, 0) == -EINVAL, "SIGKILL's action");
	check(act(65, handler, 0, 0) == -EINVAL, "signal 65");
	check(halvm_syscall_rt_sigaction(1, 0, 0, 16) == -EINVAL, "set size");
	check(halvm_syscall_rt_sigaction(1, 8, 0, 8) == -EFAULT, "bad action");
	check(kill_self(65) == -EINVAL && kill_self(-1) == -EINVAL,
	      "kill with no such signal");
	check(halvm_syscall_kill(2, 1) == -ESRCH, "no such process");
	check(halvm_syscall_tkill(99, 1) == -ESRCH, "no such thread");
	check(halvm_syscall_tkill(0, 1) == -EINVAL, "thread 0");
	check(halvm_syscall_tgkill(2, 1, 1) == -ESRCH, "of no such process");
	set_mask(~0UL);
	check(mask_now() == ~ABI_SIG_UNBLOCKABLE, "what can't be blocked");
	set_mask(0);
	check(halvm_syscall_rt_sigprocmask(3, (long)&none, 0, 8) == -EINVAL,
	      "no such way to change a mask");
}

static void test_pending(void)
{
	sigset_bits pending = 0;

	act(ABI_SIGUSR1, handler, 0, 0);
	set_mask(BIT(ABI_SIGUSR1));
	kill_self(ABI_SIGUSR1);
	kill_self(ABI_SIGUSR1);
	check(count == 0, "blocked");
	halvm_syscall_rt_sigpending((long)&pending, 8);
	check(pending == BIT(ABI_SIGUSR1), "pending");
	set_mask(0);
	check(count == 1, "once, when it is unblocked");
	check(seen[0].old_mask == 0, "with the new mask");
	set_mask(BIT(ABI_SIGUSR1));
	kill_self(ABI_SIGUSR1);
	dispose(ABI_SIGUSR1, ABI_SIG_IGN);
	act(ABI_SIGUSR1, handler, 0, 0);
	set_mask(0);
	check(count == 0, "to ignore it forgets it");
}

static void test_realtime(void)
{
	struct abi_siginfo info = {.code = ABI_SI_QUEUE};
	long r = 0;
	int n = 0;

	act(RT, handler, 0, ~0UL);
	act(RT + 1, handler, 0, ~0UL);
	set_mask(~0UL);
	info.sender.value = 9;
	halvm_syscall_rt_sigqueueinfo(1, RT + 1, (long)&info);
	for (uint64_t i = 0; i < 3; i++) {
		info.sender.value = i;
		halvm_syscall_rt_sigqueueinfo(1, RT, (long)&info);
	}
	set_mask(0);
	check(count == 4, "all of a real-time signal come");
	check(seen[0].info.sender.value == 0 && seen[2].info.sender.value == 2,
	      "in their order");
	check(seen[3].sig == RT + 1 && seen[0].info.code == ABI_SI_QUEUE,
	      "the lower signal first");
	set_mask(~0UL);
	while (r == 0 && n < 10000) {
		r = halvm_syscall_rt_sigqueueinfo(1, RT, (long)&info);
		n++;
	}
	check(r == -EAGAIN && n > 1000, "queue full after %d", n);
	count = 0;
	set_mask(0);
	check((int)count == n - 1, "and empty again");
}

static void test_flags(void)
{
	struct abi_sigaction old;

	act(ABI_SIGUSR1, handler, 0, 0);
	nest = 1;
	kill_self(ABI_SIGUSR1);
	check(count == 2 && seen[1].old_mask == 0, "again after itself");
	act(ABI_SIGUSR1, handler, ABI_SA_NODEFER, 0);
	nest = 2;
	kill_self(ABI_SIGUSR1);
	check(count == 3 && seen[2].mask == 0, "SA_NODEFER: within itself");
	check(seen[1].frame < seen[0].frame || seen[1].frame != seen[0].frame,
	      "a frame each");
	act(ABI_SIGUSR1, handler, ABI_SA_RESETHAND, 0);
	kill_self(ABI_SIGUSR1);
	halvm_syscall_rt_sigaction(ABI_SIGUSR1, 0, (long)&old, 8);
	check(count == 1 && old.handler == ABI_SIG_DFL, "SA_RESETHAND");
	act(ABI_SIGCHLD, handler, ABI_SA_RESETHAND, 0);
	kill_self(ABI_SIGCHLD);
	kill_self(ABI_SIGCHLD);
	check(count == 1, "and ignored by default after it");
}

static char alternate[16384] __attribute__((__aligned__(16)));

static bool on_alternate(unsigned i)
{
	return seen[i].frame >= (uintptr_t)alternate &&
	       seen[i].frame < (uintptr_t)alternate + sizeof alternate;
}

static void test_stack(void)
{
	struct abi_sigaltstack s = {alternate, 0, sizeof alternate}, old;

	check(halvm_syscall_sigaltstack(0, (long)&old) == 0 &&
		  old.flags == ABI_SS_DISABLE,
	      "no alternate stack at first");
	check(halvm_syscall_sigaltstack((long)&s, 0) == 0, "sigaltstack");
	act(ABI_SIGUSR1, handler, ABI_SA_ONSTACK | ABI_SA_NODEFER, 0);
	kill_self(ABI_SIGUSR1);
	check(on_alternate(0), "SA_ONSTACK");
	act(ABI_SIGUSR1, handler, 0, 0);
	kill_self(ABI_SIGUSR1);
	check(!on_alternate(0), "without it");
	s.flags = (int)ABI_SS_AUTODISARM;
	halvm_syscall_sigaltstack((long)&s, 0);
	act(ABI_SIGUSR1, handler, ABI_SA_ONSTACK | ABI_SA_NODEFER, 0);
	nest = 1;
	kill_self(ABI_SIGUSR1);
	check(on_alternate(0) && !on_alternate(1), "SS_AUTODISARM");
	halvm_syscall_sigaltstack(0, (long)&old);
	check(old.sp == alternate && old.flags == (int)ABI_SS_AUTODISARM,
	      "armed again");
	s.size = 100;
	s.flags = 0;
	check(halvm_syscall_sigaltstack((long)&s, 0) == -ENOMEM, "too small");
	s.flags = 7;
	check(halvm_syscall_sigaltstack((long)&s, 0) == -EINVAL, "no flags");
	s.flags = ABI_SS_DISABLE;
	check(halvm_syscall_sigaltstack((long)&s, 0) == 0, "SS_DISABLE");
}

int main(void)
{
	host_threads_start();
	test_handler();
	test_errors();
	test_pending();
	test_realtime();
	test_flags();
	test_stack();
	return check_done();
}
