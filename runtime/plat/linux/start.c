/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * start.c - what the linux runtime decides before libc starts.
 *
 * One is whether the program runs in strict mode, in which the calls of class
 * never fail as they do in a unikernel: by default as it was linked (the
 * address of halvm_strict_default, which the link script or --strict sets, is
 * the value), and HALVM_STRICT=0 or =1 in the environment wins.  A program
 * that runs with privileges of its own (AT_SECURE) heeds only its link:
 * who starts it must not be able to make its setuid() fail.
 *
 * The other is how to read the clock: by the host's vDSO if it has one.
 *
 * Nothing of libc can be used here: there is no thread pointer yet, and libc
 * sits above the runtime.
 */
#include <stdbool.h>
#include <stddef.h>
#include "halvm/runtime.h"
#include "numbers.h"
#include "linux.h"

enum { at_null = 0, at_secure = 23, at_sysinfo_ehdr = 33 };

bool linux_strict;
linux_clock_fn *linux_clock_gettime = linux_clock_gettime_call;

/* libc's stubs would do, but would make every image reach write and exit. */
static long host_call(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

/* The compiler takes for granted that a symbol's address isn't 0. */
static bool linked_strict(void)
{
	unsigned value;

	__asm__("movl $halvm_strict_default, %0" : "=r"(value));
	return value != 0;
}

/* The value if `variable` is name=value, else NULL. */
static const char *value_of(const char *variable, const char *name)
{
	while (*name && *variable == *name) {
		variable++;
		name++;
	}
	return !*name && *variable == '=' ? variable + 1 : NULL;
}

static _Noreturn void reject_strict(void)
{
	static const char message[] =
	    "halvm: error: HALVM_STRICT must be 0 or 1\n";

	host_call(NR_write, 2, (long)message, sizeof message - 1);
	for (;;)
		host_call(NR_exit_group, 2, 0, 0);
}

static bool wanted_strict(char *const *env, bool by_default)
{
	for (; *env; env++) {
		const char *value = value_of(*env, "HALVM_STRICT");

		if (!value || !*value)
			continue;
		if ((*value != '0' && *value != '1') || value[1])
			reject_strict();
		return *value == '1';
	}
	return by_default;
}

static unsigned long aux_value(const unsigned long *aux, unsigned long type)
{
	for (; aux[0] != at_null; aux += 2)
		if (aux[0] == type)
			return aux[1];
	return 0;
}

_Noreturn void linux_start(long *block)
{
	char **env = (char **)block + block[0] + 2;
	char **end = env;
	const unsigned long *aux;
	linux_clock_fn *clock;

	while (*end)
		end++;
	aux = (const unsigned long *)(end + 1);

	linux_strict = linked_strict();
	if (!aux_value(aux, at_secure))
		linux_strict = wanted_strict(env, linux_strict);

	clock = linux_vdso_clock(aux_value(aux, at_sysinfo_ehdr));
	if (clock)
		linux_clock_gettime = clock;
	halvm_start(block);
}
