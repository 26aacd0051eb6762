/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables and parser of halvm-ld's command line; see link_args.h. */
#include "link_args.h"

#include <stdlib.h>
#include <string.h>

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
	ADD_FORBIDDEN,
	SET_MERGE,
	SET_STRICT,
	SET_NO_GC,
	SET_REFUSED_OFF,
	SET_REFUSED_ON,
	SET_STRIP,
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

#define SHARED_WHY                                                             \
	"makes shared libraries or position-independent programs; HaLVM "      \
	"programs are static: leave it out (for cabal: --disable-shared "      \
	"--disable-executable-dynamic)"
#define PLACE_WHY                                                              \
	"places a section, which the target's link script does: give a "       \
	"script of your own with -T"
#define COMPILE_WHY "is for compiling: use halvm-cc, halvm-ld only links"

/* Words of a compiler driver, sorted by strcmp; the longest match wins. */
static const struct row driver_rows[] = {
    {"--emit", EQONLY, SET_EMIT, NULL},
    {"--forbid-syscall", EQONLY, ADD_FORBIDDEN, NULL},
    {"--help", EXACT, SET_HELP, NULL},
    {"--no-gc-sections", EXACT, SET_NO_GC, NULL},
    {"--report", EQONLY, SET_REPORT, NULL},
    {"--strict", EXACT, SET_STRICT, NULL},
    {"--target", EQONLY, SET_TARGET, NULL},
    {"--version", EXACT, SET_VERSION, NULL},
    {"-###", EXACT, SET_DRY_RUN, NULL},
    {"-B", JOINED, DROP, NULL},
    {"-Bdynamic", EXACT, DROP, NULL},
    {"-Bstatic", EXACT, DROP, NULL},
    {"-D", JOINED, DROP, NULL},
    {"-E", EXACT, REFUSE, COMPILE_WHY},
    {"-I", JOINED, DROP, NULL},
    {"-L", JOINED, ADD_LIBDIR, NULL},
    {"-O", PREFIX, DROP, NULL},
    {"-S", EXACT, REFUSE, COMPILE_WHY},
    {"-T", JOINED, FILE_SCRIPT, NULL},
    {"-U", JOINED, DROP, NULL},
    {"-W", PREFIX, DROP, NULL},
    {"-Wl,", PREFIX, TO_LINKER, NULL},
    {"-Wno-refused", EXACT, SET_REFUSED_OFF, NULL},
    {"-Wrefused", EXACT, SET_REFUSED_ON, NULL},
    {"-X", EXACT, PASS, NULL},
    {"-Xlinker", NEXT, TO_XLINKER, NULL},
    {"-c", EXACT, REFUSE, COMPILE_WHY},
    {"-dynamic", EXACT, REFUSE, SHARED_WHY},
    {"-e", JOINED, PASS_JOIN, "--entry="},
    {"-f", PREFIX, DROP, NULL},
    {"-g", PREFIX, DROP, NULL},
    {"-l", JOINED, ADD_LIB, NULL},
    {"-m", JOINED, DROP, NULL},
    {"-m32", EXACT, REFUSE, "asks for 32-bit code; HaLVM is x86-64 only"},
    {"-mx32", EXACT, REFUSE, "asks for x32 code; HaLVM is x86-64 only"},
    {"-no-canonical-prefixes", EXACT, DROP, NULL},
    {"-no-pie", EXACT, DROP, NULL},
    {"-nodefaultlibs", EXACT, DROP, NULL},
    {"-nolibc", EXACT, DROP, NULL},
    {"-nopie", EXACT, DROP, NULL},
    {"-nostartfiles", EXACT, DROP, NULL},
    {"-nostdlib", EXACT, DROP, NULL},
    {"-o", JOINED, FILE_OUT, NULL},
    {"-pie", EXACT, REFUSE, SHARED_WHY},
    {"-pipe", EXACT, DROP, NULL},
    {"-pthread", EXACT, DROP, NULL},
    {"-r", EXACT, SET_MERGE, NULL},
    {"-rdynamic", EXACT, DROP, NULL},
    {"-s", EXACT, SET_STRIP, NULL},
    {"-save-temps", PREFIX, DROP, NULL},
    {"-shared", EXACT, REFUSE, SHARED_WHY},
    {"-shared-libgcc", EXACT, DROP, NULL},
    {"-static", EXACT, DROP, NULL},
    {"-static-libgcc", EXACT, DROP, NULL},
    {"-static-libstdc++", EXACT, DROP, NULL},
    {"-static-pie", EXACT, REFUSE, SHARED_WHY},
    {"-std=", PREFIX, DROP, NULL},
    {"-t", EXACT, PASS, NULL},
    {"-u", JOINED, PASS_JOIN, "--undefined="},
    {"-v", EXACT, SET_VERBOSE, NULL},
    {"-w", EXACT, DROP, NULL},
    {"-x", NEXT, LANGUAGE, NULL},
    {"-z", JOINED, PASS_JOIN, "-z"},
};

