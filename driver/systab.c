/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of syscalls: see systab.h. */
#include "config.h"
#include "systab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIXED_COLUMNS = 4, MAX_NR = 4095, MAX_NAME = 63 };

static const char *const fixed[FIXED_COLUMNS] = {"name", "nr", "nargs",
						 "class"};

static const char *const class_names[CLASS_COUNT] = {
    "memory",  "threads", "clock",  "signals", "files",
    "network", "console", "shared", "never",
};

static const char *const layers[] = {"host", "core", "io", "net"};

const char *sysclass_name(enum sysclass c)
{
	return class_names[c];
}

/* For %.*s: names in messages are cut where they can't be names. */
#define SHOW(s) (int)((s).n < MAX_NAME ? (s).n : MAX_NAME), (s).p

static bool is_name(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && c != '_' &&
		    !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 0 && s.n <= MAX_NAME;
}

static bool is_errno(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'A' && c <= 'Z') && !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 1 && s.n <= MAX_NAME && s.p[0] == 'E';
}

static bool is_layer(struct span s)
{
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		if (span_is(s, layers[i]))
			return true;
	}
	return false;
}

static bool number(struct span s, unsigned max, unsigned *out)
{
	unsigned v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = 10 * v + (unsigned)(s.p[i] - '0');
		if (v > max)
			return false;
	}
	*out = v;
	return s.n > 0;
}

static bool parse_header(struct systab *t, unsigned no, struct span line,
			 struct parse_error *e)
{
	struct span word;
	for (size_t i = 0; i < FIXED_COLUMNS; i++) {
		if (!span_word(&line, &word) || !span_is(word, fixed[i]))
			return parse_fail(e, no,
					  "the header must begin with "
					  "'name nr nargs class'");
	}
	while (span_word(&line, &word)) {
		if (!is_name(word))
			return parse_fail(e, no, "bad column name '%.*s'",
					  SHOW(word));
		if (t->columns.n == SYSTAB_MAX_COLUMNS)
			return parse_fail(e, no,
					  "there are more than %d answer "
					  "columns",
					  SYSTAB_MAX_COLUMNS);
		char *name = span_dup(word);
		bool twice = systab_column(t, name) >= 0;
		strlist_push(&t->columns, name);
		free(name);
		if (twice)
			return parse_fail(e, no, "column '%.*s' is there twice",
					  SHOW(word));
	}
	if (!t->columns.n)
		return parse_fail(e, no, "there is no answer column");
	return true;
}

static bool parse_class(struct span word, enum sysclass *out)
{
	for (int c = 0; c < CLASS_COUNT; c++) {
		if (span_is(word, class_names[c])) {
			*out = (enum sysclass)c;
			return true;
		}
	}
	return false;
}

static bool parse_answers(const struct systab *t, struct sysent *s, unsigned no,
			  struct span line, struct parse_error *e)
{
	struct span word;
	for (size_t i = 0; i < t->columns.n; i++) {
		if (!span_word(&line, &word))
			return parse_fail(e, no, "'%s' has no answer for '%s'",
					  s->name, t->columns.v[i]);
		if (!is_layer(word) && !is_errno(word))
			return parse_fail(e, no,
					  "bad answer '%.*s'; known are host, "
					  "core, io, net and errno names",
					  SHOW(word));
		/* What no unikernel serves can have no layer that does. */
		if (s->class == CLASS_NEVER && !is_errno(word) &&
		    !span_is(word, "host"))
			return parse_fail(e, no,
					  "'%s' is of class never: its answer "
					  "must be host or an errno",
					  s->name);
		s->answer[i] = span_dup(word);
	}
	if (span_word(&line, &word))
		return parse_fail(e, no, "'%.*s' is one column too many",
				  SHOW(word));
	return true;
}

