/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a project that cabal writes, cabal.project.local (configure) and
 * cabal.project.freeze (freeze), are for every cabal: what in them is ours
 * alone, our build folder and our repository, is taken out again.
 */
#include "config.h"
#include "cabal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As cabal does: the nearest such file of this folder and those above. */
char *cabal_project_root(const struct cabal *c)
{
	const char *name = c->args.project_file, *home = getenv("HOME");
	char *start = path_absolute("."), *dir = path_resolve("/", start);
	char *file, *up;
	bool found = false;

	if (name && name[0] == '/')
		return path_dirname(name);
	while (!found && strcmp(dir, "/") != 0 &&
	       !(home && same_file(dir, home))) {
		file = path_join(dir, name ? name : "cabal.project");
		found = file_exists(file);
		free(file);
		if (!found) {
			up = path_dirname(dir);
			free(dir);
			dir = up;
		}
	}
	return found ? dir : start;
}

/*
 * The line without what is ours; NULL if nothing is left that says anything.
 * The caller frees.
 */
static char *cleaned(const char *line)
{
	static const char key[] = "active-repositories:";
	struct strlist kept = {0};
	const char *p = line + strlen(key);
	char *rest, *text;
	size_t n;

	if (strcmp(line, "builddir: " CABAL_BUILD_FOLDER "\n") == 0)
		return NULL;
	if (!str_starts(line, key))
		return xstrdup(line);
	for (; *p; p += n) {
		p += strspn(p, ", \n");
		n = strcspn(p, ", \n");
		if (n && !str_starts(p, CABAL_OVERLAY) &&
		    !str_starts(p, CABAL_TOOLS))
			strlist_pushf(&kept, "%.*s", (int)n, p);
	}
	rest = strlist_join(&kept, ", ");
	text = *rest && !str_starts(rest, ":rest")
		   ? xasprintf("%s %s\n", key, rest)
		   : NULL;
	free(rest);
	strlist_free(&kept);
	return text;
}

void cabal_project_clean(const struct cabal *c, const char *suffix)
{
	const char *name = c->args.project_file;
	char *root = cabal_project_root(c), *file, *path, *line = NULL;
	struct strlist lines = {0};
	size_t cap = 0;
	FILE *f;

	file = xasprintf("%s%s", name ? path_basename(name) : "cabal.project",
			 suffix);
	path = path_join(root, file);
	f = fopen(path, "re");
	while (f && getline(&line, &cap, f) > 0) {
		char *text = cleaned(line);

		if (text)
			strlist_push(&lines, text);
		free(text);
	}
	if (f) {
		fclose(f);
		cabal_write(path, strlist_join(&lines, ""));
	}
	free(line);
	free(path);
	free(file);
	free(root);
	strlist_free(&lines);
}
