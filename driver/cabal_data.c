/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A package's files, for an image that is booted: the archive that becomes its
 * root, and where in it the package's data are, which programs learn from the
 * variable NAME_datadir (Paths_NAME).
 */
#include "config.h"
#include "cabal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cpio.h"

extern char **environ;

/* What builds leave in a package's folder, large and of no use to it. */
static const char *const left_out[] = {".git", ".stack-work", "dist",
				       "dist-newstyle", NULL};

char *cabal_archive(const char *folder)
{
	char *path = path_join(temp_dir(), "root.cpio");
	FILE *f = fopen(path, "we");
	struct cpio c = {.out = f};

	if (f)
		cpio_tree_without(&c, folder, left_out);
	if (!f || ferror(f) | fclose(f))
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	return path;
}

void cabal_data_variables(struct strlist *options)
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
			strlist_pushf(options, "--env=%.*s=%s", (int)name, *v,
				      *value ? value : "/");
	}
	free(here);
}

/* The value of a field at the margin, on its own line; NULL: no such line. */
static char *field(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (; text; text = strchr(text, '\n'), text += text != NULL) {
		const char *p = text + n;

		if (strncasecmp(text, name, n) != 0)
			continue;
		p += strspn(p, " \t");
		if (*p++ != ':')
			continue;
		struct span value =
		    span_trim((struct span){p, strcspn(p, "\n")});
		return span_dup(value);
	}
	return NULL;
}

bool cabal_has_data(const struct plan_exe *e, const char *root,
		    struct strlist *options)
{
	char *path = xasprintf("%s/%s.cabal", e->folder, e->package), *files,
	     *dir, *text, *name = xstrdup(e->package);
	size_t len;

	text = read_file(path, &len);
	files = field(text, "data-files");
	dir = field(text, "data-dir");
	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p))
			*p = '_';
	if (files)
		strlist_pushf(options, "--env=%s_datadir=%s/%s", name, root,
			      dir ? dir : "");
	free(path);
	free(text);
	free(name);
	free(dir);
	free(files);
	return files;
}
