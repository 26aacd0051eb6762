/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What halvm-ld says about syscalls: the report, forbidden ones, and those
 * that the target always refuses. The analysis is in link_reach.c.
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "link_reach.h"
#include "symname.h"
#include "systab.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 78, MAX_CALLERS = 12 };

static void load_table(const struct link_job *job, struct systab *t)
{
	char *path = path_join(job->in.sysroot, "share/syscalls.tbl");

	systab_load(path, t);
	free(path);
}

/* The column of the table that answers this syscall on the job's target. */
static const char *answer(const struct link_job *job, const struct systab *t,
			  const struct sysent *s)
{
	const char *name = job->target.syscalls;
	int column;

	if (job->args->strict && s->class == CLASS_NEVER &&
	    job->target.strict_syscalls)
		name = job->target.strict_syscalls;
	column = systab_column(t, name);
	if (column < 0)
		die(EXIT_FAILED,
		    "target '%s' wants the column '%s', which the sysroot's "
		    "table of syscalls lacks: the two are of different "
		    "versions",
		    job->target.name, name);
	return s->answer[column];
}

void link_check_forbidden(const struct link_job *job)
{
	const struct strlist *names = &job->args->forbidden;
	struct systab t;
	size_t i;

	if (!names->n)
		return;
	load_table(job, &t);
	for (i = 0; i < names->n; i++)
		if (!systab_find(&t, names->v[i]))
			die(EXIT_USAGE,
			    "--forbid-syscall=%s: there is no syscall of that "
			    "name (halvm-syscalls(7) lists them)",
			    names->v[i]);
	systab_free(&t);
}

/* Words with sep between them, lines broken and indented by four. */
static void print_words(FILE *f, const char *head, const struct strlist *l,
			const char *sep)
{
	size_t col = strlen(head) + 4, i, n;

	fprintf(f, "    %s", head);
	for (i = 0; i < l->n; i++) {
		n = strlen(l->v[i]) + (i + 1 < l->n ? strlen(sep) : 0);
		if (i > 0 && col + n + 1 > WIDTH) {
			fputs("\n        ", f);
			col = 8;
		} else if (i > 0) {
			putc(' ', f);
			col++;
		}
		fprintf(f, "%s%s", l->v[i], i + 1 < l->n ? sep : "");
		col += n;
	}
	putc('\n', f);
}

static void print_chain(FILE *f, const struct reach *r, const char *name)
{
	struct strlist chain = {0};

	reach_chain(r, name, &chain);
	print_words(f, "from ", &chain, " >");
	strlist_free(&chain);
}

static void print_callers(FILE *f, const struct reach *r, const char *name)
{
	struct strlist all = {0}, few = {0};
	size_t i;

	reach_callers(r, name, &all);
	for (i = 0; i < all.n && i < MAX_CALLERS; i++)
		strlist_push(&few, all.v[i]);
	if (all.n > MAX_CALLERS)
		strlist_pushf(&few, "%zu more", all.n - MAX_CALLERS);
	print_words(f, "by   ", &few, ",");
	strlist_free(&all);
	strlist_free(&few);
}

/* What is reached only through the table of syscall(2), as one block. */
static void print_table(FILE *f, const struct link_job *job,
			const struct reach *r, const struct systab *t)
{
	struct strlist names = {0};
	const char *first = NULL;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (reach_syscall(r, t->v[i].name) != REACHED_BY_TABLE)
			continue;
		if (!first)
			first = t->v[i].name;
		if (systab_refused(answer(job, t, &t->v[i])))
			strlist_pushf(&names, "%s (%s)", t->v[i].name,
				      answer(job, t, &t->v[i]));
		else
			strlist_push(&names, t->v[i].name);
	}
	if (!first)
		return;
	strlist_sort(&names);
	fprintf(f, "\nthrough syscall(2), %zu more\n", names.n);
	print_chain(f, r, first);
	print_words(f, "", &names, ",");
	strlist_free(&names);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct sysent *const *)a)->name,
		      (*(struct sysent *const *)b)->name);
}

static void print_report(FILE *f, const struct link_job *job,
			 const struct reach *r)
{
	struct systab t;
	const struct sysent **list;
	size_t i, n = 0, refused = 0;

	load_table(job, &t);
	list = xcalloc(t.n + 1, sizeof *list);
	for (i = 0; i < t.n; i++)
		if (reach_syscall(r, t.v[i].name) == REACHED_BY_NAME)
			list[n++] = &t.v[i];
	qsort(list, n, sizeof *list, by_name);
	for (i = 0; i < n; i++)
		refused += systab_refused(answer(job, &t, list[i]));
	fprintf(f, "%zu syscalls can be reached; target %s%s refuses %zu\n", n,
		job->target.name, job->args->strict ? " --strict" : "",
		refused);
	for (i = 0; i < n; i++) {
		const char *a = answer(job, &t, list[i]);

		fprintf(f, "\n%s: %s, %s%s\n", list[i]->name,
			sysclass_name(list[i]->class),
			systab_refused(a) ? "always refused with "
					  : "answered by ",
			a);
		print_callers(f, r, list[i]->name);
		print_chain(f, r, list[i]->name);
	}
	print_table(f, job, r, &t);
	free(list);
	systab_free(&t);
}

