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

/* Both names, as the linker would give them (real.h, mark.h). */
#define PROVIDE_TARGET(name, parameters, ...)                                  \
	long __real_halvm_syscall_##name parameters __asm__(                   \
	    "halvm_syscall_" #name);                                           \
	long __real_halvm_syscall_##name parameters                            \
	{                                                                      \
		return REAL_SEEN(SYS_##name, __VA_ARGS__);                     \
	}                                                                      \
	__asm__(".globl __real_halvm_syscall_" #name "\n"                      \
		"__real_halvm_syscall_" #name " = halvm_syscall_" #name)
#define PROVIDE_REAL0(name) PROVIDE_TARGET(name, (void), 0, 0, 0, 0, 0, 0)
#define PROVIDE_BELOW0 PROVIDE_REAL0
#define PROVIDE_REAL1(name) PROVIDE_TARGET(name, (long a), a, 0, 0, 0, 0, 0)
#define PROVIDE_BELOW1 PROVIDE_REAL1
#define PROVIDE_REAL2(name)                                                    \
	PROVIDE_TARGET(name, (long a, long b), a, b, 0, 0, 0, 0)
#define PROVIDE_BELOW2 PROVIDE_REAL2
#define PROVIDE_REAL3(name)                                                    \
	PROVIDE_TARGET(name, (long a, long b, long c), a, b, c, 0, 0, 0)
#define PROVIDE_BELOW3 PROVIDE_REAL3
#define PROVIDE_REAL4(name)                                                    \
	PROVIDE_TARGET(name, (long a, long b, long c, long d), a, b, c, d, 0, 0)
#define PROVIDE_BELOW4 PROVIDE_REAL4
#define PROVIDE_REAL5(name)                                                    \
	PROVIDE_TARGET(name, (long a, long b, long c, long d, long e), a, b,   \
		       c, d, e, 0)
#define PROVIDE_BELOW5 PROVIDE_REAL5
#define PROVIDE_REAL6(name)                                                    \
	PROVIDE_TARGET(name, (long a, long b, long c, long d, long e, long f), \
		       a, b, c, d, e, f)
#define PROVIDE_BELOW6 PROVIDE_REAL6

#include "provide/real.h"

#endif
