/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration that halvm-cabal gives to cabal. It is written anew
 * whenever it would differ: what a user wants otherwise belongs into a
 * cabal.project, which cabal lets win.
 *
 * The user's own configuration is read for one thing, the repositories that
 * packages come from. It is never written, nor are their indices shared:
 * `halvm-cabal update` fetches ours.
 */
#include "config.h"
#include "cabal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

/* A line as it stands, with its indentation; false at the end. */
static bool next_line(struct span *rest, struct span *line)
{
	const char *nl;

	if (!rest->n)
		return false;
	nl = memchr(rest->p, '\n', rest->n);
	line->p = rest->p;
	line->n = nl ? (size_t)(nl - rest->p) : rest->n;
	rest->p += line->n + (nl != NULL);
	rest->n -= line->n + (nl != NULL);
	return true;
}

static bool begins(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && memcmp(s.p, word, n) == 0;
}

/* Ours may be there already: below halvm-cabal exec, it is our own text. */
static bool is_repository(struct span line)
{
	struct span rest = line, word, name;

	if (!span_word(&rest, &word))
		return false;
	if (span_is(word, "repository"))
		return !span_word(&rest, &name) ||
		       !(span_is(name, CABAL_OVERLAY) ||
			 span_is(name, CABAL_TOOLS));
	return begins(word, "remote-repo:");
}

/*
 * A stanza begins with a line at the margin, and its fields are indented. The
 * old form, `remote-repo: NAME:URL`, is a line of its own.
 */
char *cabal_repositories(const char *text, size_t len)
{
	struct span rest = {text, len}, line;
	struct strlist out = {0};
	bool inside = false;
	char *all;

	while (next_line(&rest, &line)) {
		struct span word = span_trim(line);
		bool margin = word.p == line.p;

		if (!word.n || begins(word, "--"))
			continue;
		if (margin)
			inside = is_repository(word);
		if (inside)
			strlist_pushf(&out, "%.*s\n", (int)line.n, line.p);
	}
	all = strlist_join(&out, "");
	strlist_free(&out);
	return all;
}

static char *user_file(void)
{
	const char *config = getenv("CABAL_CONFIG"), *dir = getenv("CABAL_DIR"),
		   *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	char *path;

	if (config && *config)
		return xstrdup(config);
	if (dir && *dir)
		return path_join(dir, "config");
	/* cabal 3.10 and later, unless there is a ~/.cabal. */
	path = home && *home ? path_join(home, ".cabal/config") : NULL;
	if (path && file_exists(path))
		return path;
	free(path);
	if (xdg && xdg[0] == '/')
		return path_join(xdg, "cabal/config");
	return home && *home ? path_join(home, ".config/cabal/config") : NULL;
}

static char *user_repositories(void)
{
	char *path = user_file(), *text = NULL, *all;
	size_t len;

	if (path)
		text = read_file(path, &len);
	if (!text && path && errno != ENOENT && errno != ENOTDIR)
		warn("can't read '%s': %s; its repositories are left out", path,
		     strerror(errno));
	all = text ? cabal_repositories(text, len) : xstrdup("");
	free(text);
	free(path);
	return all;
}

static void add_program(struct strlist *o, const struct cabal *c,
			const char *name, const char *ours)
{
	strlist_pushf(o, "  %s-location: %s/%s\n", name, c->in.bindir, ours);
}

static char *config_text(struct cabal *c)
{
	char *theirs = user_repositories(), *text;
	struct strlist o = {0};

	strlist_push(&o, "-- Written by halvm-cabal, at each start.\n");
	cabal_overlay(c, &o);
	if (c->repositories)
		strlist_pushf(&o, "active-repositories: %s\n", c->repositories);
	strlist_push(&o, theirs);
	strlist_pushf(&o, "remote-repo-cache: %s/packages\n", c->root);
	strlist_pushf(&o, "installdir: %s\n", c->bin);
	strlist_push(&o, "install-method: copy\n"
			 "remote-build-reporting: none\n"
			 "write-ghc-environment-files: never\n"
			 "documentation: False\n"
			 "jobs: $ncpus\n");
	strlist_pushf(&o, "with-compiler: %s/halvm-ghc\n", c->in.bindir);
	strlist_pushf(&o, "with-hc-pkg: %s/halvm-ghc-pkg\n", c->in.bindir);
	/*
	 * What a program doesn't reach is to stay out of its image. Template
	 * Haskell loads the merged object of a package much faster than such
	 * an archive. Stripping would take away the mark by which halvm-ld
	 * knows who made an object, and the names in a panic's backtrace.
	 */
	strlist_push(&o, "split-sections: True\n"
			 "library-for-ghci: True\n"
			 "library-stripping: False\n"
			 "executable-stripping: False\n"
			 "shared: False\n"
			 "executable-dynamic: False\n"
			 "\nprogram-locations\n");
	add_program(&o, c, "gcc", "halvm-cc");
	add_program(&o, c, "hsc2hs", "halvm-hsc2hs");
	add_program(&o, c, "ld", "halvm-ld");
	add_program(&o, c, "pkg-config", "halvm-pkg-config");
	text = strlist_join(&o, "");
	strlist_free(&o);
	free(theirs);
	return text;
}

void cabal_write(const char *path, const char *text)
{
	char *temp = xasprintf("%s.%ld", path, (long)getpid());
	FILE *f = fopen(temp, "we");
	bool ok = f && fputs(text, f) >= 0;

	if (f && fclose(f) != 0)
		ok = false;
	if (!ok || rename(temp, path) < 0) {
		int error = errno;

		unlink(temp);
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(error));
	}
	free(temp);
}

void cabal_configure(struct cabal *c)
{
	char *path = path_join(c->dir, "config"), *text = config_text(c);
	size_t len;
	char *old = read_file(path, &len);

	/* cabal plans anew whenever the file is younger than the plan. */
	if (!old || strcmp(old, text) != 0)
		cabal_write(path, text);
	free(old);
	free(text);
	free(path);
}
