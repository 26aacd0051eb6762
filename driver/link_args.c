/* SPDX-License-Identifier: BSD-3-Clause */
/* Parser of halvm-ld's command line; see link_args.h. */
#include "link_args.h"

#include "link_rows.h"

#include <stdlib.h>
#include <string.h>

/* Words being read; linker words and driver words are separate streams. */
struct words {
	char **v;
	size_t n, i;
};

struct parser {
	struct link_args *a;
	struct strlist linker; /* words from -Wl, and -Xlinker */
	size_t done;	       /* of them */
	bool help, version, merge;
};

static void add_item(struct link_args *a, enum item_kind kind,
		     const char *prefix, const char *text)
{
	if (a->nitems == a->capitems) {
		a->capitems = a->capitems ? 2 * a->capitems : 64;
		a->items = xrealloc(a->items, a->capitems * sizeof *a->items);
	}
	a->items[a->nitems].kind = kind;
	a->items[a->nitems++].text = xasprintf("%s%s", prefix, text);
}

/* The value of an option by its row's form; dies if there is none. */
static const char *value_of(const struct row *r, const char *word,
			    const char *name, struct words *w)
{
	const char *rest = name + strlen(r->name);

	switch (r->form) {
	case EXACT:
		return "";
	case PREFIX:
		return rest;
	case EQONLY:
		if (*rest != '=')
			die(EXIT_USAGE, "%s needs a value: %s=…", word, word);
		return rest + 1;
	case EQUALS:
		if (*rest == '=')
			return rest + 1;
		break;
	case JOINED:
		if (*rest)
			return rest;
		break;
	case NEXT:
		break;
	}
	if (w->i >= w->n)
		die(EXIT_USAGE, "%s needs a value after it", word);
	return w->v[w->i++];
}

static void set_string(char **where, const char *value)
{
	free(*where);
	*where = xstrdup(value);
}

static void set_emit(struct link_args *a, const char *value)
{
	if (strcmp(value, "portable") == 0)
		a->mode = LINK_PORTABLE;
	else if (strcmp(value, "image") == 0)
		a->mode = LINK_IMAGE;
	else
		die(EXIT_USAGE, "--emit=%s: must be `portable` or `image`",
		    value);
}

static void set_report(struct link_args *a, const char *value)
{
	const char *file = strchr(value, ':');
	size_t n = file ? (size_t)(file - value) : strlen(value);

	if (n != strlen("syscalls") || strncmp(value, "syscalls", n) != 0)
		die(EXIT_USAGE,
		    "--report=%s: the only report is `syscalls` "
		    "(or `syscalls:FILE`)",
		    value);
	if (file && !file[1])
		die(EXIT_USAGE, "--report=%s: the file name is empty", value);
	a->report = true;
	if (file)
		set_string(&a->report_file, file + 1);
}

/*
 * Cabal gives `ld -x -r` to drop local symbols; a compiler driver's -x names
 * a language. We drop nothing: the mark that tells who made an object is a
 * local symbol.
 */
static void language(struct words *w)
{
	static const char *const names[] = {"none", "c", "c++", "assembler",
					    "assembler-with-cpp"};
	size_t i;

	for (i = 0; w->i < w->n && i < ARRAY_SIZE(names); i++) {
		if (strcmp(w->v[w->i], names[i]) != 0)
			continue;
		w->i++;
		if (i > 0)
			die(EXIT_USAGE, "-x %s: %s", names[i],
			    rows_compile_why);
	}
}

static void add_lib(struct link_args *a, const char *value)
{
	if (*value == ':')
		add_item(a, ITEM_LIBFILE, "", value + 1);
	else
		add_item(a, ITEM_LIB, "", value);
}

static void split_commas(struct strlist *out, const char *s)
{
	const char *comma;
	char *part;

	for (; (comma = strchr(s, ',')); s = comma + 1) {
		part = xstrndup(s, (size_t)(comma - s));
		strlist_push(out, part);
		free(part);
	}
	strlist_push(out, s);
}

static void set_flag(struct parser *p, enum action action)
{
	struct link_args *a = p->a;

	switch (action) {
	case SET_MERGE:
		p->merge = true;
		break;
	case SET_STRICT:
		a->strict = true;
		break;
	case SET_NO_GC:
		a->no_gc = true;
		break;
	case SET_REFUSED_OFF:
	case SET_REFUSED_ON:
		a->no_warn_refused = action == SET_REFUSED_OFF;
		break;
	case SET_STRIP:
		a->strip = true;
		break;
	case SET_KEEP:
		a->keep_portable = true;
		break;
	case SET_VERBOSE:
		a->verbose = true;
		break;
	case SET_DRY_RUN:
		a->dry_run = true;
		break;
	case SET_LLD_VERSION:
		a->lld_version = true;
		break;
	case SET_HELP:
		p->help = true;
		break;
	case SET_VERSION:
		p->version = true;
		break;
	default:
		break;
	}
}

/*
 * Does what the row says. `word` is the option as written, for messages;
 * `name` the part that the row's name matches.
 */
