/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * check.h - for the C programs of test/programs-c.
 *
 * A program prints what it has seen to work, and dies with the place at the
 * first thing that isn't so.  Its standard output is compared with NAME.out.
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: not so: %s (errno %d: %s)\n",  \
				__FILE__, __LINE__, #condition, errno,         \
				strerror(errno));                              \
			fflush(stdout);                                        \
			_Exit(1);                                              \
		}                                                              \
	} while (0)

/* Prints at once, so that order shows even if the program then dies. */
static inline void passed(const char *what)
{
	puts(what);
	fflush(stdout);
}

#endif
