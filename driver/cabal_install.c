/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-cabal install: cabal installs into a folder of ours, and what it put
 * there is linked for the target and goes where it was wanted. So also for
 * linux, whose images then come without the portable object.
 */
#include "config.h"
#include "cabal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link.h"

struct wishes {
	const char *dir;
	bool overwrite;
	struct strlist options; /* all others */
};

static void sort_options(const struct cabal *c, struct wishes *w)
{
	const struct strlist *o = &c->args.options;

	*w = (struct wishes){.dir = c->bin};
	for (size_t i = 0; i < o->n; i++) {
		size_t at = i;
		const char *value = cabal_value(o, &i, "--installdir");

		if (value) {
			w->dir = value;
			continue;
		}
		value = cabal_value(o, &i, "--overwrite-policy");
		if (value) {
			w->overwrite = strcmp(value, "always") == 0;
			continue;
		}
		if (cabal_value(o, &i, "--install-method"))
			continue;
		if (strcmp(o->v[i], "--lib") == 0)
			die(EXIT_USAGE,
			    "install --lib would write to the environment of "
			    "the host's GHC; name the library in a project's "
			    "build-depends instead");
		for (; at <= i; at++)
			strlist_push(&w->options, o->v[at]);
	}
}

/* What isn't linked by us, such as a script, stays as it is. */
static void copy(const char *from, const char *to)
{
	char *argv[] = {"cp", "--", (char *)from, (char *)to, NULL};
	int status = run_wait(argv);

	if (status)
		exit(status);
}

static void put(const struct cabal *c, const struct wishes *w, const char *from,
		const char *name)
{
	char *file = path_join(from, name), *to = path_join(w->dir, name),
	     *temp = xasprintf("%s.%ld.new", to, (long)getpid());

	if (!w->overwrite && (file_exists(to) || dir_exists(to)))
		die(EXIT_FAILED,
		    "'%s' exists already; use --overwrite-policy=always to "
		    "replace it",
		    to);
	printf("Installing %s\n", to);
	fflush(stdout);
	if (link_has_kept(file))
		cabal_image_to(c, file, temp);
	else
		copy(file, temp);
	if (rename(temp, to) < 0) {
		int error = errno;

		unlink(temp);
		die(EXIT_FAILED, "can't write '%s': %s", to, strerror(error));
	}
	free(temp);
	free(to);
	free(file);
}

_Noreturn void cabal_install(const struct cabal *c)
{
	char *from = path_join(temp_dir(), "bin");
	struct strlist argv = {0}, names = {0};
	struct cabal less = *c;
	struct dirent *d;
	struct wishes w;
	int status;
	DIR *dir;

	sort_options(c, &w);
	less.args.options = w.options;
	cabal_make_dir(from);
	cabal_command_line(&less, "install", &argv);
	strlist_pushf(&argv, "--installdir=%s", from);
	strlist_push(&argv, "--install-method=copy");
	strlist_push(&argv, "--overwrite-policy=always");
	strlist_append(&argv, &c->args.words);
	status = run_wait(argv.v);
	if (status)
		exit(status);
	dir = opendir(from);
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			strlist_push(&names, d->d_name);
	if (dir)
		closedir(dir);
	strlist_sort(&names);
	cabal_make_dir(w.dir);
	for (size_t i = 0; i < names.n; i++)
		put(c, &w, from, names.v[i]);
	finish(0);
}
