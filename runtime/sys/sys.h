/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sys.h - how a system call is defined.
 *
 *	SYSCALL3(name, a, b, c) { ... }		a call that never sleeps
 *	SYSCALL_SLEEP3(name, a, b, c) { ... }	one that may
 *
 * define halvm_syscall_<name> with so many parameters, all long, as a function
 * that returns a value or -errno.
 *
 * A call that sleeps counts itself in arch.in_kernel, so that no signal's
 * handler runs in its middle; when it ends, pending signals are delivered,
 * and a result of -ERESTARTSYS starts it again if the handler says so.  A
 *nested one (a provider's Haskell code runs inside a call) leaves signals to
 *the outermost.
 */
#ifndef SYS_SYS_H
#define SYS_SYS_H

#include <stddef.h>
#include <stdint.h>
#include "arch/percpu.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"

static inline void sys_enter(struct thread *t)
{
	t->arch.in_kernel++;
	__asm__ volatile("" : : : "memory");
}

static inline long sys_leave(struct thread *t, long r)
{
	__asm__ volatile("" : : : "memory");
	if (__builtin_expect(r != -ERESTARTSYS, 1) &&
	    (--t->arch.in_kernel != 0 ||
	     __builtin_expect(
		 __atomic_load_n(&t->arch.pending, __ATOMIC_RELAXED) == 0, 1)))
		return r;
	return signal_leave_call(r);
}

#define SYS_P0 void
#define SYS_P1(a) long a
#define SYS_P2(a, b) long a, long b
#define SYS_P3(a, b, c) long a, long b, long c
#define SYS_P4(a, b, c, d) long a, long b, long c, long d
#define SYS_P5(a, b, c, d, e) long a, long b, long c, long d, long e
#define SYS_P6(a, b, c, d, e, f) long a, long b, long c, long d, long e, long f

#define SYS_X(...) __VA_ARGS__
#define SYS_PLAIN(name, ...) long halvm_syscall_##name(__VA_ARGS__)

#define SYS_SLEEP(name, params, ...)                                           \
	static inline                                                          \
	    __attribute__((__always_inline__)) long sys_##name(params);        \
	long halvm_syscall_##name(params)                                      \
	{                                                                      \
		struct thread *t_ = thread_current();                          \
		long r_;                                                       \
                                                                               \
		do {                                                           \
			sys_enter(t_);                                         \
			r_ = sys_leave(t_, sys_##name(__VA_ARGS__));           \
		} while (r_ == -ERESTARTSYS && t_->arch.in_kernel == 0);       \
		return r_;                                                     \
	}                                                                      \
	static inline __attribute__((__always_inline__)) long sys_##name(params)

#define SYSCALL0(n) SYS_PLAIN(n, SYS_P0)
#define SYSCALL1(n, ...) SYS_PLAIN(n, SYS_X(SYS_P1(__VA_ARGS__)))
#define SYSCALL2(n, ...) SYS_PLAIN(n, SYS_X(SYS_P2(__VA_ARGS__)))
#define SYSCALL3(n, ...) SYS_PLAIN(n, SYS_X(SYS_P3(__VA_ARGS__)))
#define SYSCALL4(n, ...) SYS_PLAIN(n, SYS_X(SYS_P4(__VA_ARGS__)))
#define SYSCALL5(n, ...) SYS_PLAIN(n, SYS_X(SYS_P5(__VA_ARGS__)))
#define SYSCALL6(n, ...) SYS_PLAIN(n, SYS_X(SYS_P6(__VA_ARGS__)))
#define SYSCALL_SLEEP0(n) SYS_SLEEP(n, SYS_P0)
#define SYSCALL_SLEEP1(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P1(__VA_ARGS__)), __VA_ARGS__)
#define SYSCALL_SLEEP2(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P2(__VA_ARGS__)), __VA_ARGS__)
#define SYSCALL_SLEEP3(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P3(__VA_ARGS__)), __VA_ARGS__)
#define SYSCALL_SLEEP4(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P4(__VA_ARGS__)), __VA_ARGS__)
#define SYSCALL_SLEEP5(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P5(__VA_ARGS__)), __VA_ARGS__)
#define SYSCALL_SLEEP6(n, ...)                                                 \
	SYS_SLEEP(n, SYS_X(SYS_P6(__VA_ARGS__)), __VA_ARGS__)

#endif
