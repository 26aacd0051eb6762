/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * provide_real.h - the target below the provider layer, for tests on the build
 * machine: __real_halvm_syscall_* are the machine's own system calls.
 *
 * The wrapped calls are called by wrapped(read, fd, (long)buf, n).
 */
#ifndef TEST_PROVIDE_REAL_H
#define TEST_PROVIDE_REAL_H

#include <sys/syscall.h>

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

#define wrapped(name, ...) __wrap_halvm_syscall_##name(__VA_ARGS__)

static inline long host_call(long nr, long a, long b, long c, long d, long e,
			     long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

/* A test that wants to see or change a call defines these before. */
#ifndef REAL_SEEN
#define REAL_SEEN(nr, a, b, c, d, e, f) host_call(nr, a, b, c, d, e, f)
#endif

#define PROVIDE_REAL(name, ...)                                                \
	long __real_halvm_syscall_##name(__VA_ARGS__);                         \
	long __real_halvm_syscall_##name(__VA_ARGS__)
#define PROVIDE_REAL0(name)                                                    \
	PROVIDE_REAL(name, void)                                               \
	{                                                                      \
		return REAL_SEEN(SYS_##name, 0, 0, 0, 0, 0, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL1(name)                                                    \
	PROVIDE_REAL(name, long a)                                             \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, 0, 0, 0, 0, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL2(name)                                                    \
	PROVIDE_REAL(name, long a, long b)                                     \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, b, 0, 0, 0, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL3(name)                                                    \
	PROVIDE_REAL(name, long a, long b, long c)                             \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, b, c, 0, 0, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL4(name)                                                    \
	PROVIDE_REAL(name, long a, long b, long c, long d)                     \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, b, c, d, 0, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL5(name)                                                    \
	PROVIDE_REAL(name, long a, long b, long c, long d, long e)             \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, b, c, d, e, 0);                \
	}                                                                      \
	struct real_##name
#define PROVIDE_REAL6(name)                                                    \
	PROVIDE_REAL(name, long a, long b, long c, long d, long e, long f)     \
	{                                                                      \
		return REAL_SEEN(SYS_##name, a, b, c, d, e, f);                \
	}                                                                      \
	struct real_##name

#include "provide/real.h"

#endif