static void write_report(const struct link_job *job, const struct reach *r)
{
	const char *path = job->args->report_file;
	FILE *f = path ? fopen(path, "we") : stdout;
	bool bad;

	if (!f)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	print_report(f, job, r);
	if (!path)
		return; /* the command's end checks stdout */
	bad = ferror(f);
	if (fclose(f) != 0 || bad)
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
}

static bool check_forbidden(const struct link_job *job, const struct reach *r)
{
	const struct strlist *names = &job->args->forbidden;
	enum reached how;
	bool ok = true;
	size_t i;

	for (i = 0; i < names->n; i++) {
		how = reach_syscall(r, names->v[i]);
		if (how == REACHED_NOT)
			continue;
		ok = false;
		fflush(stdout);
		fprintf(stderr,
			"%s: error: the program can reach the forbidden "
			"syscall %s%s\n",
			halvm_progname(), names->v[i],
			how == REACHED_BY_TABLE ? " through syscall(2)" : "");
		print_chain(stderr, r, names->v[i]);
	}
	return ok;
}

bool link_report(const struct link_job *job, const char *portable)
{
	struct reach r;
	bool ok;

	reach_open(&r, portable);
	if (job->args->report)
		write_report(job, &r);
	ok = check_forbidden(job, &r);
	reach_close(&r);
	return ok;
}

/* Cheap first look: does the image hold a stub of a refused syscall? */
static bool image_has_refused(const struct link_job *job,
			      const struct systab *t, const char *image)
{
	const struct sysent *s;
	struct mapfile f;
	struct elf e;
	struct elf_sym y;
	bool found = false;
	uint32_t i;

	if (!mapfile_open(&f, image))
		return false;
	if (elf_open(&e, f.data, f.len) == NULL)
		/* A stripped image tells nothing: ask the graph. */
		found = e.nsym == 0;
	else
		e.nsym = 0;
	for (i = 1; i < e.nsym && !found; i++) {
		elf_symbol(&e, i, &y);
		if (!str_starts(y.name, HALVM_SYSCALL))
			continue;
		s = systab_find(t, y.name + strlen(HALVM_SYSCALL));
		found = s && systab_refused(answer(job, t, s));
	}
	mapfile_close(&f);
	return found;
}

static bool refuses_any(const struct link_job *job, const struct systab *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (systab_refused(answer(job, t, &t->v[i])))
			return true;
	return false;
}

/* Module.name; a C compiler's foo.part.0 has no capital. */
static bool is_qualified(const char *s)
{
	return (isupper((unsigned char)*s) || *s == ':') && strchr(s, '.');
}

/* The end of the chain, from the last Haskell name (or C function) on. */
static char *nearest(const struct reach *r, const char *name)
{
	struct strlist chain = {0}, tail = {0};
	size_t i, start;
	char *s;

	reach_chain(r, name, &chain);
	for (start = chain.n; start > 0; start--)
		if (is_qualified(chain.v[start - 1]))
			break;
	if (start > 0)
		start--;
	else if (chain.n > 3)
		start = chain.n - 3;
	for (i = start; i < chain.n; i++)
		strlist_push(&tail, chain.v[i]);
	s = strlist_join(&tail, " > ");
	strlist_free(&chain);
	strlist_free(&tail);
	return s;
}

static void warn_list(const struct link_job *job, const struct systab *t,
		      const struct reach *r)
{
	size_t i, named = 0, others = 0;
	const char *a;
	char *who;

	for (i = 0; i < t->n; i++) {
		a = answer(job, t, &t->v[i]);
		if (!systab_refused(a))
			continue;
		switch (reach_syscall(r, t->v[i].name)) {
		case REACHED_NOT:
			break;
		case REACHED_BY_TABLE:
			others++;
			break;
		case REACHED_BY_NAME:
			if (!named++)
				warn("the program can reach syscalls that "
				     "target %s%s always refuses "
				     "(-Wno-refused silences this):",
				     job->target.name,
				     job->args->strict ? " --strict" : "");
			who = nearest(r, t->v[i].name);
			fprintf(stderr, "    %s (%s): %s\n", t->v[i].name, a,
				who);
			free(who);
		}
	}
	if (named && others)
		fprintf(stderr, "    and %zu more through syscall(2)\n",
			others);
}

void link_warn_refused(const struct link_job *job, const char *image)
{
	struct systab t;
	struct reach r;
	char *made;

	if (job->args->no_warn_refused)
		return;
	load_table(job, &t);
	if (refuses_any(job, &t) && image_has_refused(job, &t, image)) {
		made = path_join(temp_dir(), "refused.o");
		if (job->portable || link_portable(job, made, made)) {
			reach_open(&r, job->portable ? job->portable : made);
			warn_list(job, &t, &r);
			reach_close(&r);
		}
		free(made);
	}
	systab_free(&t);
}
