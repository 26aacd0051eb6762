/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line of halvm-ld: what GHC, cabal and configure scripts give a
 * C compiler that they use as linker, what they give `ld -r`, and our own
 * options.
 *
 * Two sorted tables: the words of a compiler driver, and the words of a linker
 * (after -Wl, or -Xlinker, or alone as `ld -r` gets them). The order of inputs
 * and of linker options is kept, because some (--whole-archive) are positional.
 */
#ifndef HALVM_LINK_ARGS_H
#define HALVM_LINK_ARGS_H

#include "util.h"

enum item_kind {
	ITEM_FILE,    /* an input file */
	ITEM_LIB,     /* -lNAME */
	ITEM_LIBFILE, /* -l:FILE */
	ITEM_LD	      /* an option for lld */
};

struct link_item {
	enum item_kind kind;
	char *text;
};

enum link_mode {
	LINK_IMAGE,
	LINK_PORTABLE,
	LINK_MERGE,	    /* -r */
	LINK_HELP,	    /* --help */
	LINK_VERSION,	    /* --version: ours */
	LINK_LINKER_VERSION /* -Wl,--version, -v alone: "LLD …" */
};

struct link_args {
	enum link_mode mode;
	char *output; /* NULL: not given */
	char *target; /* NULL: not given */
	char *script; /* -T, NULL: the target's */
	char *root;   /* --root=, NULL: none */
	struct link_item *items;
	size_t nitems, capitems;
	struct strlist libdirs;
	struct strlist forbidden; /* --forbid-syscall */
	bool report;		  /* --report=syscalls */
	char *report_file;	  /* NULL: standard output */
	bool strict;
	bool no_gc;
	bool no_warn_refused;
	bool strip;
	bool keep_portable;
	bool verbose; /* -v */
	bool dry_run; /* -### */
	bool lld_version;
};

/* Words without the program name, response files expanded. Dies. */
void link_args_parse(struct link_args *a, const struct strlist *argv);
void link_args_free(struct link_args *a);

/* For the tests: false, with the row, if a table isn't sorted. */
bool link_args_sorted(const char **row);

#endif