static void apply(struct parser *p, const struct row *r, const char *word,
		  const char *name, struct words *w)
{
	struct link_args *a = p->a;
	const char *value;

	if (r->action == REFUSE)
		die(EXIT_USAGE, "%s %s", word, r->arg);
	if (r->action == LANGUAGE) {
		language(w);
		return;
	}
	value = value_of(r, word, name, w);
	switch (r->action) {
	case PASS:
		if (r->form == EQUALS)
			add_item(a, ITEM_LD, "--", r->name);
		else
			add_item(a, ITEM_LD, "", word);
		if (r->form == EQUALS)
			add_item(a, ITEM_LD, "", value);
		break;
	case PASS_JOIN:
		add_item(a, ITEM_LD, r->arg, value);
		break;
	case TO_LINKER:
		split_commas(&p->linker, value);
		break;
	case TO_XLINKER:
		strlist_push(&p->linker, value);
		break;
	case FILE_OUT:
		if (!*value)
			die(EXIT_USAGE, "the output file's name is empty");
		set_string(&a->output, value);
		break;
	case FILE_SCRIPT:
		set_string(&a->script, value);
		break;
	case ADD_LIB:
		add_lib(a, value);
		break;
	case ADD_LIBDIR:
		strlist_push(&a->libdirs, value);
		break;
	case SET_EMIT:
		set_emit(a, value);
		break;
	case SET_TARGET:
		set_string(&a->target, value);
		break;
	case SET_REPORT:
		set_report(a, value);
		break;
	case SET_ROOT:
		if (!*value)
			die(EXIT_USAGE,
			    "--root= needs the name of a directory");
		set_string(&a->root, value);
		break;
	case ADD_FORBIDDEN:
		strlist_push(&a->forbidden, value);
		break;
	default:
		set_flag(p, r->action);
		break;
	}
}

static bool needs_next(const struct row *r, const char *name)
{
	char rest = name[strlen(r->name)];

	return r->action != REFUSE &&
	       (r->form == NEXT ||
		((r->form == JOINED || r->form == EQUALS) && rest == 0));
}

/*
 * Reads the words collected from -Wl, and -Xlinker. A word that lacks its
 * value waits for the next such argument: -Wl,-rpath -Wl,DIR.
 */
static void drain(struct parser *p, bool last)
{
	struct words w = {p->linker.v, p->linker.n, p->done};
	const struct row *r;
	const char *word, *name;

	while (w.i < w.n) {
		word = w.v[w.i];
		r = NULL;
		if (word[0] == '-' && word[1])
			r = rows_linker(word, &name);
		if (r && !last && w.i + 1 == w.n && needs_next(r, name))
			break;
		w.i++;
		if (r)
			apply(p, r, word, name, &w);
		else if (word[0] == '-' && word[1])
			add_item(p->a, ITEM_LD, "", word);
		else if (word[0])
			add_item(p->a, ITEM_FILE, "", word);
	}
	p->done = w.i;
}

static void driver_word(struct parser *p, struct words *w)
{
	const char *word = w->v[w->i++], *name = word;
	const struct row *r;

	if (word[0] == 0)
		die(EXIT_USAGE, "an argument is empty");
	if (word[0] != '-') {
		add_item(p->a, ITEM_FILE, "", word);
		return;
	}
	if (word[1] == 0)
		die(EXIT_USAGE, "can't link from standard input (-)");
	r = rows_driver(word);
	if (!r)
		r = rows_linker(word, &name);
	if (!r)
		die(EXIT_USAGE,
		    "unknown option %s (see --help; an option for lld itself "
		    "goes after -Wl,)",
		    word);
	apply(p, r, word, name, w);
	drain(p, false);
}

static bool has_inputs(const struct link_args *a)
{
	size_t i;

	for (i = 0; i < a->nitems; i++)
		if (a->items[i].kind != ITEM_LD)
			return true;
	return false;
}

void link_args_parse(struct link_args *a, const struct strlist *argv)
{
	struct parser p = {.a = a};
	struct words w = {argv->v, argv->n, 0};

	memset(a, 0, sizeof *a);
	while (w.i < w.n)
		driver_word(&p, &w);
	drain(&p, true);
	strlist_free(&p.linker);
	if (p.help)
		a->mode = LINK_HELP;
	else if (p.version)
		a->mode = LINK_VERSION;
	else if (a->lld_version || (a->verbose && !has_inputs(a)))
		a->mode = LINK_LINKER_VERSION;
	else if (!has_inputs(a))
		die(EXIT_USAGE, "no input files (see --help)");
	else if (p.merge && (a->report || a->forbidden.n))
		die(EXIT_USAGE, "-r merges objects, it can't report syscalls: "
				"do that when linking the program");
	else if (a->root && (p.merge || a->mode == LINK_PORTABLE))
		die(EXIT_USAGE,
		    "--root=%s: only an image has files; give it "
		    "when linking that",
		    a->root);
	else if (p.merge)
		a->mode = LINK_MERGE;
}

void link_args_free(struct link_args *a)
{
	size_t i;

	for (i = 0; i < a->nitems; i++)
		free(a->items[i].text);
	free(a->items);
	free(a->output);
	free(a->target);
	free(a->script);
	free(a->root);
	free(a->report_file);
	strlist_free(&a->libdirs);
	strlist_free(&a->forbidden);
	memset(a, 0, sizeof *a);
}
