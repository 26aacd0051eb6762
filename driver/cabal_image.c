/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Images of a project's executables. That of EXE for the target T is EXE.T, and
 * beside it lies EXE.T.made, which says what it was made of: it is made again
 * if that changed. With --root or --report it always is.
 */
#include "config.h"
#include "cabal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link.h"
#include "rsp.h"
#include "target.h"

bool cabal_wants_images(const struct cabal *c)
{
	return strcmp(c->target, TARGET_DEFAULT) != 0 || c->args.link.n ||
	       c->args.run.n;
}

void cabal_image_to(const struct cabal *c, const char *exe, const char *out)
{
	struct strlist argv = {0};
	int status;

	if (!link_has_kept(exe))
		die(EXIT_FAILED,
		    "'%s' can't be linked for a target, as it doesn't hold its "
		    "portable object: either nothing built it yet, or not "
		    "halvm-ghc below halvm-cabal; build it again",
		    exe);
	strlist_pushf(&argv, "%s/halvm-ld", c->in.bindir);
	strlist_pushf(&argv, "--target=%s", c->target);
	strlist_append(&argv, &c->args.link);
	strlist_push(&argv, exe);
	strlist_push(&argv, "-o");
	strlist_push(&argv, out);
	status = run_wait(argv.v);
	if (status)
		exit(status);
	strlist_free(&argv);
}

static void add_file(struct strlist *o, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		strlist_pushf(o, "%s %lld %lld.%09ld\n", path,
			      (long long)st.st_size,
			      (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* All that an image is made of, and how. */
static char *made_of(const struct cabal *c, const char *exe)
{
	char *folder = xasprintf("%s/targets/%s", c->in.libdir, c->target);
	struct strlist o = {0}, names = {0};
	DIR *dir = opendir(folder);
	struct dirent *d;
	char *text, *ld;

	while (dir && (d = readdir(dir)))
		strlist_push(&names, d->d_name);
	if (dir)
		closedir(dir);
	strlist_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		char *path = path_join(folder, names.v[i]);

		add_file(&o, path);
		free(path);
	}
	ld = path_join(c->in.bindir, "halvm-ld");
	add_file(&o, ld);
	free(ld);
	add_file(&o, exe);
	for (size_t i = 0; i < c->args.link.n; i++)
		strlist_pushf(&o, "%s\n", c->args.link.v[i]);
	text = strlist_join(&o, "");
	strlist_free(&o);
	strlist_free(&names);
	free(folder);
	return text;
}

static bool always(const struct cabal *c)
{
	for (size_t i = 0; i < c->args.link.n; i++)
		if (str_starts(c->args.link.v[i], "--root=") ||
		    str_starts(c->args.link.v[i], "--report="))
			return true;
	return false;
}

static bool has_text(const char *path, const char *text)
{
	size_t len;
	char *old = read_file(path, &len);
	bool same = old && strcmp(old, text) == 0;

	free(old);
	return same;
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	bool ok = f && fputs(text, f) >= 0;

	/* Without it, the image is made again the next time. */
	if (f && fclose(f) != 0)
		ok = false;
	if (!ok)
		unlink(path);
}

char *cabal_image(const struct cabal *c, const char *exe, bool quiet)
{
	char *image = xasprintf("%s.%s", exe, c->target),
	     *made = xasprintf("%s.made", image), *text = made_of(c, exe);

	if (always(c) || !file_exists(image) || !has_text(made, text)) {
		if (!quiet) {
			printf("Linking %s ...\n", image);
			fflush(stdout);
		}
		unlink(made);
		cabal_image_to(c, exe, image);
		write_text(made, text);
	}
	free(text);
	free(made);
	return image;
}

/* $HALVM_RUN_OPTIONS, in the syntax of response files. */
static void environment_options(struct strlist *argv)
{
	const char *text = getenv("HALVM_RUN_OPTIONS");
	struct parse_error e;

	if (text && !rsp_parse(text, strlen(text), argv, &e))
		parse_die("HALVM_RUN_OPTIONS", &e);
}

bool cabal_needs_root(const struct cabal *c)
{
	if (!c->guest)
		return false;
	for (size_t i = 0; i < c->args.link.n; i++)
		if (str_starts(c->args.link.v[i], "--root="))
			return false;
	for (size_t i = 0; i < c->args.run.n; i++)
		if (str_starts(c->args.run.v[i], "--root="))
			return false;
	return true;
}

void cabal_boot(const struct cabal *c, const struct cabal_guest *g,
		struct strlist *argv)
{
	strlist_pushf(argv, "%s/halvm-run", c->in.bindir);
	if (g->archive)
		strlist_pushf(argv, "--root=%s", g->archive);
	strlist_append(argv, g->options);
	environment_options(argv);
	strlist_append(argv, &c->args.run);
	strlist_push(argv, g->image);
	strlist_append(argv, g->args);
}
