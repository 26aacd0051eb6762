/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a command line of halvm-cc asks for. GCC's options are sorted into
 * those for compiling, those for linking and those that are queries; most
 * pass through unseen.
 */
#ifndef HALVM_DRIVER_CCARGS_H
#define HALVM_DRIVER_CCARGS_H

#include "util.h"

struct cc_input {
	char *name;
	char *lang;	/* after -x; NULL: by the name's ending */
	bool source;	/* to be compiled or assembled */
	size_t link_at; /* its place in `link` */
};

struct cc_args {
	struct cc_input *inputs;
	size_t n_inputs;
	/* When not linking: options and inputs in order. */
	struct strlist all;
	/* When linking: options for each compilation, and for the linker. */
	struct strlist compile, link;
	char *output; /* -o; NULL if none */
	char *query;  /* first --help, --version, -print-... with the value
			 joined */
	bool no_link; /* -c, -S, -E, -M, -MM, -fsyntax-only */
	bool verbose, dry_run;
	bool nostdinc;
	bool asks_linker; /* -Wl,--version and the like */
	char *error;	  /* NULL, or why this can't be done */
};

/* args has no program name and no response files left in it. */
void cc_parse(const struct strlist *args, struct cc_args *cc);
void cc_args_free(struct cc_args *cc);

/* The last option for compiling wins, so these come after the user's. */
extern const char *const cc_last_flags[];

#endif
