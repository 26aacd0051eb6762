/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers that come with packages, by their registrations: see own_leaf.h. */
#include "config.h"

#include "own_leaf.h"

#include <stdlib.h>
#include <string.h>

/* ${pkgroot} is the folder that the database is in. */
static void push_dir(const char *db, const char *word, struct strlist *options)
{
	static const char root[] = "${pkgroot}";
	char *up;

	if (!str_starts(word, root)) {
		strlist_pushf(options, "-I%s", word);
		return;
	}
	up = path_dirname(db);
	strlist_pushf(options, "-I%s%s", up, word + strlen(root));
	free(up);
}

/* The words of the field include-dirs, which may go on in deeper lines. */
static bool read_unit(const char *db, const char *unit, struct strlist *options)
{
	static const char field[] = "include-dirs:";
	char *path = xasprintf("%s/%s.conf", db, unit), *text, *line, *word;
	char *save = NULL, *save_word;
	size_t len;
	bool inside = false;

	text = read_file(path, &len);
	free(path);
	line = text ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save)) {
		if (*line != ' ') {
			inside = str_starts(line, field);
			line += inside ? strlen(field) : 0;
		}
		word = inside ? strtok_r(line, " ", &save_word) : NULL;
		for (; word; word = strtok_r(NULL, " ", &save_word)) {
			/* A path with blanks is quoted, as in Haskell. */
			word += *word == '"';
			word[strcspn(word, "\"")] = 0;
			push_dir(db, word, options);
		}
	}
	free(text);
	return text;
}

void own_line_includes(const struct own_line *l, const struct install *in,
		       struct strlist *options)
{
	char *global = path_join(in->sysroot, "ghc/package.conf.d");
	size_t i, k;
	bool found;

	for (i = 0; i < l->packages.n; i++) {
		found = read_unit(global, l->packages.v[i], options);
		for (k = l->dbs.n; k > 0 && !found; k--)
			found = read_unit(l->dbs.v[k - 1], l->packages.v[i],
					  options);
	}
	free(global);
	strlist_pushf(options, "-I%s/ghc/include", in->sysroot);
	strlist_push(options, "-include");
	strlist_pushf(options, "%s/ghc/include/ghcversion.h", in->sysroot);
}
