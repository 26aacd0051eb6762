/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal.c - system calls of signals, but rt_sigreturn (arch).
 *
 * There is one process, PROCESS_ID, alone in its group and session.  Calls
 * that may make a signal deliverable to the caller are of the sleeping kind,
 * because its handler runs before they return.
 */
#include "arch/spin.h"
#include "arch/user.h"
#include "core/clock.h"
#include "core/process.h"
#include "core/signal.h"
#include "halvm/abi/time.h"
#include "sys/sys.h"

#define SET_SIZE sizeof(sigset_bits)

static int read_set(sigset_bits *set, long from, long size)
{
	if (size != (long)SET_SIZE)
		return -EINVAL;
	return user_read(set, (const void *)from, sizeof *set);
}

SYSCALL_SLEEP4(rt_sigaction, sig, act, old, size)
{
	struct abi_sigaction new, before;
	int error;

	if (size != (long)SET_SIZE || sig < 1 || sig > ABI_SIGNALS)
		return -EINVAL;
	if (act) {
		error = user_read(&new, (const void *)act, sizeof new);
		if (error)
			return error;
	}
	error = signal_set_action((int)sig, act ? &new : NULL, &before);
	if (error || !old)
		return error;
	return user_write((void *)old, &before, sizeof before);
}

SYSCALL_SLEEP4(rt_sigprocmask, how, set, old, size)
{
	sigset_bits before = thread_current()->signals.blocked, new;
	int error;

	if (size != (long)SET_SIZE)
		return -EINVAL;
	if (set) {
		error = read_set(&new, set, size);
		if (error)
			return error;
		error = signal_change_mask((int)how, new);
		if (error)
			return error;
	}
	return old ? user_write((void *)old, &before, sizeof before) : 0;
}

SYSCALL2(rt_sigpending, set, size)
{
	sigset_bits pending = signal_pending();

	if (size < 0 || size > (long)SET_SIZE)
		return -EINVAL;
	return user_write((void *)set, &pending, (size_t)size);
}

/* A wait that ends by a handler only. */
static long suspend(sigset_bits mask)
{
	signal_mask_for_call(mask);
	while (!signal_interrupts())
		thread_sleep(DEADLINE_NEVER, SLEEP_INTERRUPTIBLE);
	return -ERESTARTSYS;
}

SYSCALL_SLEEP2(rt_sigsuspend, set, size)
{
	sigset_bits mask;
	int error = read_set(&mask, set, size);

	return error ? error : suspend(mask);
}

SYSCALL_SLEEP0(pause)
{
	return suspend(thread_current()->signals.blocked);
}

/* A struct timespec of the program's as a deadline; *left: NULL is never. */
static int read_timeout(uint64_t *deadline, long from)
{
	struct abi_timespec ts;
	uint64_t ns;

	*deadline = DEADLINE_NEVER;
	if (!from)
		return 0;
	if (user_read(&ts, (const void *)from, sizeof ts))
		return -EFAULT;
	if (ts.sec < 0 || (uint64_t)ts.nsec >= NS_PER_SEC)
		return -EINVAL;
	if (!__builtin_mul_overflow((uint64_t)ts.sec, NS_PER_SEC, &ns) &&
	    !__builtin_add_overflow(ns, (uint64_t)ts.nsec, &ns) &&
	    !__builtin_add_overflow(ns, clock_now(), &ns))
		*deadline = ns;
	return 0;
}

SYSCALL_SLEEP4(rt_sigtimedwait, set, info, timeout, size)
{
	struct abi_siginfo got;
	uint64_t deadline;
	sigset_bits wanted;
	int sig, error = read_set(&wanted, set, size);

	if (!error)
		error = read_timeout(&deadline, timeout);
	if (error)
		return error;
	sig = signal_wait(wanted, deadline, &got);
	if (sig > 0 && info && user_write((void *)info, &got, sizeof got))
		return -EFAULT;
	return sig;
}

SYSCALL_SLEEP2(sigaltstack, stack, old)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
	struct abi_sigaltstack new, before;
	int error;

	signal_get_stack(&before, sp);
	if (stack) {
		error = user_read(&new, (const void *)stack, sizeof new);
		if (!error)
			error = signal_set_stack(&new, sp);
		if (error)
			return error;
	}
	return old ? user_write((void *)old, &before, sizeof before) : 0;
}

/* --- sending --- */

static struct abi_siginfo from_user(int code)
{
	return (struct abi_siginfo){
	    .code = code,
	    .sender.pid = PROCESS_ID,
	};
}

static int send_to_process(int sig, const struct abi_siginfo *info)
{
	if (sig < 0 || sig > ABI_SIGNALS)
		return -EINVAL;
	signal_reserve_info();
	return signal_send(NULL, sig, info);
}

static int send_to_thread(long tid, int sig, const struct abi_siginfo *info)
{
	unsigned long flags;
	struct thread *t;
	int r = -ESRCH;

	if (tid <= 0 || sig < 0 || sig > ABI_SIGNALS)
		return -EINVAL;
	signal_reserve_info();
	flags = spin_lock(&thread_all_lock);
	t = thread_find((int)tid);
	if (t)
		r = signal_send(t, sig, info);
	spin_unlock(&thread_all_lock, flags);
	return r;
}

/* kill(2): itself, its group (0 and -1: all there is), by its number. */
SYSCALL_SLEEP2(kill, pid, sig)
{
	struct abi_siginfo info = from_user(ABI_SI_USER);
	int target = (int)pid;

	if (target != 0 && target != -1 && target != PROCESS_ID)
		return -ESRCH;
	return send_to_process((int)sig, &info);
}

SYSCALL_SLEEP2(tkill, tid, sig)
{
	struct abi_siginfo info = from_user(ABI_SI_TKILL);

	return send_to_thread((int)tid, (int)sig, &info);
}

SYSCALL_SLEEP3(tgkill, pid, tid, sig)
{
	struct abi_siginfo info = from_user(ABI_SI_TKILL);

	if ((int)pid <= 0)
		return -EINVAL;
	if ((int)pid != PROCESS_ID)
		return -ESRCH;
	return send_to_thread((int)tid, (int)sig, &info);
}

static int read_info(struct abi_siginfo *info, long from, int sig)
{
	int error = user_read(info, (const void *)from, sizeof *info);

	info->signo = sig;
	return error;
}

SYSCALL_SLEEP3(rt_sigqueueinfo, pid, sig, info)
{
	struct abi_siginfo copy;
	int error = read_info(&copy, info, (int)sig);

	if (error)
		return error;
	if ((int)pid != PROCESS_ID)
		return -ESRCH;
	return send_to_process((int)sig, &copy);
}

SYSCALL_SLEEP4(rt_tgsigqueueinfo, pid, tid, sig, info)
{
	struct abi_siginfo copy;
	int error;

	if ((int)pid <= 0)
		return -EINVAL;
	error = read_info(&copy, info, (int)sig);
	if (error)
		return error;
	if ((int)pid != PROCESS_ID)
		return -ESRCH;
	return send_to_thread((int)tid, (int)sig, &copy);
}
