/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of halvm-cabal: see cabal.h. */
#include "config.h"
#include "cabal.h"

#include <stdlib.h>
#include <string.h>

/* All of cabal-install 3.4's that aren't of the old interface. */
static const struct cabal_command commands[] = {
    {"act-as-setup", CABAL_OTHER}, {"bench", CABAL_BUILD},
    {"build", CABAL_BUILD},	   {"check", CABAL_OTHER},
    {"clean", CABAL_FOLDER},	   {"configure", CABAL_FOLDER},
    {"exec", CABAL_BUILD},	   {"fetch", CABAL_OTHER},
    {"format", CABAL_OTHER},	   {"freeze", CABAL_BUILD},
    {"gen-bounds", CABAL_OTHER},   {"get", CABAL_OTHER},
    {"haddock", CABAL_BUILD},	   {"help", CABAL_OTHER},
    {"info", CABAL_OTHER},	   {"init", CABAL_OTHER},
    {"install", CABAL_BUILD},	   {"list", CABAL_OTHER},
    {"list-bin", CABAL_BUILD},	   {"manpage", CABAL_OTHER},
    {"outdated", CABAL_OTHER},	   {"repl", CABAL_BUILD},
    {"run", CABAL_BUILD},	   {"sdist", CABAL_FOLDER},
    {"test", CABAL_BUILD},	   {"update", CABAL_OTHER},
    {"user-config", CABAL_OTHER},
};

/* What would replace a part of the toolchain, or of the configuration. */
static const char *const refused[] = {
    "--config-file",  "--ghcjs",	 "--store-dir",
    "--uhc",	      "--with-compiler", "--with-ghc",
    "--with-ghc-pkg", "--with-hc-pkg",	 "-w",
};

static const char *const global_values[] = {
    "--active-repositories",
    "--http-transport",
};

static bool is_option(const char *word, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(word, name, n) != 0)
		return false;
	/* -wPATH, but --name=VALUE */
	return !word[n] || word[n] == '=' || (n == 2 && word[1] != '-');
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

/* Options of ours: true if words[*i] is one, *i then at its last word. */
static bool take_own(struct cabal_args *a, const struct strlist *words,
		     size_t *i)
{
	const char *w = words->v[*i];

	if (!is_option(w, "--target"))
		return false;
	if (w[strlen("--target")] == '=')
		w += strlen("--target=");
	else if (*i + 1 < words->n)
		w = words->v[++*i];
	else
		die(EXIT_USAGE, "--target needs a value: --target=kvm");
	free(a->target);
	a->target = xstrdup(w);
	return true;
}

static void take_global(struct cabal_args *a, const struct strlist *words,
			size_t *i)
{
	const char *w = words->v[*i];

	check_refused(w);
	if (strcmp(w, "--help") == 0 || strcmp(w, "-h") == 0)
		a->help = true;
	else if (strcmp(w, "--version") == 0 || strcmp(w, "-V") == 0)
		a->version = true;
	strlist_push(&a->global, w);
	for (size_t k = 0; k < ARRAY_SIZE(global_values); k++)
		if (strcmp(w, global_values[k]) == 0 && *i + 1 < words->n)
			strlist_push(&a->global, words->v[++*i]);
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
		if (!a->command && w[0] == '-') {
			take_global(a, words, &i);
		} else if (!a->command) {
			a->command = find_command(w);
		} else {
			check_refused(w);
			if (is_option(w, "--builddir"))
				a->builddir = true;
			strlist_push(&a->options, w);
		}
	}
	for (i++; i < words->n; i++)
		strlist_push(&a->rest, words->v[i]);
}
