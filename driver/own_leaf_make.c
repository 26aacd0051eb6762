/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiling and analysing C sources that GHC can't yet: see own_leaf.h. */
#include "config.h"

#include "own_leaf.h"

#include "leaf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const own_leaf_assumed[] = {"__assert_fail", "abort", NULL};

enum { WORKERS = 2 };

static char *dir; /* the temporary one; workers would make one of their own */

static char *result(int set, size_t i, char kind)
{
	return xasprintf("%s/leaf-%d-%zu.%c", dir, set, i, kind);
}

static void command(const struct own_job *j, int set, size_t i,
		    struct strlist *argv)
{
	char *o = result(set, i, 'o'), *d = result(set, i, 'd');

	strlist_pushf(argv, "%s/halvm-cc", j->in->bindir);
	/*
	 * A table of jumps would be an indirect jump; halvm-ghc has C compiled
	 * without, unless the package insists.
	 */
	strlist_push(argv, "-fno-jump-tables");
	strlist_append(argv, &j->options[set]);
	strlist_push(argv, "-w");
	strlist_push(argv, "-MMD");
	strlist_push(argv, "-MF");
	strlist_push(argv, d);
	strlist_push(argv, "-c");
	strlist_push(argv, j->sources[set].v[i]);
	strlist_push(argv, "-o");
	strlist_push(argv, o);
	free(o);
	free(d);
}

static void be_silent(void)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

/* What doesn't compile is for another system, or will be told by Cabal. */
static _Noreturn void work(const struct own_job *j, int set, size_t first)
{
	size_t i;

	be_silent();
	for (i = first; i < j->sources[set].n; i += WORKERS) {
		struct strlist argv = {0};

		command(j, set, i, &argv);
		run_wait(argv.v);
		strlist_free(&argv);
	}
	_exit(0);
}

static void compile(const struct own_job *j, int set)
{
	pid_t pids[WORKERS];
	size_t i;

	dir = temp_dir();
	fflush(NULL);
	for (i = 0; i < WORKERS && i < j->sources[set].n; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			work(j, set, i);
	}
	while (i-- > 0)
		while (pids[i] > 0 && waitpid(pids[i], NULL, 0) < 0 &&
		       errno == EINTR)
			;
}

/* Names after the colon of a makefile's rule; a blank is written "\ ". */
static void read_deps(const char *path, struct strlist *deps)
{
	size_t len, n;
	char *text = read_file(path, &len), *p, *name;

	p = text ? strstr(text, ": ") : NULL;
	name = xmalloc(text ? len + 1 : 1);
	while (p && *p) {
		p += strcspn(p, " \n");
		while (*p == ' ' || *p == '\n' || (*p == '\\' && p[1] == '\n'))
			p++;
		for (n = 0; *p && *p != ' ' && *p != '\n'; p++) {
			if (*p == '\\' && (p[1] == ' ' || p[1] == '#'))
				p++;
			else if (*p == '\\' && p[1] == '\n')
				break;
			else if (*p == '$' && p[1] == '$')
				p++;
			name[n++] = *p;
		}
		name[n] = 0;
		if (n)
			strlist_push(deps, name);
	}
	free(name);
	free(text);
}

static bool read_lines(const char *path, struct strlist *out)
{
	size_t len;
	char *text = read_file(path, &len), *line, *save = NULL;

	line = text ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save))
		strlist_push(out, line);
	free(text);
	return text;
}

static _Noreturn void analyse_here(const struct own_job *j,
				   const struct strlist *files,
				   const char *answer)
{
	char *known = path_join(j->in->sysroot, "share/leaf-functions");
	struct leaf_options o = {0};
	struct leaf_counts counts;
	struct strlist leaves = {0};
	struct leaf l;
	FILE *f;
	size_t i;

	if (!read_lines(known, &o.known))
		_exit(EXIT_FAILED);
	strlist_sort(&o.known);
	for (i = 0; own_leaf_assumed[i]; i++)
		strlist_push(&o.assumed, own_leaf_assumed[i]);
	leaf_open(&l, files, &(struct strlist){0}, &o);
	leaf_find(&l, &o, &leaves, &counts);
	f = fopen(answer, "w");
	for (i = 0; f && i < leaves.n; i++)
		fprintf(f, "%s\n", leaves.v[i]);
	_exit(f && fclose(f) == 0 ? 0 : EXIT_FAILED);
}

/*
 * In a process of its own, as it dies if an object is damaged or objdump says
 * what isn't understood: then nothing is known, and GHC goes on without.
 */
static bool analyse(const struct own_job *j, const struct strlist *files,
		    struct strlist *leaves)
{
	char *answer = path_join(dir, "leaf-names");
	int status = -1;
	pid_t pid;
	bool ok;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		be_silent();
		analyse_here(j, files, answer);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	ok = status == 0 && read_lines(answer, leaves);
	free(answer);
	return ok;
}

/* With one of the two sets of options. */
static bool make_set(const struct own_job *j, int set, struct strlist *leaves,
		     struct strlist *deps)
{
	struct strlist files = {0};
	char *o, *d;
	bool ok;
	size_t i;

	compile(j, set);
	for (i = 0; i < j->sources[set].n; i++) {
		o = result(set, i, 'o');
		d = result(set, i, 'd');
		if (file_exists(o))
			strlist_push(&files, o);
		read_deps(d, deps);
		free(o);
		free(d);
	}
	for (i = 0; i < j->objects.n; i++)
		if (file_exists(j->objects.v[i]))
			strlist_push(&files, j->objects.v[i]);
	ok = files.n && analyse(j, &files, leaves);
	strlist_free(&files);
	return ok;
}

static bool same(const struct strlist *a, const struct strlist *b)
{
	size_t i;

	for (i = 0; a->n == b->n && i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return a->n == b->n;
}

/* Both are sorted. */
static void keep_common(struct strlist *a, const struct strlist *b)
{
	struct strlist common = {0};
	size_t i = 0, k = 0;
	int c;

	while (i < a->n && k < b->n) {
		c = strcmp(a->v[i], b->v[k]);
		if (c == 0)
			strlist_push(&common, a->v[i]);
		i += c <= 0;
		k += c >= 0;
	}
	strlist_free(a);
	*a = common;
}

bool own_leaf_make(const struct own_job *j, struct strlist *leaves,
		   struct strlist *deps)
{
	struct strlist second = {0};

	if (!make_set(j, 0, leaves, deps))
		return false;
	if (same(&j->options[0], &j->options[1]) &&
	    same(&j->sources[0], &j->sources[1]))
		return true;
	/* Functions that don't compile with these options don't count. */
	if (make_set(j, 1, &second, deps))
		keep_common(leaves, &second);
	strlist_free(&second);
	return true;
}
