/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Test suites on another target: cabal starts us in the place of the suite
 * (--test-wrapper), and we make its image and boot it. The package's files are
 * its root, so that a suite finds its data by the same relative names.
 */
#include "config.h"
#include "cabal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cpio.h"
#include "rsp.h"

extern char **environ;

char *cabal_boot_text(const struct cabal *c)
{
	struct strlist words = {0};
	char *text;

	strlist_push(&words, c->target);
	strlist_append(&words, &c->args.link);
	strlist_push(&words, "--");
	strlist_append(&words, &c->args.run);
	text = rsp_text(&words);
	strlist_free(&words);
	return text;
}

static void read_boot_text(struct cabal *c)
{
	const char *text = getenv(CABAL_BOOT);
	struct strlist words = {0};
	struct parse_error e;
	size_t i;

	if (!rsp_parse(text, strlen(text), &words, &e))
		parse_die(CABAL_BOOT, &e);
	if (!words.n)
		die(EXIT_USAGE, "%s is of halvm-cabal's own use; unset it",
		    CABAL_BOOT);
	c->target = xstrdup(words.v[0]);
	for (i = 1; i < words.n && strcmp(words.v[i], "--") != 0; i++)
		strlist_push(&c->args.link, words.v[i]);
	for (i++; i < words.n; i++)
		strlist_push(&c->args.run, words.v[i]);
}

/* What builds leave in a package's folder, large and of no use to it. */
static const char *const left_out[] = {".git", ".stack-work", "dist",
				       "dist-newstyle", NULL};

static char *make_root(void)
{
	char *path = path_join(temp_dir(), "root.cpio");
	FILE *f = fopen(path, "we");
	struct cpio c = {.out = f};

	if (f)
		cpio_tree_without(&c, ".", left_out);
	if (!f || ferror(f) | fclose(f))
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	return path;
}

/*
 * cabal tells a package's data folder by a variable, NAME_datadir, with a path
 * of this machine.
 */
static void data_folders(struct strlist *argv)
{
	char *here = path_absolute(".");
	size_t n = strlen(here);

	for (char **v = environ; *v; v++) {
		const char *value = strchr(*v, '=');
		size_t name = value ? (size_t)(value - *v) : 0;

		if (name < 8 || strncmp(value - 8, "_datadir", 8) != 0 ||
		    strncmp(value + 1, here, n) != 0)
			continue;
		value += 1 + n;
		if (*value == '/' || !*value)
			strlist_pushf(argv, "--env=%.*s=%s", (int)name, *v,
				      *value ? value : "/");
	}
	free(here);
}

static bool has_root(const struct cabal *c)
{
	for (size_t i = 0; i < c->args.link.n; i++)
		if (str_starts(c->args.link.v[i], "--root="))
			return true;
	return false;
}

int cabal_boot_package(const struct cabal *c, const char *image,
		       const struct strlist *args, const char *results)
{
	struct strlist argv = {0}, env = {0};
	int status;

	data_folders(&env);
	cabal_boot(c, image, has_root(c) ? NULL : make_root(), &argv);
	free(argv.v[--argv.n]);
	strlist_append(&argv, &env);
	strlist_push(&argv, image);
	strlist_append(&argv, args);
	status =
	    results ? cabal_detailed_run(argv.v, results) : run_wait(argv.v);
	strlist_free(&argv);
	strlist_free(&env);
	return status;
}

_Noreturn void cabal_test(struct cabal *c, const struct strlist *words)
{
	struct strlist args = {0};
	char *image, *results;

	read_boot_text(c);
	unsetenv(CABAL_BOOT);
	for (size_t i = 1; i < words->n; i++)
		strlist_push(&args, words->v[i]);
	results = cabal_detailed_begin(words->v[0]);
	image = cabal_image(c, words->v[0], true);
	exit(cabal_boot_package(c, image, &args, results));
}
