/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorting halvm-cc's arguments: see ccargs.h. */
#include "config.h"
#include "ccargs.h"

#include <stdlib.h>
#include <string.h>

#include "cc_options.h"

/*
 * Fit for ring 0, and for one static image below 2 GiB: no red zone, since an
 * interrupt may use the same stack; no position independence, no canary or
 * shadow stack, which need what a start-up in ring 0 hasn't got; a section per
 * function, so that the link drops what isn't reached. musl has no fortified
 * functions, and the linker reads no GIMPLE.
 */
const char *const cc_last_flags[] = {
    "-U_FORTIFY_SOURCE",
    "-fno-pic",
    "-fno-pie",
    "-mcmodel=small",
    "-mno-red-zone",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-lto",
    "-Wa,--defsym,halvm_abi=1",
    NULL,
};

/* File name endings of what is compiled. */
static const char *const c_endings[] = {"c", "i", "h", "s", "S", "sx"};

/* Those of languages that GCC knows and the sysroot has no library for. */
static const char *const other_endings[] = {
    "C",  "CPP", "F",	"F03", "F08", "F90", "F95", "FOR", "H",
    "M",  "adb", "ads", "c++", "cc",  "cp",  "cpp", "cxx", "d",
    "di", "f",	 "f03", "f08", "f90", "f95", "for", "ftn", "go",
    "hh", "hpp", "ii",	"m",   "mi",  "mii", "mm",
};

static const char *const c_langs[] = {
    "c", "c-header", "cpp-output", "assembler", "none", "assembler-with-cpp",
};

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s, list[i]) == 0)
			return true;
	}
	return false;
}

static const char *ending(const char *name)
{
	const char *dot = strrchr(path_basename(name), '.');
	return dot ? dot + 1 : "";
}

static void refuse(struct cc_args *cc, const char *fmt, const char *what)
{
	if (!cc->error)
		cc->error = xasprintf(fmt, what);
}

static const char only_c[] =
    "'%s': only C and assembly can be compiled; the sysroot has no library "
    "for other languages. Rewrite it in C, or build the package without it";

/* An argument that GCC would take for a response file. */
static char *no_at(const char *path)
{
	return xasprintf("%s%s", path[0] == '@' ? "./" : "", path);
}

static void add_input(struct cc_args *cc, const char *name, const char *lang)
{
	size_t n = cc->n_inputs++;
	cc->inputs = xrealloc(cc->inputs, cc->n_inputs * sizeof(*cc->inputs));
	struct cc_input *in = &cc->inputs[n];
	*in = (struct cc_input){.name = no_at(name)};
	if (lang && strcmp(lang, "none") != 0)
		in->lang = xstrdup(lang);
	in->source = in->lang || strcmp(name, "-") == 0 ||
		     is_one_of(ending(name), c_endings, ARRAY_SIZE(c_endings));
	if (!in->source &&
	    is_one_of(ending(name), other_endings, ARRAY_SIZE(other_endings)))
		refuse(cc, only_c, name);
	in->link_at = cc->link.n;
	strlist_push(&cc->link, in->name);
	strlist_push(&cc->all, in->name);
}

static void add_option(struct strlist *l, const char *arg, const char *next)
{
	strlist_push(l, arg);
	if (next)
		strlist_push(l, next);
}

static bool asks_linker(const char *arg)
{
	return strcmp(arg, "-Wl,--version") == 0 ||
	       strcmp(arg, "-Wl,-v") == 0 || strcmp(arg, "-Wl,-V") == 0 ||
	       strcmp(arg, "-Wl,--help") == 0;
}

static void set_lang(struct cc_args *cc, const char **lang, const char *value)
{
	if (!is_one_of(value, c_langs, ARRAY_SIZE(c_langs)))
		refuse(cc, only_c, value);
	*lang = value;
	strlist_push(&cc->all, "-x");
	strlist_push(&cc->all, value);
}

static void set_output(struct cc_args *cc, const char *value)
{
	free(cc->output);
	cc->output = no_at(value);
	strlist_push(&cc->all, "-o");
	strlist_push(&cc->all, cc->output);
}

