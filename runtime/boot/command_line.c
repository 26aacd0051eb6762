/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * command_line.c - puts words together without taking their quotes off.
 *
 * The line is written twice: the first time only its length is counted.
 */
#include "boot/command_line.h"

#include <stdbool.h>
#include "core/heap.h"
#include "lib/string.h"

#define ENV "halvm.env="

struct output {
	char *to; /* NULL: count only */
	size_t length;
};

static void put(struct output *o, const char *text, size_t n)
{
	if (o->to)
		memcpy(o->to + o->length, text, n);
	o->length += n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A word as it stands in a text, quotes and all. */
struct word {
	const char *start, *end;
	bool is_dashes;	     /* it is -- when unquoted */
	bool open_quote;     /* the text ends within quotes */
	bool open_backslash; /* or with a backslash */
};

/* The word at *text, which moves behind it; false if there is none. */
static bool next_word(const char **text, struct word *w)
{
	const char *p = *text;
	unsigned dashes = 0, others = 0;

	while (is_blank(*p))
		p++;
	*w = (struct word){.start = p};
	for (; *p && (w->open_quote || !is_blank(*p)); p++) {
		if (*p == '"') {
			w->open_quote = !w->open_quote;
			continue;
		}
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '\\')
			w->open_backslash = true;
		if (*p == '-')
			dashes++;
		else
			others++;
	}
	w->end = p;
	w->is_dashes = dashes == 2 && !others;
	*text = p;
	return w->end > w->start;
}

static void put_word(struct output *o, const char *prefix, const struct word *w)
{
	if (o->length)
		put(o, " ", 1);
	put(o, prefix, strlen(prefix));
	put(o, w->start, (size_t)(w->end - w->start));
	if (w->open_backslash)
		put(o, "\\", 1);
	if (w->open_quote)
		put(o, "\"", 1);
}

/* All words up to --, with which it stops (true) or which it leaves out. */
static bool put_words(struct output *o, const char **text, const char *prefix,
		      bool stop)
{
	struct word w;

	while (next_word(text, &w)) {
		if (!w.is_dashes)
			put_word(o, prefix, &w);
		else if (stop)
			return true;
	}
	return false;
}

/* What follows --, of which -- may be, too. */
static void put_arguments(struct output *o, const char *text)
{
	struct word w;

	put(o, " --", 3);
	while (next_word(&text, &w))
		put_word(o, "", &w);
}

static void put_line(struct output *o, const char *line,
		     const struct command_line_more *more)
{
	const char *environment = more->environment ? more->environment : "";
	const char *options = more->options ? more->options : "";
	struct word first;
	const char *probe = more->arguments;
	bool has_arguments;

	put_words(o, &environment, ENV, false);
	has_arguments = put_words(o, &line, "", true);
	put_words(o, &options, "", false);
	if (probe && next_word(&probe, &first))
		put_arguments(o, more->arguments);
	else if (has_arguments)
		put_arguments(o, line);
}

char *command_line_join(const char *line, const struct command_line_more *more)
{
	struct output o = {0};

	put_line(&o, line, more);
	o.to = heap_alloc(o.length + 1);
	if (!o.to)
		return NULL;
	o.length = 0;
	put_line(&o, line, more);
	o.to[o.length] = '\0';
	return o.to;
}
