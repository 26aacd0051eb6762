/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_signal.c - signals and the timers that send them, through their
 * system calls: who gets them, when, with what mask, and what an interrupted
 * call returns.
 */
#include <setjmp.h>
#include "check.h"
#include "arch/signal.h"
#include "arch/spin.h"
#include "core/clock.h"
#include "core/process.h"
#include "core/signal.h"
#include "core/thread.h"
#include "halvm/abi/time.h"
#include "halvm/syscalls.h"
#include "host.h"
#include "sys/sys.h"

#define MS 1000000UL
#define BIT(sig) ABI_SIG_BIT(sig)
#define RT (ABI_SIGRTMIN + 3)

/* What handlers saw. */
static struct seen {
	int sig;
	struct abi_siginfo info;
	sigset_bits mask, old_mask;
	uintptr_t frame;
	int32_t in_kernel;
} seen[32];
static unsigned count;
static unsigned nest;

static sigset_bits mask_now(void)
{
	sigset_bits mask = 0;

	halvm_syscall_rt_sigprocmask(ABI_SIG_BLOCK, 0, (long)&mask, 8);
	return mask;
}

static void set_mask(sigset_bits mask)
{
	halvm_syscall_rt_sigprocmask(ABI_SIG_SETMASK, (long)&mask, 0, 8);
}

static void handler(long sig, void *info, void *context)
{
	struct abi_ucontext *uc = context;
	struct seen *s = &seen[count++ % 32];

	s->sig = (int)sig;
	s->info = *(struct abi_siginfo *)info;
	s->old_mask = uc->sigmask;
	s->frame = (uintptr_t)context;
	s->in_kernel = thread_current()->arch.in_kernel;
	s->mask = mask_now();
	if (nest) {
		nest--;
		halvm_syscall_kill(PROCESS_ID, sig);
	}
}

static long act(int sig, void (*fn)(long, void *, void *), uint64_t flags,
		sigset_bits mask)
{
	struct abi_sigaction a = {
	    .handler = (uint64_t)fn,
	    .flags = flags | ABI_SA_SIGINFO,
	    .mask = mask,
	};

	count = 0;
	return halvm_syscall_rt_sigaction(sig, (long)&a, 0, 8);
}

static long dispose(int sig, uint64_t what)
{
	struct abi_sigaction a = {.handler = what};

	return halvm_syscall_rt_sigaction(sig, (long)&a, 0, 8);
}

static long kill_self(int sig)
{
	return halvm_syscall_kill(PROCESS_ID, sig);
}

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

static void send_usr1(void *unused)
{
	(void)unused;
	signal_send(NULL, ABI_SIGUSR1, NULL);
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

/* --- timers --- */

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

/* --- ends --- */

static void exception(uint64_t vector)
{
	char stack[HOST_USER_STACK] __attribute__((__aligned__(64)));
	struct trap_frame f = {
	    .rip = HOST_RIP,
	    .rsp = (uintptr_t)stack + sizeof stack,
	    .rflags = RFLAGS_IF,
	    .vector = vector,
	    .rbx = 5,
	};

	irq_disable();
	signal_exception(&f, 0x1234);
	host_continue(&f);
	irq_enable();
	check(f.rip == HOST_RIP && f.rbx == 5, "it goes on where it was");
}

static void test_exception(void)
{
	act(ABI_SIGSEGV, handler, 0, 0);
	exception(14);
	check(count == 1 && seen[0].sig == ABI_SIGSEGV &&
		  seen[0].info.fault.addr == 0x1234 &&
		  seen[0].info.code == ABI_SEGV_MAPERR,
	      "SIGSEGV");
	dispose(ABI_SIGSEGV, ABI_SIG_DFL);
}

static void die_by(void *sig)
{
	dispose(*(int *)sig, ABI_SIG_DFL);
	kill_self(*(int *)sig);
	_exit(0);
}

static void die_late(void *unused)
{
	(void)unused;
	dispose(ABI_SIGUSR1, ABI_SIG_DFL);
	host_raise(send_usr1, NULL);
	_exit(0);
}

static void fault(void *blocked)
{
	act(ABI_SIGSEGV, blocked ? handler : NULL, 0, 0);
	if (blocked)
		set_mask(BIT(ABI_SIGSEGV));
	exception(14);
}

static void fault_inside(void *unused)
{
	(void)unused;
	act(ABI_SIGSEGV, handler, 0, 0);
	sys_enter(thread_current());
	exception(14);
}

static unsigned exits;

static void first_exit(void)
{
	fprintf(stderr, "first %u", exits);
}

static void second_exit(void)
{
	exits++;
}

static void leave(void *unused)
{
	(void)unused;
	process_at_exit(first_exit);
	process_at_exit(second_exit);
	process_exit(0x107);
}

static void test_ends(void)
{
	int term = ABI_SIGTERM, child = ABI_SIGCHLD, stop = ABI_SIGSTOP;
	int killed = ABI_SIGKILL;

	check_dies(die_by, &term, 128 + ABI_SIGTERM, "", "SIGTERM");
	check_dies(die_by, &killed, 128 + ABI_SIGKILL, "", "SIGKILL");
	check_dies(die_by, &child, 0, "", "SIGCHLD does nothing");
	check_dies(die_by, &stop, 0, "", "there is nobody to go on for");
	check_dies(die_late, NULL, 128 + ABI_SIGUSR1, "", "by an interrupt");
	check_dies(fault, NULL, 125, "page fault at 0x1234", "a fault");
	check_dies(fault, NULL, 125, "signal 11", "names the signal");
	check_dies(fault, &term, 125, "signal 11", "a blocked fault");
	check_dies(fault_inside, NULL, 125, "in the runtime", "in a call");
	check_dies(leave, NULL, 7, "first 1", "functions at the exit");
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
	test_restart();
	test_interrupt();
	test_jump();
	test_suspend();
	test_wait();
	test_threads();
	test_timer();
	test_timer_kinds();
	test_itimer();
	test_exception();
	test_ends();
	return check_done();
}
