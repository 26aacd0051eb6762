/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-cc: the host's gcc made to compile for the sysroot. Links are done by
 * halvm-ld, which stands beside it.
 */
#ifndef HALVM_DRIVER_CC_H
#define HALVM_DRIVER_CC_H

#include "ccargs.h"
#include "install.h"

/* What the compilations of one command line share. */
struct cc_tools {
	const struct install *in;
	char *gcc;
	char *gcc_include; /* NULL if no source needs headers */
};

/* gcc's arguments before and after those of the user. */
void cc_first_args(const struct cc_tools *t, struct strlist *argv);
void cc_last_args(const struct cc_tools *t, struct strlist *argv);

/* Carries out a command line without response files in it. */
_Noreturn void cc_run(const struct install *in, const struct strlist *args,
		      const char *help);

#endif
