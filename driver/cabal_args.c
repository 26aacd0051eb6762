/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of halvm-cabal: see cabal.h. */
#include "config.h"
#include "cabal.h"

#include <stdlib.h>
#include <string.h>

/* All of cabal-install 3.4's that aren't of the old interface. */
static const struct cabal_command commands[] = {
    {"act-as-setup", CABAL_OTHER}, {"bench", CABAL_IMAGES},
    {"build", CABAL_IMAGES},	   {"check", CABAL_OTHER},
    {"clean", CABAL_FOLDER},	   {"configure", CABAL_FOLDER},
    {"exec", CABAL_BUILD},	   {"fetch", CABAL_OTHER},
    {"format", CABAL_OTHER},	   {"freeze", CABAL_BUILD},
    {"gen-bounds", CABAL_OTHER},   {"get", CABAL_OTHER},
    {"haddock", CABAL_BUILD},	   {"help", CABAL_OTHER},
    {"info", CABAL_OTHER},	   {"init", CABAL_OTHER},
    {"install", CABAL_IMAGES},	   {"list", CABAL_OTHER},
    {"list-bin", CABAL_IMAGES},	   {"manpage", CABAL_OTHER},
    {"outdated", CABAL_OTHER},	   {"repl", CABAL_BUILD},
    {"run", CABAL_IMAGES},	   {"sdist", CABAL_FOLDER},
    {"test", CABAL_IMAGES},	   {"update", CABAL_OTHER},
    {"user-config", CABAL_OTHER},
};

/* What would replace a part of the toolchain, or of the configuration. */
static const char *const refused[] = {
    "--config-file",  "--ghcjs",	 "--store-dir",
    "--uhc",	      "--with-compiler", "--with-ghc",
    "--with-ghc-pkg", "--with-hc-pkg",	 "-w",
};

/*
 * Options of cabal-install 3.4 whose value may be the next word, but for those
 * that end in -option, -options or -location, or begin with --with-.
 */
static const char *const valued[] = {
    "--active-repositories",
    "--bindir",
    "--build-depends",
    "--build-log",
    "--build-summary",
    "--builddir",
    "--cabal-file",
    "--cabal-lib-version",
    "--cid",
    "--constraint",
    "--datadir",
    "--datasubdir",
    "--doc-index-file",
    "--docdir",
    "--dynlibdir",
    "--extra-framework-dirs",
    "--extra-include-dirs",
    "--extra-lib-dirs",
    "--extra-prog-path",
    "--flags",
    "--haddockdir",
    "--htmldir",
    "--http-transport",
    "--index-state",
    "--install-method",
    "--installdir",
    "--instantiate-with",
    "--ipid",
    "--libdir",
    "--libexecdir",
    "--libexecsubdir",
    "--library-profiling-detail",
    "--libsubdir",
    "--max-backjumps",
    "--output-directory",
    "--overwrite-policy",
    "--package-db",
    "--package-env",
    "--preference",
    "--prefix",
    "--profiling-detail",
    "--program-prefix",
    "--program-suffix",
    "--project-file",
    "--reject-unconstrained-dependencies",
    "--remote-build-reporting",
    "--root-cmd",
    "--solver",
    "--sysconfdir",
    "--test-log",
    "--test-machine-log",
    "--test-show-details",
    "--test-wrapper",
    "--write-ghc-environment-files",
    "-b",
    "-c",
    "-f",
    "-o",
};

static bool is_option(const char *word, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) != 0)
		return false;
	/* -wPATH, but --name=VALUE */
	return !word[n] || word[n] == '=' || (n == 2 && word[1] != '-');
}

static bool takes_next(const char *word)
{
	if (!strchr(word, '=') &&
	    (str_starts(word, "--with-") || str_ends(word, "-option") ||
	     str_ends(word, "-options") || str_ends(word, "-location")))
		return str_starts(word, "--");
	for (size_t i = 0; i < ARRAY_SIZE(valued); i++)
		if (strcmp(word, valued[i]) == 0)
			return true;
	return false;
}

static void check_refused(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		if (!is_option(word, refused[i]))
			continue;
		die(EXIT_USAGE,
		    "%s: halvm-cabal compiles with halvm-ghc, with a "
		    "configuration and a store of its own; for another "
		    "compiler use cabal itself",
		    word);
	}
}

static const struct cabal_command *find_command(const char *word)
{
	const char *name = word;

	if (str_starts(word, "v1-"))
		die(EXIT_USAGE,
		    "%s: cabal's old interface, which shares packages between "
		    "projects, isn't supported; use '%s'",
		    word, word + 3);
	if (str_starts(word, "v2-"))
		name += 3;
	else if (str_starts(word, "new-"))
		name += 4;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	die(EXIT_USAGE,
	    "'%s' is no command of cabal's that is known here; "
	    "halvm-cabal --help lists some, 'halvm-cabal help' all",
	    word);
}