/* --print-x VALUE is -print-x=VALUE. */
static void set_query(struct cc_args *cc, const char *arg, const char *next)
{
	const char *name = arg + (str_starts(arg, "--print") ? 1 : 0);
	if (!cc->query)
		cc->query =
		    next ? xasprintf("%s=%s", name, next) : xstrdup(name);
}

static const char shared[] =
    "%s: shared libraries can't be made, as every program is one static "
    "image. Make an archive with ar, and link with it (cabal: "
    "--disable-shared)";
static const char pie[] =
    "%s: position-independent programs can't be made, as an image has a "
    "fixed place below 2 GiB. Leave the option away";
static const char other_arch[] =
    "%s: the sysroot is for 64-bit x86 only. Leave the option away";

/*
 * `value` is what follows the option's name, in the same argument or the next;
 * `next` is the next argument if it is the value, else NULL.
 */
static void take(struct cc_args *cc, int what, const char *arg,
		 const char *next, const char *value, const char **lang)
{
	switch (what) {
	case CC_STOP:
		cc->no_link = true;
		strlist_push(&cc->all, arg);
		return;
	case CC_OUTPUT:
		set_output(cc, value);
		return;
	case CC_LANG:
		set_lang(cc, lang, value);
		return;
	case CC_QUERY:
		set_query(cc, arg, next);
		return;
	case CC_DROP:
		return;
	case CC_OTHER_ARCH:
		refuse(cc, other_arch, arg);
		return;
	/* Compiling alone ignores these, as GCC does. */
	case CC_SHARED:
	case CC_PIE:
	case CC_LINK_OWN:
		strlist_push(&cc->link, arg);
		return;
	case CC_LINK:
		cc->asks_linker |= asks_linker(arg);
		add_option(&cc->link, arg, next);
		return;
	case CC_DRY_RUN:
		cc->dry_run = true;
		add_option(&cc->all, arg, NULL);
		add_option(&cc->compile, arg, NULL);
		return;
	case CC_NOSTDINC:
		cc->nostdinc = true;
		break;
	case CC_VERBOSE:
		cc->verbose = true;
		add_option(&cc->link, arg, NULL);
		break;
	case CC_BOTH:
		add_option(&cc->link, arg, next);
		break;
	default:
		break;
	}
	add_option(&cc->all, arg, next);
	add_option(&cc->compile, arg, next);
}

/* Wrong only in a link, so known only when all has been read. */
static void check_link(struct cc_args *cc)
{
	for (size_t i = 0; !cc->no_link && i < cc->link.n; i++) {
		const char *arg = cc->link.v[i];
		const struct option *o =
		    arg[0] == '-' ? option_find(&cc_options, arg) : NULL;
		if (o && o->what == CC_SHARED)
			refuse(cc, shared, arg);
		else if (o && o->what == CC_PIE)
			refuse(cc, pie, arg);
		else if (o && option_takes_next(o, arg))
			i++;
	}
}

void cc_parse(const struct strlist *args, struct cc_args *cc)
{
	const char *lang = NULL;
	*cc = (struct cc_args){0};
	for (size_t i = 0; i < args->n; i++) {
		const char *arg = args->v[i], *next = NULL;
		if (arg[0] != '-' || !arg[1]) {
			add_input(cc, arg, lang);
			continue;
		}
		const struct option *o = option_find(&cc_options, arg);
		if (o && option_takes_next(o, arg)) {
			if (i + 1 == args->n) {
				refuse(cc, "'%s' needs a value after it", arg);
				break;
			}
			next = args->v[++i];
		}
		const char *value =
		    next ? next : arg + (o ? strlen(o->name) : 0);
		take(cc, o ? o->what : CC_COMPILE, arg, next, value, &lang);
	}
	check_link(cc);
}

void cc_args_free(struct cc_args *cc)
{
	for (size_t i = 0; i < cc->n_inputs; i++) {
		free(cc->inputs[i].name);
		free(cc->inputs[i].lang);
	}
	free(cc->inputs);
	strlist_free(&cc->all);
	strlist_free(&cc->compile);
	strlist_free(&cc->link);
	free(cc->output);
	free(cc->query);
	free(cc->error);
	*cc = (struct cc_args){0};
}
