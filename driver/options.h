/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tables of command-line options: rows sorted by name in byte order (a unit
 * test holds every table to it), looked up by the longest name that fits.
 */
#ifndef HALVM_DRIVER_OPTIONS_H
#define HALVM_DRIVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* How an argument may continue after the option's name; flags. */
enum {
	OPT_EXACT = 1,	/* -c */
	OPT_JOINED = 2, /* -Idir: something follows in the same argument */
	OPT_NEXT = 4,	/* -I dir: the next argument is the value */
};

struct option {
	const char *name;
	unsigned form;
	int what; /* the command's own meaning */
};

struct option_table {
	const char *title; /* for the test's messages */
	const struct option *rows;
	size_t n;
};

/* The row that describes the argument, or NULL. */
const struct option *option_find(const struct option_table *t, const char *arg);
/* Whether the next argument belongs to this one. */
bool option_takes_next(const struct option *o, const char *arg);

extern const struct option_table cc_options, ghc_options;

#endif
