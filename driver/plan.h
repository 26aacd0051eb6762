/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The executables of a project, from what cabal writes at each build: the file
 * cache/plan.json of its build folder (cabal-install 3.0 to 3.12).
 */
#ifndef HALVM_DRIVER_PLAN_H
#define HALVM_DRIVER_PLAN_H

#include <stddef.h>

#include "lines.h"

struct plan_exe {
	char *package; /* name without version */
	char *kind;    /* exe, test or bench */
	char *name;
	char *file;   /* where the build puts it */
	char *folder; /* of the package's sources */
};

struct plan {
	struct plan_exe *exes; /* of the project's own packages */
	size_t n;
};

/* On false *p is zero. */
bool plan_parse(const char *buf, size_t len, struct plan *p,
		struct parse_error *e);
void plan_free(struct plan *p);

#endif
