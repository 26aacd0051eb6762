/* SPDX-License-Identifier: BSD-3-Clause */
/* What a command line of halvm-ghc asks for, beside what GHC is to do. */
#ifndef HALVM_DRIVER_GHCARGS_H
#define HALVM_DRIVER_GHCARGS_H

#include "util.h"

enum ghc_question {
	ASK_NOTHING,
	ASK_HELP,
	ASK_VERSION,
	ASK_SYSROOT,
	ASK_TARGETS,
};

struct ghc_args {
	struct strlist pass;	/* GHC's own, in order */
	struct strlist link;	/* for halvm-ld, --target= and --emit= apart */
	struct strlist ignored; /* taken away, to be told */
	struct strlist forbid;	/* the syscalls of --forbid-syscall= */
	char *target;		/* last --target=; NULL if none */
	char *emit;		/* last --emit=; NULL if none */
	char *root;		/* last --root=; NULL if none */
	bool report;		/* there is a --report= */
	bool no_analysis;	/* no leaves of own C sources are looked for */
	enum ghc_question ask;
	char *error; /* NULL, or why this can't be done */
};

/* args has no program name and no response files left in it. */
void ghc_parse(const struct strlist *args, struct ghc_args *g);
void ghc_args_free(struct ghc_args *g);

#endif