/*
 * Words of a linker, without their leading dashes, sorted by strcmp. What
 * isn't here goes to lld as it is, which accepts or refuses it.
 */
static const struct row linker_rows[] = {
    {"Bdynamic", EXACT, DROP, NULL},
    {"Bshareable", EXACT, REFUSE, SHARED_WHY},
    {"Bstatic", EXACT, DROP, NULL},
    {"Bsymbolic", PREFIX, DROP, NULL},
    {"E", EXACT, DROP, NULL},
    {"L", JOINED, ADD_LIBDIR, NULL},
    {"Map", EQUALS, PASS, NULL},
    {"O", PREFIX, DROP, NULL},
    {"R", JOINED, DROP, NULL},
    {"S", EXACT, PASS, NULL},
    {"T", JOINED, FILE_SCRIPT, NULL},
    {"Tbss", EQUALS, REFUSE, PLACE_WHY},
    {"Tdata", EQUALS, REFUSE, PLACE_WHY},
    {"Ttext", EQUALS, REFUSE, PLACE_WHY},
    {"V", EXACT, SET_LLD_VERSION, NULL},
    {"X", EXACT, PASS, NULL},
    {"as-needed", EXACT, DROP, NULL},
    {"build-id", PREFIX, PASS, NULL},
    {"copy-dt-needed-entries", EXACT, DROP, NULL},
    {"defsym", EQUALS, PASS, NULL},
    {"disable-new-dtags", EXACT, DROP, NULL},
    {"discard-all", EXACT, DROP, NULL},
    {"dn", EXACT, DROP, NULL},
    {"dy", EXACT, DROP, NULL},
    {"dynamic-linker", EQUALS, DROP, NULL},
    {"dynamic-list", EQUALS, DROP, NULL},
    {"e", JOINED, PASS_JOIN, "--entry="},
    {"eh-frame-hdr", EXACT, PASS, NULL},
    {"enable-new-dtags", EXACT, DROP, NULL},
    {"entry", EQUALS, PASS, NULL},
    {"error-limit", EQUALS, PASS, NULL},
    {"exclude-libs", EQUALS, DROP, NULL},
    {"export-dynamic", EXACT, DROP, NULL},
    {"gc-sections", EXACT, DROP, NULL},
    {"h", JOINED, DROP, NULL},
    {"hash-size", EQUALS, DROP, NULL},
    {"hash-style", EQUALS, DROP, NULL},
    {"icf", EQUALS, PASS, NULL},
    {"icf=all", EXACT, REFUSE,
     "gives functions one address whose addresses libc compares: use "
     "--icf=safe or leave it out"},
    {"init", EQUALS, PASS, NULL},
    {"l", JOINED, ADD_LIB, NULL},
    {"m", JOINED, DROP, NULL},
    {"no-as-needed", EXACT, DROP, NULL},
    {"no-copy-dt-needed-entries", EXACT, DROP, NULL},
    {"no-dynamic-linker", EXACT, DROP, NULL},
    {"no-export-dynamic", EXACT, DROP, NULL},
    {"no-gc-sections", EXACT, SET_NO_GC, NULL},
    {"no-pie", EXACT, DROP, NULL},
    {"no-undefined", EXACT, DROP, NULL},
    {"nostdlib", EXACT, DROP, NULL},
    {"o", JOINED, FILE_OUT, NULL},
    {"output", EQUALS, FILE_OUT, NULL},
    {"pic-executable", EXACT, REFUSE, SHARED_WHY},
    {"pie", EXACT, REFUSE, SHARED_WHY},
    {"plugin", EQUALS, DROP, NULL},
    {"plugin-opt", EQUALS, DROP, NULL},
    {"r", EXACT, SET_MERGE, NULL},
    {"reduce-memory-overheads", EXACT, DROP, NULL},
    {"relax", EXACT, DROP, NULL},
    {"relocatable", EXACT, SET_MERGE, NULL},
    {"retain-symbols-file", EQUALS, PASS, NULL},
    {"rpath", EQUALS, DROP, NULL},
    {"rpath-link", EQUALS, DROP, NULL},
    {"s", EXACT, SET_STRIP, NULL},
    {"script", EQUALS, FILE_SCRIPT, NULL},
    {"shared", EXACT, REFUSE, SHARED_WHY},
    {"soname", EQUALS, DROP, NULL},
    {"sort-common", PREFIX, DROP, NULL},
    {"sort-section", EQUALS, PASS, NULL},
    {"static", EXACT, DROP, NULL},
    {"stats", EXACT, DROP, NULL},
    {"strip-all", EXACT, SET_STRIP, NULL},
    {"sysroot", EQUALS, DROP, NULL},
    {"trace-symbol", EQUALS, PASS, NULL},
    {"u", JOINED, PASS_JOIN, "--undefined="},
    {"undefined", EQUALS, PASS, NULL},
    {"unresolved-symbols", EQUALS, PASS, NULL},
    {"v", EXACT, SET_LLD_VERSION, NULL},
    {"version", EXACT, SET_LLD_VERSION, NULL},
    {"version-script", EQUALS, DROP, NULL},
    {"wrap", EQUALS, PASS, NULL},
    {"x", EXACT, DROP, NULL},
    {"y", JOINED, PASS_JOIN, "--trace-symbol="},
    {"z", JOINED, PASS_JOIN, "-z"},
};

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