const char *cabal_value(const struct strlist *words, size_t *i,
			const char *name)
{
	const char *w = words->v[*i];
	size_t n = strlen(name);

	if (strncmp(w, name, n) != 0 || (w[n] && w[n] != '='))
		return NULL;
	if (w[n])
		return w + n + 1;
	if (*i + 1 >= words->n || strcmp(words->v[*i + 1], "--") == 0)
		die(EXIT_USAGE, "%s needs a value: %s=...", name, name);
	return words->v[++*i];
}

static void replace(char **s, const char *by)
{
	free(*s);
	*s = xstrdup(by);
}

/* Options of ours: true if words[*i] is one, *i then at its last word. */
static bool take_own(struct cabal_args *a, const struct strlist *words,
		     size_t *i)
{
	static const char *const link[] = {"--forbid-syscall", "--report",
					   "--root"};
	const char *value;

	value = cabal_value(words, i, "--target");
	if (value) {
		replace(&a->target, value);
		return true;
	}
	value = cabal_value(words, i, "--run-option");
	if (value) {
		strlist_push(&a->run, value);
		return true;
	}
	for (size_t k = 0; k < ARRAY_SIZE(link); k++) {
		value = cabal_value(words, i, link[k]);
		if (!value)
			continue;
		strlist_pushf(&a->link, "%s=%s", link[k], value);
		return true;
	}
	if (strcmp(words->v[*i], "--strict") != 0)
		return false;
	strlist_push(&a->link, "--strict");
	return true;
}

static void take_global(struct cabal_args *a, const struct strlist *words,
			size_t *i)
{
	const char *w = words->v[*i];

	check_refused(w);
	if (strcmp(w, "--help") == 0 || strcmp(w, "-h") == 0 ||
	    strcmp(w, "-?") == 0)
		a->help = true;
	else if (strcmp(w, "--version") == 0 || strcmp(w, "-V") == 0)
		a->version = true;
	strlist_push(&a->global, w);
	if (takes_next(w) && *i + 1 < words->n)
		strlist_push(&a->global, words->v[++*i]);
}

static void take_option(struct cabal_args *a, const struct strlist *words,
			size_t *i)
{
	size_t at = *i;
	const char *value;

	check_refused(words->v[at]);
	value = cabal_value(words, &at, "--builddir");
	if (value)
		replace(&a->builddir, value);
	at = *i;
	value = cabal_value(words, &at, "--project-file");
	if (value)
		replace(&a->project_file, value);
	strlist_push(&a->options, words->v[*i]);
	if (takes_next(words->v[*i]) && *i + 1 < words->n)
		strlist_push(&a->options, words->v[++*i]);
}

/* What is given must be of use: a word that has no effect is a mistake. */
static void check(const struct cabal_args *a)
{
	enum cabal_kind kind = a->command ? a->command->kind : CABAL_OTHER;
	bool exec = a->command && strcmp(a->command->name, "exec") == 0;
	const char *what = a->target   ? "--target"
			   : a->link.n ? a->link.v[0]
			   : a->run.n  ? "--run-option"
				       : NULL;

	if (what && kind != CABAL_IMAGES && !(exec && a->target))
		die(EXIT_USAGE,
		    "%s is for build, run, test, bench, list-bin and install",
		    what);
}

void cabal_args_parse(struct cabal_args *a, const struct strlist *words)
{
	size_t i;

	*a = (struct cabal_args){0};
	for (i = 0; i < words->n; i++) {
		const char *w = words->v[i];

		if (strcmp(w, "--") == 0) {
			a->dashes = true;
			break;
		}
		if (take_own(a, words, &i))
			continue;
		if (!a->command && w[0] == '-')
			take_global(a, words, &i);
		else if (!a->command)
			a->command = find_command(w);
		else if (w[0] == '-')
			take_option(a, words, &i);
		else
			strlist_push(&a->words, w);
	}
	for (i++; i < words->n; i++)
		strlist_push(&a->rest, words->v[i]);
	check(a);
}

void cabal_args_free(struct cabal_args *a)
{
	strlist_free(&a->global);
	strlist_free(&a->options);
	strlist_free(&a->words);
	strlist_free(&a->rest);
	strlist_free(&a->link);
	strlist_free(&a->run);
	free(a->target);
	free(a->builddir);
	free(a->project_file);
	*a = (struct cabal_args){0};
}
