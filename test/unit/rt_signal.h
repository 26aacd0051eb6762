/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rt_signal.h - what the tests of signals have in common: a handler that notes
 * what it saw, and the system calls.
 */
#ifndef TEST_RT_SIGNAL_H
#define TEST_RT_SIGNAL_H

#include "arch/signal.h"
#include "check.h"
#include "core/process.h"
#include "core/signal.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "halvm/syscalls.h"
#include "host.h"

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

static inline sigset_bits mask_now(void)
{
	sigset_bits mask = 0;

	halvm_syscall_rt_sigprocmask(ABI_SIG_BLOCK, 0, (long)&mask, 8);
	return mask;
}

static inline void set_mask(sigset_bits mask)
{
	halvm_syscall_rt_sigprocmask(ABI_SIG_SETMASK, (long)&mask, 0, 8);
}

static inline void handler(long sig, void *info, void *context)
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

static inline long act(int sig, void (*fn)(long, void *, void *),
		       uint64_t flags, sigset_bits mask)
{
	struct abi_sigaction a = {
	    .handler = (uint64_t)fn,
	    .flags = flags | ABI_SA_SIGINFO,
	    .mask = mask,
	};

	count = 0;
	return halvm_syscall_rt_sigaction(sig, (long)&a, 0, 8);
}

static inline long dispose(int sig, uint64_t what)
{
	struct abi_sigaction a = {.handler = what};

	return halvm_syscall_rt_sigaction(sig, (long)&a, 0, 8);
}

static inline long kill_self(int sig)
{
	return halvm_syscall_kill(PROCESS_ID, sig);
}

/* For host_raise. */
static inline void send_usr1(void *unused)
{
	(void)unused;
	signal_send(NULL, ABI_SIGUSR1, NULL);
}

#endif