static bool row_matches(const struct row *r, const char *word)
{
	size_t n = strlen(r->name);

	if (strncmp(word, r->name, n) != 0)
		return false;
	switch (r->form) {
	case PREFIX:
	case JOINED:
		return true;
	case EQUALS:
	case EQONLY:
		return word[n] == 0 || word[n] == '=';
	case EXACT:
	case NEXT:
		break;
	}
	return word[n] == 0;
}

static const struct row *find_row(const struct row *rows, size_t n,
				  const char *word)
{
	const struct row *best = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		if (row_matches(&rows[i], word) &&
		    (!best || strlen(rows[i].name) >= strlen(best->name)))
			best = &rows[i];
	return best;
}

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
			die(EXIT_USAGE, "-x %s: %s", names[i], COMPILE_WHY);
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

/* The row of a linker's word; *name is the word without its dashes. */
static const struct row *linker_row(const char *word, const char **name)
{
	bool two = str_starts(word, "--");
	const struct row *r;

	*name = word + (two ? 2 : 1);
	r = find_row(linker_rows, ARRAY_SIZE(linker_rows), *name);
	/* One-letter options take one dash: --emit-relocs isn't -e. */
	return r && two && strlen(r->name) == 1 ? NULL : r;
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
			r = linker_row(word, &name);
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
	r = find_row(driver_rows, ARRAY_SIZE(driver_rows), word);
	if (!r)
		r = linker_row(word, &name);
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
	free(a->report_file);
	strlist_free(&a->libdirs);
	strlist_free(&a->forbidden);
	memset(a, 0, sizeof *a);
}

static const char *first_unsorted(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (strcmp(rows[i - 1].name, rows[i].name) >= 0)
			return rows[i].name;
	return NULL;
}

bool link_args_sorted(const char **row)
{
	*row = first_unsorted(driver_rows, ARRAY_SIZE(driver_rows));
	if (!*row)
		*row = first_unsorted(linker_rows, ARRAY_SIZE(linker_rows));
	return !*row;
}
