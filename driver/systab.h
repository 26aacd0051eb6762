/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of syscalls (sysroot/syscalls.tbl, installed as
 * share/syscalls.tbl): name, number, argument count, class, and per column
 * what a family of targets answers.
 */
#ifndef HALVM_DRIVER_SYSTAB_H
#define HALVM_DRIVER_SYSTAB_H

#include "lines.h"
#include "util.h"

enum sysclass {
	CLASS_MEMORY,
	CLASS_THREADS,
	CLASS_CLOCK,
	CLASS_SIGNALS,
	CLASS_FILES,
	CLASS_NETWORK,
	CLASS_CONSOLE,
	CLASS_SHARED,
	CLASS_NEVER,
	CLASS_COUNT
};

enum { SYSTAB_MAX_COLUMNS = 8, SYSTAB_MAX_ARGS = 6 };

struct sysent {
	char *name;
	unsigned nr, nargs;
	enum sysclass class;
	/*
	 * By column: "host", the layer that serves it ("core", "io", "net"),
	 * or the errno it always fails with ("ENOSYS" ...).
	 */
	char *answer[SYSTAB_MAX_COLUMNS];
};

struct systab {
	struct sysent *v; /* by number, strictly rising */
	size_t n;
	struct strlist columns;
	struct sysent **by_name;
};

const char *sysclass_name(enum sysclass c);

/* On false *t is freed and zero. */
bool systab_parse(const char *buf, size_t len, struct systab *t,
		  struct parse_error *e);
void systab_free(struct systab *t);
/* Reads a file; dies with its name and line if it can't or if it is bad. */
void systab_load(const char *path, struct systab *t);

const struct sysent *systab_find(const struct systab *t, const char *name);
/* Index into answer[], or -1. */
int systab_column(const struct systab *t, const char *column);
/* The answer is an errno: the target always refuses the call. */
bool systab_refused(const char *answer);

#endif
