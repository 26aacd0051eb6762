/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * say.h - how the programs here tell what they found: a line for each check,
 * the same wherever they run.
 */
#ifndef TEST_PROVIDE_SAY_H
#define TEST_PROVIDE_SAY_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

extern int say_failed; /* how many weren't so; main's file has it */
int say_count __attribute__((__weak__)); /* of all files */

static inline __attribute__((format(printf, 2, 3))) bool
say(bool good, const char *name, ...)
{
	int error = errno;
	va_list ap;

	say_count++;
	printf("%s - ", good ? "ok" : "not ok");
	va_start(ap, name);
	vprintf(name, ap);
	va_end(ap);
	if (!good) {
		printf(" (errno %d)", error);
		say_failed++;
	}
	printf("\n");
	fflush(stdout);
	return good;
}

/* The call failed so. */
#define SAY_ERROR(call, error, ...)                                            \
	do {                                                                   \
		errno = 0;                                                     \
		say((call) == -1 && errno == (error), __VA_ARGS__);            \
	} while (0)

#endif
