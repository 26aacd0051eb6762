/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The leaves of C sources, kept under ${XDG_CACHE_HOME:-~/.cache}/halvm/leaves.
 *
 * An entry's name is the hash of all that is known before compiling: sources,
 * options, compiler, sysroot. Its text begins with the headers that were read
 * then, each with its hash: the entry counts if all are still the same. Entries
 * are a few hundred bytes.
 */
#include "config.h"

#include "own_leaf.h"

#include "cc_query.h"
#include "sha256.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* To be changed when the same input would give another answer. */
static const char version[] = "halvm leaves 1";

static void add_text(struct sha256 *s, const char *text)
{
	sha256_add(s, text, strlen(text) + 1);
}

static void add_list(struct sha256 *s, const struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		add_text(s, l->v[i]);
	sha256_add(s, "", 1);
}

static void add_file(struct sha256 *s, const char *path)
{
	size_t len;
	char *text = read_file(path, &len);
	uint64_t n = text ? len : UINT64_MAX;

	add_text(s, path);
	sha256_add(s, &n, sizeof n);
	if (text)
		sha256_add(s, text, len);
	free(text);
}

/* By time and size, as hashing it would take as long as it takes. */
static void add_compiler(struct sha256 *s)
{
	char *gcc = cc_host_gcc();
	struct stat st;

	add_text(s, gcc);
	if (stat(gcc, &st) == 0) {
		sha256_add(s, &st.st_size, sizeof st.st_size);
		sha256_add(s, &st.st_mtim, sizeof st.st_mtim);
	}
	free(gcc);
}

static void job_key(const struct own_job *j, char text[2 * SHA256_SIZE + 1])
{
	char *known = path_join(j->in->sysroot, "share/leaf-functions");
	struct sha256 s;
	size_t i;
	int k;

	sha256_begin(&s);
	add_text(&s, version);
	add_compiler(&s);
	add_file(&s, known);
	for (k = 0; k < 2; k++) {
		add_list(&s, &j->options[k]);
		for (i = 0; i < j->sources[k].n; i++)
			add_file(&s, j->sources[k].v[i]);
		sha256_add(&s, "", 1);
	}
	for (i = 0; i < j->objects.n; i++)
		add_file(&s, j->objects.v[i]);
	sha256_hex(&s, text);
	free(known);
}

static void file_key(const char *path, char text[2 * SHA256_SIZE + 1])
{
	struct sha256 s;

	sha256_begin(&s);
	add_file(&s, path);
	sha256_hex(&s, text);
}

/* The entry's path, its folder made; NULL if there can be none. */
static char *entry_path(const struct own_job *j)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char key[2 * SHA256_SIZE + 1], *dir, *path;

	if (base && base[0] == '/')
		dir = path_join(base, "halvm");
	else if (home && home[0] == '/')
		dir = path_join(home, ".cache/halvm");
	else
		return NULL;
	path = path_join(dir, "leaves");
	if (mkdir(path, 0777) < 0 && errno == ENOENT) {
		char *up = path_dirname(dir);

		mkdir(up, 0777);
		mkdir(dir, 0777);
		mkdir(path, 0777);
		free(up);
	}
	free(dir);
	job_key(j, key);
	dir = path;
	path = path_join(dir, key);
	free(dir);
	return path;
}

/* "HASH PATH" */
static bool is_fresh(const char *dep)
{
	char key[2 * SHA256_SIZE + 1];

	if (strlen(dep) <= 2 * SHA256_SIZE)
		return false;
	file_key(dep + 2 * SHA256_SIZE + 1, key);
	return strncmp(dep, key, 2 * SHA256_SIZE) == 0;
}

static bool read_entry(const char *path, struct strlist *leaves)
{
	size_t len;
	char *text = read_file(path, &len), *line, *save = NULL;
	bool ended = false, fresh = text != NULL;

	line = text ? strtok_r(text, "\n", &save) : NULL;
	for (; line && fresh; line = strtok_r(NULL, "\n", &save)) {
		if (str_starts(line, "read "))
			fresh = is_fresh(line + strlen("read "));
		else if (str_starts(line, "leaf "))
			strlist_push(leaves, line + strlen("leaf "));
		else
			ended = strcmp(line, "end") == 0;
	}
	free(text);
	if (fresh && ended)
		return true;
	strlist_free(leaves);
	return false;
}

/* Others may write the same at the same time. A failure costs time only. */
static void write_entry(const char *path, const struct strlist *leaves,
			struct strlist *deps)
{
	char *temp = xasprintf("%s.%ld", path, (long)getpid());
	char key[2 * SHA256_SIZE + 1];
	FILE *f = fopen(temp, "w");
	size_t i;

	strlist_sort(deps);
	for (i = 0; f && i < deps->n; i++) {
		if (i && strcmp(deps->v[i - 1], deps->v[i]) == 0)
			continue;
		file_key(deps->v[i], key);
		fprintf(f, "read %s %s\n", key, deps->v[i]);
	}
	for (i = 0; f && i < leaves->n; i++)
		fprintf(f, "leaf %s\n", leaves->v[i]);
	if (f && (fputs("end\n", f) < 0 || ferror(f) | fclose(f) ||
		  rename(temp, path) < 0))
		unlink(temp);
	free(temp);
}

bool own_leaf_cached(const struct own_job *j, struct strlist *leaves)
{
	struct strlist deps = {0};
	char *path = entry_path(j);
	bool ok = path && read_entry(path, leaves);

	if (!ok) {
		ok = own_leaf_make(j, leaves, &deps);
		if (ok && path)
			write_entry(path, leaves, &deps);
		strlist_free(&deps);
	}
	free(path);
	return ok;
}
