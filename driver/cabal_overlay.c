/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The repositories that come with the SDK, as cabal is told of them:
 *
 *   packages/        wins over what any other has by the same name
 *   packages/tools/  gives way to the same version, or a newer one, elsewhere
 *
 * cabal keeps an index of such a folder by its path, and never looks whether
 * that is still true. So it gets a path that follows the contents: a symbolic
 * link in our own folder, with a hash of the listing in its name. Beside the
 * packages it would write that index, too; `shared-cache` moves it.
 */
#include "config.h"
#include "cabal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sha256.h"

/* Digits of the hash in a link's name. */
enum { LISTING_DIGITS = 16 };

/* cabal takes the rest of a URL as it is: nothing in it may need quoting. */
static bool fits_url(const char *path)
{
	return !path[strspn(path, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-._~/+,=@")];
}

static void list_folder(const char *folder, struct strlist *names)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	if (!dir)
		die(EXIT_FAILED, "can't read '%s': %s", folder,
		    strerror(errno));
	while ((d = readdir(dir)))
		strlist_push(names, d->d_name);
	closedir(dir);
	strlist_sort(names);
}

static char *link_name(const struct cabal *c, const char *name,
		       const char *folder)
{
	char hex[2 * SHA256_SIZE + 1], *path;
	struct strlist names = {0};
	struct sha256 s;
	struct stat st;

	sha256_begin(&s);
	sha256_add(&s, folder, strlen(folder) + 1);
	list_folder(folder, &names);
	for (size_t i = 0; i < names.n; i++) {
		path = path_join(folder, names.v[i]);
		sha256_add(&s, names.v[i], strlen(names.v[i]) + 1);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			sha256_add(&s, &st.st_size, sizeof(st.st_size));
			sha256_add(&s, &st.st_mtim, sizeof(st.st_mtim));
		}
		free(path);
	}
	strlist_free(&names);
	sha256_hex(&s, hex);
	return xasprintf("%s/%s-%.*s", c->dir, name, LISTING_DIGITS, hex);
}

/* Where cabal keeps the index of a path that can't follow the contents. */
static void forget_index(const struct cabal *c, const char *name,
			 const char *folder)
{
	char *packages = path_join(c->root, "packages"), *file;
	struct strlist names = {0};
	struct stat index, now;

	if (dir_exists(packages) && stat(folder, &now) == 0)
		list_folder(packages, &names);
	for (size_t i = 0; i < names.n; i++) {
		if (!str_starts(names.v[i], name))
			continue;
		file = xasprintf("%s/%s/noindex.cache", packages, names.v[i]);
		if (stat(file, &index) == 0 && index.st_mtime <= now.st_mtime)
			unlink(file);
		free(file);
	}
	strlist_free(&names);
	free(packages);
}

/* A path to the folder that a URL can hold; NULL after a warning. */
static char *url_path(const struct cabal *c, const char *name,
		      const char *folder)
{
	char *link = link_name(c, name, folder);

	if (fits_url(link) && (symlink(folder, link) == 0 || errno == EEXIST))
		return link;
	free(link);
	if (fits_url(folder)) {
		forget_index(c, name, folder);
		return xstrdup(folder);
	}
	warn("the packages in '%s' can't be used, as neither that path nor "
	     "'%s' can stand in a URL; set HALVM_CABAL_DIR to a path of "
	     "letters, digits and slashes",
	     folder, c->dir);
	return NULL;
}

static bool add(const struct cabal *c, const char *name, const char *part,
		struct strlist *o)
{
	char *folder = path_join(c->in.libdir, part), *path;

	path = dir_exists(folder) ? url_path(c, name, folder) : NULL;
	if (path)
		strlist_pushf(o,
			      "repository %s\n  url: "
			      "file+noindex://%s#shared-cache\n",
			      name, path);
	free(folder);
	free(path);
	return path;
}

void cabal_overlay(struct cabal *c, struct strlist *o)
{
	bool tools = add(c, CABAL_TOOLS, "packages/tools", o),
	     overlay = add(c, CABAL_OVERLAY, "packages", o);

	if (!tools && !overlay)
		return;
	/* Those that come later win. */
	c->repositories =
	    xasprintf("%s:rest%s", tools ? CABAL_TOOLS "," : "",
		      overlay ? "," CABAL_OVERLAY ":override" : "");
}
