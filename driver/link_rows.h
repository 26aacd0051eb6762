/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The options of halvm-ld, as two sorted tables: words of a compiler driver,
 * and words of a linker. Private to link_args.c.
 */
#ifndef HALVM_LINK_ROWS_H
#define HALVM_LINK_ROWS_H

#include "util.h"

enum form {
	EXACT,	/* the whole word */
	PREFIX, /* the word begins so; the value is the rest, perhaps empty */
	JOINED, /* -Ldir or -L dir: the value is the rest or the next word */
	NEXT,	/* the value is the next word */
	EQUALS, /* --name=value, or the next word (linker options) */
	EQONLY	/* --name=value */
};

enum action {
	DROP, /* has no meaning here, or is what we do anyway */
	REFUSE,
	PASS,	   /* to lld */
	PASS_JOIN, /* -z VALUE, -u VALUE … to lld as one word */
	TO_LINKER, /* -Wl, */
	TO_XLINKER,
	FILE_OUT,
	FILE_SCRIPT,
	ADD_LIB,
	ADD_LIBDIR,
	SET_EMIT,
	SET_TARGET,
	SET_REPORT,
	SET_ROOT,
	ADD_FORBIDDEN,
	SET_MERGE,
	SET_STRICT,
	SET_NO_GC,
	SET_REFUSED_OFF,
	SET_REFUSED_ON,
	SET_STRIP,
	SET_KEEP,
	SET_VERBOSE,
	SET_DRY_RUN,
	SET_LLD_VERSION,
	SET_HELP,
	SET_VERSION,
	LANGUAGE /* -x LANGUAGE, or ld's -x */
};

struct row {
	const char *name;
	enum form form;
	enum action action;
	const char *arg; /* REFUSE: why and the way out; PASS_JOIN: prefix */
};

/* Why a word that is for compiling isn't taken. */
extern const char rows_compile_why[];

/* The row that fits best, or NULL. */
const struct row *rows_driver(const char *word);
/*
 * The same for a linker's word, with its dashes; *name is the word without
 * them.
 */
const struct row *rows_linker(const char *word, const char **name);

#endif