/* Fills a zeroed *s, which its table owns even if this fails. */
static bool parse_entry(const struct systab *t, struct sysent *s, unsigned no,
			struct span line, struct parse_error *e)
{
	struct span word;
	span_word(&line, &word);
	if (!is_name(word))
		return parse_fail(e, no, "bad syscall name '%.*s'", SHOW(word));
	s->name = span_dup(word);
	span_word(&line, &word);
	if (!number(word, MAX_NR, &s->nr))
		return parse_fail(e, no, "bad number '%.*s'", SHOW(word));
	const struct sysent *last = s > t->v ? s - 1 : NULL;
	if (last && last->nr >= s->nr)
		return parse_fail(e, no,
				  "number %u after %u: sort by nr, each once",
				  s->nr, last->nr);
	span_word(&line, &word);
	if (!number(word, SYSTAB_MAX_ARGS, &s->nargs))
		return parse_fail(e, no, "bad argument count '%.*s'",
				  SHOW(word));
	span_word(&line, &word);
	if (!parse_class(word, &s->class))
		return parse_fail(e, no, "unknown class '%.*s'", SHOW(word));
	return parse_answers(t, s, no, line, e);
}

static int by_name(const void *a, const void *b)
{
	const struct sysent *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static bool index_names(struct systab *t, struct parse_error *e)
{
	t->by_name = xcalloc(t->n, sizeof(t->by_name[0]));
	for (size_t i = 0; i < t->n; i++)
		t->by_name[i] = &t->v[i];
	qsort(t->by_name, t->n, sizeof(t->by_name[0]), by_name);
	for (size_t i = 1; i < t->n; i++) {
		const char *name = t->by_name[i]->name;
		if (strcmp(name, t->by_name[i - 1]->name) == 0)
			return parse_fail(e, 0, "'%s' is there twice", name);
	}
	return true;
}

static bool parse_table(const char *buf, size_t len, struct systab *t,
			struct parse_error *e)
{
	struct lines l = lines_start(buf, len);
	struct span line;
	size_t cap = 0;
	if (!lines_next(&l, &line))
		return parse_fail(e, 0, "the table is empty");
	if (!parse_header(t, l.no, line, e))
		return false;
	while (lines_next(&l, &line)) {
		if (t->n == cap) {
			cap = cap ? 2 * cap : 512;
			t->v = xrealloc(t->v, cap * sizeof(t->v[0]));
		}
		struct sysent *s = &t->v[t->n++];
		*s = (struct sysent){0};
		if (!parse_entry(t, s, l.no, line, e))
			return false;
	}
	if (!t->n)
		return parse_fail(e, 0, "the table has no syscall");
	return index_names(t, e);
}

bool systab_parse(const char *buf, size_t len, struct systab *t,
		  struct parse_error *e)
{
	*t = (struct systab){0};
	bool ok = parse_table(buf, len, t, e);
	if (!ok)
		systab_free(t);
	return ok;
}

void systab_free(struct systab *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].name);
		for (size_t c = 0; c < SYSTAB_MAX_COLUMNS; c++)
			free(t->v[i].answer[c]);
	}
	free(t->v);
	free(t->by_name);
	strlist_free(&t->columns);
	*t = (struct systab){0};
}

void systab_load(const char *path, struct systab *t)
{
	struct parse_error e;
	size_t len;
	char *text = read_file(path, &len);
	if (!text)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	if (!systab_parse(text, len, t, &e))
		parse_die(path, &e);
	free(text);
}

const struct sysent *systab_find(const struct systab *t, const char *name)
{
	struct sysent key = {.name = (char *)name}, *p = &key, **hit;
	if (!t->n)
		return NULL;
	hit = bsearch(&p, t->by_name, t->n, sizeof(p), by_name);
	return hit ? *hit : NULL;
}

int systab_column(const struct systab *t, const char *column)
{
	for (size_t i = 0; i < t->columns.n; i++) {
		if (strcmp(t->columns.v[i], column) == 0)
			return (int)i;
	}
	return -1;
}

bool systab_refused(const char *answer)
{
	return answer[0] == 'E';
}
