/* SPDX-License-Identifier: BSD-3-Clause */
/* What GHC's command line says of C: see own_leaf.h. */
#include "config.h"

#include "own_leaf.h"

#include "ghc_options.h"
#include "options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Modes in which no program or package is made of several modules. */
static const char *const others[] = {
    "--abi-hash",   "--frontend", "--info", "--interactive",
    "--show-iface", "-C",	  "-E",	    "-M",
    "-S",	    "-c",	  "-e",
};

static bool among(const char *word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static bool ends_in(const char *name, const char *const *endings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_ends(name, endings[i]))
			return true;
	return false;
}

static void input(struct own_line *l, const char *name)
{
	static const char *const c[] = {".c", ".S", ".s"};
	static const char *const object[] = {".o", ".a"};

	if (ends_in(name, c, ARRAY_SIZE(c)))
		strlist_push(&l->sources, name);
	else if (ends_in(name, object, ARRAY_SIZE(object)))
		strlist_push(&l->objects, name);
	else
		strlist_push(&l->modules, name);
}

/* -iDIR:DIR; an empty one forgets what came before. */
static void source_dirs(struct own_line *l, const char *value)
{
	size_t n;
	char *dir;

	if (!*value)
		strlist_free(&l->dirs);
	for (; *value; value += n + (value[n] == ':')) {
		n = strcspn(value, ":");
		dir = xstrndup(value, n);
		if (n)
			strlist_push(&l->dirs, dir);
		free(dir);
	}
}

/* The option's value if it is NAME or NAMEVALUE; *i moves to its last word. */
static const char *value_of(const struct strlist *args, size_t *i,
			    const char *name)
{
	const char *arg = args->v[*i];

	if (!str_starts(arg, name))
		return NULL;
	if (arg[strlen(name)])
		return arg + strlen(name);
	return *i + 1 < args->n ? args->v[++*i] : NULL;
}

/*
 * Cabal doesn't give its C compilations the options for the preprocessor; GHC
 * by itself does.
 */
static bool c_option(const struct strlist *args, size_t *i, struct own_line *l)
{
	const char *value;

	if ((value = value_of(args, i, "-optcxx")))
		return true;
	if ((value = value_of(args, i, "-optc"))) {
		strlist_push(&l->options, value);
	} else if (str_starts(args->v[*i], "-I") && args->v[*i][2]) {
		strlist_push(&l->options, args->v[*i]);
	} else if ((value = value_of(args, i, "-optP"))) {
		if (!l->cabal) {
			strlist_push(&l->options, "-Xpreprocessor");
			strlist_push(&l->options, value);
		}
	} else if ((str_starts(args->v[*i], "-D") ||
		    str_starts(args->v[*i], "-U")) &&
		   args->v[*i][2]) {
		if (!l->cabal)
			strlist_push(&l->options, args->v[*i]);
	} else {
		return false;
	}
	return true;
}

static void option(const struct strlist *args, size_t *i, struct own_line *l)
{
	const char *arg = args->v[*i], *value;
	const struct option *o;

	if (arg[1] == 'O' && (!arg[2] || isdigit((unsigned char)arg[2]))) {
		if (!l->cabal || !l->levels)
			l->optimise = arg[2] != '0';
		l->levels++;
	} else if (str_starts(arg, "-i") && !str_starts(arg, "-ignore") &&
		   !str_starts(arg, "-instantiated") &&
		   !str_starts(arg, "-interactive")) {
		source_dirs(l, arg + 2);
	} else if (str_starts(arg, "-l") && arg[2]) {
		strlist_push(&l->libraries, arg + 2);
	} else if (c_option(args, i, l)) {
		return;
	} else if (strcmp(arg, "-package-db") == 0 ||
		   strcmp(arg, "-package-id") == 0) {
		value = *i + 1 < args->n ? args->v[++*i] : "";
		strlist_push(arg[9] == 'd' ? &l->dbs : &l->packages, value);
	} else {
		o = option_find(&ghc_options, arg);
		if (o && o->what == GHC_VALUE)
			++*i;
	}
}

void own_line_read(const struct strlist *args, struct own_line *l)
{
	bool other = false;
	size_t i;

	*l = (struct own_line){0};
	for (i = 0; i < args->n; i++)
		if (strcmp(args->v[i], "-fbuilding-cabal-package") == 0)
			l->cabal = true;
	strlist_push(&l->dirs, ".");
	for (i = 0; i < args->n; i++) {
		if (strcmp(args->v[i], "+RTS") == 0)
			while (i < args->n && strcmp(args->v[i], "-RTS") != 0)
				i++;
		else if (args->v[i][0] != '-')
			input(l, args->v[i]);
		else if (str_starts(args->v[i], "-fhalvm-leaf-list="))
			other = true; /* somebody knows */
		else if (among(args->v[i], others, ARRAY_SIZE(others)))
			other = true;
		else
			option(args, &i, l);
	}
	l->wanted = !other && l->modules.n;
}

static bool read_module(const char *path, own_module_fn *fn, void *arg)
{
	size_t len;
	char *text = read_file(path, &len);

	if (!text)
		return false;
	fn(arg, path, text, len);
	free(text);
	return true;
}

/* A.B in each folder, as .hs or .lhs; or a file. */
static void find_module(const struct own_line *l, const char *module,
			own_module_fn *fn, void *arg)
{
	static const char *const endings[] = {"hs", "lhs"};
	char *file, *path, *p;
	size_t i, k;
	bool done = read_module(module, fn, arg);

	file = xstrdup(module);
	for (p = file; *p; p++)
		if (*p == '.')
			*p = '/';
	for (i = 0; i < l->dirs.n && !done; i++)
		for (k = 0; k < ARRAY_SIZE(endings) && !done; k++) {
			path = xasprintf("%s/%s.%s", l->dirs.v[i], file,
					 endings[k]);
			done = read_module(path, fn, arg);
			free(path);
		}
	free(file);
}

void own_line_modules(const struct own_line *l, own_module_fn *fn, void *arg)
{
	size_t i;

	for (i = 0; i < l->modules.n; i++)
		find_module(l, l->modules.v[i], fn, arg);
}

void own_line_free(struct own_line *l)
{
	strlist_free(&l->modules);
	strlist_free(&l->dirs);
	strlist_free(&l->sources);
	strlist_free(&l->objects);
	strlist_free(&l->libraries);
	strlist_free(&l->options);
	strlist_free(&l->dbs);
	strlist_free(&l->packages);
}
