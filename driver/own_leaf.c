/* SPDX-License-Identifier: BSD-3-Clause */
/* Leaves among the C sources of a package: see own_leaf.h. */
#include "config.h"

#include "own_leaf.h"

#include "sha256.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The only file here whose name ends so, or NULL. */
static char *only_file(const char *ending)
{
	DIR *d = opendir(".");
	struct dirent *e;
	char *found = NULL;
	int n = 0;

	while (d && (e = readdir(d)))
		if (str_ends(e->d_name, ending) && e->d_name[0] != '.' &&
		    n++ == 0)
			found = xstrdup(e->d_name);
	if (d)
		closedir(d);
	if (n > 1) {
		free(found);
		found = NULL;
	}
	return found;
}

/* What a configure script found out stands in NAME.buildinfo. */
static void read_package(const char *ghc, struct own_package *p)
{
	static const char *const endings[] = {".cabal", ".buildinfo"};
	size_t len, i;
	char *name, *text;

	*p = (struct own_package){0};
	for (i = 0; i < ARRAY_SIZE(endings); i++) {
		name = only_file(endings[i]);
		text = name ? read_file(name, &len) : NULL;
		if (text)
			own_package_read(text, len, ghc, p);
		free(text);
		free(name);
	}
}

static void read_names(void *names, const char *path, const char *text,
		       size_t len)
{
	(void)path;
	own_names_read(text, len, names);
}

/*
 * Cabal names all modules. Otherwise others may be imported, which aren't
 * looked for: then any function may be meant, and names is empty.
 */
static bool find_names(const struct own_line *l, struct strlist *names)
{
	if (!l->cabal)
		return true;
	own_line_modules(l, read_names, names);
	strlist_sort(names);
	return names->n;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

/* The leaves that may be imported. Names that assembly can't quote are none. */
static void choose(const struct strlist *all, const struct strlist *names,
		   struct strlist *leaves)
{
	const char *p;
	size_t i;

	for (i = 0; i < all->n; i++) {
		for (p = all->v[i]; isalnum((unsigned char)*p) || *p == '_';
		     p++)
			;
		if (!*p && (!names->n || bsearch(all->v[i], names->v, names->n,
						 sizeof *names->v, compare)))
			strlist_push(leaves, all->v[i]);
	}
}

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	return f;
}

static void finish_file(FILE *f, const char *path)
{
	if (ferror(f) | fclose(f))
		die(EXIT_FAILED,
		    "can't write '%s'; set TMPDIR to a directory with room",
		    path);
}

/*
 * The list for the compiler; the claims, which the assembler reads before each
 * module; and a macro that means nothing but that GHC compiles the package
 * again if the list has changed, as it keeps a hash of such options.
 */
static void tell(const struct strlist *leaves, struct strlist *argv)
{
	char *list = path_join(temp_dir(), "leaves");
	char *claims = path_join(temp_dir(), "leaves.s");
	char hex[2 * SHA256_SIZE + 1];
	FILE *f = create(list), *s = create(claims);
	struct sha256 h;
	size_t i;

	sha256_begin(&h);
	fputs("\t.section " OWN_LEAF_SECTION ",\"e\"\n", s);
	for (i = 0; i < leaves->n; i++) {
		fprintf(f, "%s\n", leaves->v[i]);
		fprintf(s, "\t.string \"%s\"\n", leaves->v[i]);
		sha256_add(&h, leaves->v[i], strlen(leaves->v[i]) + 1);
	}
	fputs("\t.text\n", s);
	finish_file(f, list);
	finish_file(s, claims);
	sha256_hex(&h, hex);
	strlist_pushf(argv, "-fhalvm-leaf-list=%s", list);
	strlist_push(argv, "-opta-Xassembler");
	strlist_pushf(argv, "-opta%s", claims);
	strlist_pushf(argv, "-optP-Dhalvm_leaves_%.16s", hex);
	free(list);
	free(claims);
}

/*
 * For Cabal, C is optimised as the configuration says, not the package. If
 * there is one -O, which may be either's, then C isn't: that finds fewer
 * leaves, and none that isn't one with -O2.
 */
static const char *level(const struct own_line *l, const struct own_package *p)
{
	if (!l->optimise || (l->cabal && l->levels == 1 && p->levels))
		return "-O0";
	return l->cabal ? "-O2" : "-O";
}

/* The sysroot's libraries but those whose leaves are known. */
static void libraries(const struct strlist *names, struct own_job *j)
{
	char *path;
	size_t i;

	for (i = 0; i < names->n; i++) {
		path = xasprintf("%s/lib/lib%s.a", j->in->sysroot, names->v[i]);
		if (file_exists(path) && strcmp(names->v[i], "gmp") != 0 &&
		    strcmp(names->v[i], "c") != 0 &&
		    strcmp(names->v[i], "m") != 0)
			strlist_push(&j->objects, path);
		free(path);
	}
}

/* Fills what the line and the package say into the job. */
static void describe(const struct own_line *l, const struct own_package *p,
		     struct own_job *j)
{
	int k;

	strlist_append(&j->objects, &l->objects);
	libraries(l->cabal ? &p->libraries : &l->libraries, j);
	for (k = 0; k < 2; k++) {
		strlist_append(&j->sources[k],
			       l->cabal ? &p->sources[k] : &l->sources);
		strlist_push(&j->options[k], level(l, p));
		strlist_append(&j->options[k], &p->options[k]);
		strlist_append(&j->options[k], &l->options);
		own_line_includes(l, j->in, &j->options[k]);
	}
}

void own_leaf_add(const struct install *in, const struct strlist *args,
		  struct strlist *argv)
{
	struct own_job j = {.in = in};
	struct own_package p = {0};
	struct strlist names = {0}, all = {0}, leaves = {0};
	struct own_line l;
	char *ghc;

	own_line_read(args, &l);
	if (l.wanted && l.cabal) {
		ghc = install_conf(in, "ghc");
		read_package(ghc ? ghc : "", &p);
		free(ghc);
	}
	if (l.wanted)
		describe(&l, &p, &j);
	if ((j.sources[1].n || j.objects.n) && find_names(&l, &names) &&
	    own_leaf_cached(&j, &all))
		choose(&all, &names, &leaves);
	if (leaves.n)
		tell(&leaves, argv);
	own_line_free(&l);
	own_package_free(&p);
	strlist_free(&j.sources[0]);
	strlist_free(&j.sources[1]);
	strlist_free(&j.objects);
	strlist_free(&j.options[0]);
	strlist_free(&j.options[1]);
	strlist_free(&names);
	strlist_free(&all);
	strlist_free(&leaves);
}
