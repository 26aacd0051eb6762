/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which executables of a project are meant. cabal tells where each is, in
 * plan.json; what its targets mean is told here once more, as far as it is
 * about executables: NAME, KIND:NAME, PACKAGE:NAME, PACKAGE:KIND:NAME, all,
 * exes, tests, benchmarks, these two after a package, and folders.
 */
#include "config.h"
#include "cabal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *kind;
	const char *one[4], *all[4]; /* its names in a target */
} kinds[] = {
    {"exe", {"exe", "executable"}, {"exes", "executables"}},
    {"test", {"test", "tst", "test-suite"}, {"tests", "test-suites"}},
    {"bench", {"bench", "benchmark"}, {"benches", "benchmarks"}},
};

static bool is_one_of(const char *const names[4], const char *word)
{
	for (size_t i = 0; i < 4 && names[i]; i++)
		if (strcmp(names[i], word) == 0)
			return true;
	return false;
}

static size_t kind_of(const struct plan_exe *e)
{
	size_t k = 0;

	while (strcmp(kinds[k].kind, e->kind) != 0)
		k++;
	return k;
}

static bool is_path(const char *word)
{
	return strchr(word, '/') || word[0] == '.' || str_ends(word, ".cabal");
}

static enum cabal_match match_path(const char *word, const struct plan_exe *e)
{
	char *dir =
	    str_ends(word, ".cabal") ? path_dirname(word) : xstrdup(word);
	bool same = same_file(dir, e->folder);

	free(dir);
	return same ? MATCH_PACKAGE : MATCH_NONE;
}

static enum cabal_match match_one(const char *word, const struct plan_exe *e)
{
	if (strcmp(word, e->name) == 0)
		return MATCH_EXE;
	if (strcmp(word, "all") == 0 || strcmp(word, e->package) == 0 ||
	    is_one_of(kinds[kind_of(e)].all, word))
		return MATCH_PACKAGE;
	return MATCH_NONE;
}

static enum cabal_match match_two(const char *a, const char *b,
				  const struct plan_exe *e)
{
	bool name = strcmp(b, e->name) == 0,
	     package = strcmp(a, e->package) == 0;

	if (name && (package || is_one_of(kinds[kind_of(e)].one, a)))
		return MATCH_EXE;
	if ((package || strcmp(a, "all") == 0) &&
	    is_one_of(kinds[kind_of(e)].all, b))
		return MATCH_EXE;
	return MATCH_NONE;
}

enum cabal_match cabal_match(const char *word, const struct plan_exe *e)
{
	char *copy, *part[3], *rest;
	enum cabal_match m = MATCH_NONE;
	size_t n = 0;

	if (is_path(word))
		return match_path(word, e);
	/* :pkg:NAME:exe:NAME and :all:exes are the long forms. */
	if (*word == ':')
		word += str_starts(word, ":pkg:") ? 5 : 1;
	rest = copy = xstrdup(word);
	while (n < 3 && rest)
		part[n++] = strsep(&rest, ":");
	if (rest)
		; /* a module or file of a component */
	else if (n == 1)
		m = match_one(part[0], e);
	else if (n == 2)
		m = match_two(part[0], part[1], e);
	else if (strcmp(part[0], e->package) == 0)
		m = match_two(part[1], part[2], e);
	free(copy);
	return m;
}

static char *plan_file(const struct cabal *c)
{
	char *root = cabal_project_root(c), *folder, *file;

	folder = path_resolve(root, c->args.builddir);
	file = path_join(folder, "cache/plan.json");
	free(root);
	free(folder);
	return file;
}

void cabal_plan(const struct cabal *c, struct plan *p)
{
	char *path = plan_file(c), *text;
	struct parse_error e;
	size_t len;

	text = read_file(path, &len);
	if (!text)
		die(EXIT_FAILED,
		    "can't read '%s', in which cabal says what it built: %s",
		    path, strerror(errno));
	if (!plan_parse(text, len, p, &e)) {
		warn("what cabal wrote is damaged; remove '%s' and build again",
		     path);
		parse_die(path, &e);
	}
	free(text);
	free(path);
}

void cabal_make_plan(const struct cabal *c, const char *option, struct plan *p)
{
	struct strlist argv = {0};
	int status;

	cabal_command_line(c, "build", &argv);
	strlist_push(&argv, "--dry-run");
	strlist_push(&argv, "-v0");
	if (option)
		strlist_push(&argv, option);
	strlist_push(&argv, "all");
	status = run_wait(argv.v);
	if (status)
		exit(status);
	strlist_free(&argv);
	cabal_plan(c, p);
}

static bool is_kind(const struct plan_exe *e, const char *kind)
{
	return strcmp(e->kind, kind) == 0;
}

/*
 * How well an executable fits: its own name before its package's, and
 * executables before test suites. Without a word, this package's, or any.
 */
static int rank(const struct plan_exe *e, const char *word)
{
	enum cabal_match m;

	if (!word)
		return !is_kind(e, "exe")	   ? 0
		       : same_file(".", e->folder) ? 2
						   : 1;
	m = cabal_match(word, e);
	if (m == MATCH_EXE)
		return is_kind(e, "exe") ? 4 : 3;
	return m == MATCH_PACKAGE && is_kind(e, "exe") ? 1 : 0;
}

static _Noreturn void none(const struct plan *p, const char *word)
{
	struct strlist all = {0};

	for (size_t i = 0; i < p->n; i++)
		strlist_pushf(&all, "%s:%s:%s", p->exes[i].package,
			      p->exes[i].kind, p->exes[i].name);
	if (!all.n)
		die(EXIT_FAILED, "this project has no executables");
	die(EXIT_FAILED, "%s%s%s; there are: %s",
	    word ? "'" : "no executable is meant", word ? word : "",
	    word ? "' is no executable of this project" : "",
	    strlist_join(&all, ", "));
}

const struct plan_exe *cabal_choose(const struct plan *p, const char *word)
{
	struct strlist best = {0};
	const struct plan_exe *e = NULL;
	int top = 1;

	for (size_t i = 0; i < p->n; i++) {
		int r = rank(&p->exes[i], word);

		if (r > top)
			strlist_free(&best);
		if (r < top)
			continue;
		top = r;
		e = &p->exes[i];
		strlist_pushf(&best, "%s:%s:%s", e->package, e->kind, e->name);
	}
	if (!best.n)
		none(p, word);
	if (best.n > 1)
		die(EXIT_FAILED, "which one is meant? There are: %s",
		    strlist_join(&best, ", "));
	strlist_free(&best);
	return e;
}
