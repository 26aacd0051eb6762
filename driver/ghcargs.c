/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorting halvm-ghc's arguments: see ghcargs.h. */
#include "config.h"
#include "ghcargs.h"

#include <stdlib.h>
#include <string.h>

#include "ghc_options.h"

static void refuse(struct ghc_args *g, const char *fmt, const char *arg)
{
	if (!g->error)
		g->error = xasprintf(fmt, arg);
}

static const char shared[] =
    "%s: there are no shared libraries, as every program is one static image. "
    "Leave the option away (cabal: --disable-shared "
    "--disable-executable-dynamic; make a library of a foreign-library)";
static const char pie[] =
    "%s: position-independent programs can't be made, as an image has a fixed "
    "place below 2 GiB. Leave the option away";
static const char prof[] =
    "%s: the sysroot has no profiling libraries. Leave the option away "
    "(cabal: --disable-profiling --disable-library-profiling); to see where "
    "time goes, link with -g for the linux target and use perf";

static void replace(char **s, const char *by)
{
	free(*s);
	*s = xstrdup(by);
}

static void ask(struct ghc_args *g, enum ghc_question q)
{
	if (g->ask == ASK_NOTHING)
		g->ask = q;
}

static void set_emit(struct ghc_args *g, const char *arg, const char *value)
{
	if (strcmp(value, "portable") != 0 && strcmp(value, "image") != 0)
		refuse(g, "%s: known are --emit=portable and --emit=image",
		       arg);
	replace(&g->emit, value);
}

/* `value` is what follows = in arg. */
static void take(struct ghc_args *g, int what, const char *arg,
		 const char *value)
{
	switch (what) {
	case GHC_TARGET:
		replace(&g->target, value);
		return;
	case GHC_EMIT:
		set_emit(g, arg, value);
		return;
	case GHC_REPORT:
		if (!str_starts(value, "syscalls"))
			refuse(g, "%s: known is --report=syscalls", arg);
		g->report = true;
		strlist_push(&g->link, arg);
		return;
	case GHC_ROOT:
		if (!*value)
			refuse(g, "'%s' needs the name of a directory", arg);
		replace(&g->root, value);
		strlist_push(&g->link, arg);
		return;
	case GHC_FORBID:
		strlist_push(&g->forbid, value);
		strlist_push(&g->link, arg);
		return;
	case GHC_LINK:
		strlist_push(&g->link, arg);
		return;
	case GHC_NO_VALUE:
		refuse(g, "'%s' needs a value, joined by an equals sign", arg);
		return;
	case GHC_HELP:
		ask(g, ASK_HELP);
		return;
	case GHC_VERSION:
		ask(g, ASK_VERSION);
		return;
	case GHC_PRINT_SYSROOT:
		ask(g, ASK_SYSROOT);
		return;
	case GHC_PRINT_TARGETS:
		ask(g, ASK_TARGETS);
		return;
	case GHC_PIC:
		strlist_push(&g->ignored, arg);
		return;
	case GHC_SHARED:
		refuse(g, shared, arg);
		return;
	case GHC_PIE:
		refuse(g, pie, arg);
		return;
	case GHC_NO_ANALYSIS:
		g->no_analysis = true;
		return;
	case GHC_PROF:
		refuse(g, prof, arg);
		return;
	}
}

/* Copies up to and with -RTS; returns the index of the last one copied. */
static size_t pass_rts(struct ghc_args *g, const struct strlist *args, size_t i)
{
	for (; i < args->n; i++) {
		strlist_push(&g->pass, args->v[i]);
		if (strcmp(args->v[i], "-RTS") == 0)
			return i;
	}
	return args->n;
}

void ghc_parse(const struct strlist *args, struct ghc_args *g)
{
	*g = (struct ghc_args){0};
	for (size_t i = 0; i < args->n; i++) {
		const char *arg = args->v[i];
		const struct option *o = option_find(&ghc_options, arg);
		if (!o) {
			strlist_push(&g->pass, arg);
		} else if (o->what == GHC_RTS) {
			i = pass_rts(g, args, i);
		} else if (o->what == GHC_VALUE) {
			strlist_push(&g->pass, arg);
			if (i + 1 < args->n)
				strlist_push(&g->pass, args->v[++i]);
		} else {
			take(g, o->what, arg, arg + strlen(o->name));
		}
	}
}

void ghc_args_free(struct ghc_args *g)
{
	strlist_free(&g->pass);
	strlist_free(&g->link);
	strlist_free(&g->ignored);
	strlist_free(&g->forbid);
	free(g->target);
	free(g->emit);
	free(g->root);
	free(g->error);
	*g = (struct ghc_args){0};
}
