/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fields of a .cabal file that say how C sources are compiled. Only what
 * that needs is understood of the format (Cabal user guide, "package
 * description"): fields, indentation, conditions. What isn't understood is
 * passed over; halvm-ld finds out if that was wrong.
 */
#include "config.h"

#include "own_leaf.h"

#include "lines.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32 };

/* Whether a condition can hold, can fail, and holds with default flags. */
struct cond {
	bool may, may_not, now;
};

static const struct cond always = {true, false, true};
static const struct cond never = {false, true, false};

static struct cond both(struct cond a, struct cond b)
{
	return (struct cond){a.may && b.may, a.may_not || b.may_not,
			     a.now && b.now};
}

static struct cond not(struct cond a)
{
	return (struct cond){a.may_not, a.may, !a.now};
}

static struct cond either(struct cond a, struct cond b)
{
	return not(both(not(a), not(b)));
}

/* A place whose indentation holds what is deeper. */
struct block {
	int indent;
	struct cond cond;
	struct cond tried; /* of the if, elif … read last inside it */
};

struct reader {
	struct own_package *p;
	const char *ghc;
	struct strlist on; /* flags that are on by default, lower case */
	bool flags;	   /* this pass reads only them */
	char flag[64];	   /* in the section of this flag */
	struct block blocks[DEPTH_MAX];
	int depth;
};

/* Conditions, by recursive descent; s->n shrinks as they are read. */
static struct cond condition(const struct reader *r, struct span *s, int depth);

static void blanks(struct span *s)
{
	while (s->n && isspace((unsigned char)*s->p)) {
		s->p++;
		s->n--;
	}
}

static bool take(struct span *s, const char *text)
{
	size_t n = strlen(text);

	blanks(s);
	if (s->n < n || memcmp(s->p, text, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static int compare_versions(const char *a, const char *b)
{
	char *end_a, *end_b;
	long x, y;

	for (;;) {
		x = strtol(a, &end_a, 10);
		y = strtol(b, &end_b, 10);
		if (end_a == a || end_b == b)
			return (end_a != a) - (end_b != b);
		if (x != y)
			return x < y ? -1 : 1;
		a = *end_a == '.' ? end_a + 1 : end_a;
		b = *end_b == '.' ? end_b + 1 : end_b;
	}
}

/* impl(ghc >= 8.2 && < 9): only the first bound is looked at. */
static struct cond implementation(const struct reader *r, const char *arg)
{
	const char *p = arg + strcspn(arg, " <>=^");
	size_t op;
	int c;

	if (strncasecmp(arg, "ghc", (size_t)(p - arg)) != 0)
		return never;
	p += strspn(p, " ");
	op = strspn(p, "<>=^");
	if (!op || strpbrk(p, "&|*") || *p == '^')
		return (struct cond){true, true, true};
	c = compare_versions(r->ghc, p + op + strspn(p + op, " "));
	if ((p[0] == '<' && c < 0) || (p[0] == '>' && c > 0) ||
	    (memchr(p, '=', op) && c == 0))
		return always;
	return never;
}

static struct cond test(const struct reader *r, const char *what,
			const char *arg)
{
	size_t i;

	if (strcasecmp(what, "os") == 0)
		return strcasecmp(arg, "linux") == 0 ? always : never;
	if (strcasecmp(what, "arch") == 0)
		return strcasecmp(arg, "x86_64") == 0 ? always : never;
	if (strcasecmp(what, "impl") == 0)
		return implementation(r, arg);
	for (i = 0; i < r->on.n; i++)
		if (strcasecmp(r->on.v[i], arg) == 0)
			return (struct cond){true, true, true};
	return (struct cond){true, true, false};
}

static struct cond atom(const struct reader *r, struct span *s, int depth)
{
	char what[16], arg[80];
	struct cond c;
	size_t n = 0;

	if (depth > DEPTH_MAX)
		return (struct cond){true, true, true};
	if (take(s, "!"))
		return not(atom(r, s, depth + 1));
	if (take(s, "(")) {
		c = condition(r, s, depth + 1);
		take(s, ")");
		return c;
	}
	for (; s->n && isalpha((unsigned char)*s->p); s->p++, s->n--)
		if (n < sizeof what - 1)
			what[n++] = *s->p;
	what[n] = 0;
	if (strcasecmp(what, "true") == 0)
		return always;
	if (strcasecmp(what, "false") == 0)
		return never;
	n = 0;
	if (take(s, "(")) {
		blanks(s);
		for (; s->n && *s->p != ')'; s->p++, s->n--)
			if (n < sizeof arg - 1)
				arg[n++] = *s->p;
		take(s, ")");
	}
	while (n && isspace((unsigned char)arg[n - 1]))
		n--;
	arg[n] = 0;
	return test(r, what, arg);
}

static struct cond condition(const struct reader *r, struct span *s, int depth)
{
	struct cond all, any = never;

	do {
		all = atom(r, s, depth);
		while (take(s, "&&"))
			all = both(all, atom(r, s, depth));
		any = either(any, all);
	} while (take(s, "||"));
	return any;
}

/* The words of a value: by blanks, by commas as well if `commas`; "a b" is one.
 */
static void words(struct span v, bool commas, struct strlist *out)
{
	size_t i = 0, n;
	char *word;

	while (i < v.n) {
		if (isspace((unsigned char)v.p[i]) ||
		    (commas && v.p[i] == ',')) {
			i++;
			continue;
		}
		word = xmalloc(v.n - i + 1);
		if (v.p[i] == '"') {
			for (n = 0, i++; i < v.n && v.p[i] != '"'; i++) {
				if (v.p[i] == '\\' && i + 1 < v.n)
					i++;
				word[n++] = v.p[i];
			}
			i++;
		} else {
			for (n = 0;
			     i < v.n && !isspace((unsigned char)v.p[i]) &&
			     !(commas && v.p[i] == ',');
			     i++)
				word[n++] = v.p[i];
		}
		word[n] = 0;
		strlist_push(out, word);
		free(word);
	}
}

static bool is(struct span s, const char *text)
{
	return s.n == strlen(text) && strncasecmp(s.p, text, s.n) == 0;
}

static void field(struct reader *r, struct span name, struct span value)
{
	struct cond c = r->blocks[r->depth].cond;

	value = span_trim(value);
	if (r->flags) {
		if (r->flag[0] && is(name, "default") && is(value, "false"))
			r->flag[0] = 0;
		return;
	}
	if (is(name, "c-sources") || is(name, "asm-sources")) {
		if (c.now)
			words(value, true, &r->p->sources[0]);
		if (c.may)
			words(value, true, &r->p->sources[1]);
	} else if (is(name, "extra-libraries")) {
		if (c.now)
			words(value, true, &r->p->libraries);
	} else if (is(name, "cc-options")) {
		if (c.now)
			words(value, false, &r->p->options[0]);
		if (c.may)
			words(value, false, &r->p->options[1]);
	} else if (is(name, "ghc-options") && c.may &&
		   memmem(value.p, value.n, "-O", 2)) {
		r->p->levels = true;
	}
}

static void end_flag(struct reader *r)
{
	if (r->flags && r->flag[0])
		strlist_push(&r->on, r->flag);
	r->flag[0] = 0;
}

/* A line that begins a section or a branch. */
static void header(struct reader *r, int indent, struct span line)
{
	struct block *top = &r->blocks[r->depth];
	struct cond c = always;
	struct span word, rest = line;

	end_flag(r);
	while (take(&rest, "}"))
		;
	if (rest.n && rest.p[rest.n - 1] == '{')
		rest.n--;
	line = rest;
	if (!span_word(&rest, &word))
		return;
	if (is(word, "flag"))
		snprintf(r->flag, sizeof r->flag, "%.*s",
			 (int)span_trim(rest).n, span_trim(rest).p);
	if (take(&line, "if")) {
		c = condition(r, &line, 0);
		top->tried = c;
	} else if (take(&line, "elif")) {
		c = both(not(top->tried), condition(r, &line, 0));
		top->tried = either(top->tried, c);
	} else if (take(&line, "else")) {
		c = not(top->tried);
	}
	if (r->depth + 1 == DEPTH_MAX)
		return;
	r->depth++;
	r->blocks[r->depth] = (struct block){indent, both(top->cond, c), never};
}

/* Name and first part of the value, if it is the first line of a field. */
static bool is_field(struct span line, struct span *name, struct span *value)
{
	size_t n = 0, colon;

	while (n < line.n && (isalnum((unsigned char)line.p[n]) ||
			      line.p[n] == '-' || line.p[n] == '_'))
		n++;
	for (colon = n; colon < line.n && line.p[colon] == ' '; colon++)
		;
	if (!n || colon == line.n || line.p[colon] != ':')
		return false;
	*name = (struct span){line.p, n};
	*value = (struct span){line.p + colon + 1, line.n - colon - 1};
	return true;
}

/* The next line that isn't blank or a comment; its indentation, or -1. */
static int next_line(struct span *text, struct span *line)
{
	const char *end;
	size_t n, i;

	while (text->n) {
		end = memchr(text->p, '\n', text->n);
		n = end ? (size_t)(end - text->p) : text->n;
		*line = (struct span){text->p, n};
		n += end != NULL;
		text->p += n;
		text->n -= n;
		for (i = 0; i < line->n && isspace((unsigned char)line->p[i]);
		     i++)
			;
		*line = span_trim(*line);
		if (line->n &&
		    !(line->n >= 2 && line->p[0] == '-' && line->p[1] == '-'))
			return (int)i;
	}
	return -1;
}

static void leave(struct reader *r, int indent)
{
	while (r->depth && r->blocks[r->depth].indent >= indent)
		r->depth--;
}

/* Lines that stand deeper than a field's first one go on with its value. */
static void read_field(struct reader *r, int indent, struct span name,
		       struct span value, struct span *text)
{
	struct strlist parts = {0};
	struct span rest = *text, line;
	char *joined;

	strlist_pushf(&parts, "%.*s", (int)value.n, value.p);
	while (next_line(&rest, &line) > indent) {
		strlist_pushf(&parts, "%.*s", (int)line.n, line.p);
		*text = rest;
	}
	joined = strlist_join(&parts, " ");
	field(r, name, (struct span){joined, strlen(joined)});
	free(joined);
	strlist_free(&parts);
}

static void pass(struct reader *r, struct span text)
{
	struct span line, name, value;
	int indent;

	r->depth = 0;
	r->blocks[0] = (struct block){-1, always, never};
	while ((indent = next_line(&text, &line)) >= 0) {
		leave(r, indent);
		if (is_field(line, &name, &value))
			read_field(r, indent, name, value, &text);
		else
			header(r, indent, line);
	}
	end_flag(r);
}

void own_package_read(const char *text, size_t len, const char *ghc,
		      struct own_package *p)
{
	struct reader r = {.p = p, .ghc = ghc, .flags = true};
	struct span all = {text, len};

	pass(&r, all);
	r.flags = false;
	pass(&r, all);
	strlist_free(&r.on);
}

void own_package_free(struct own_package *p)
{
	strlist_free(&p->sources[0]);
	strlist_free(&p->sources[1]);
	strlist_free(&p->libraries);
	strlist_free(&p->options[0]);
	strlist_free(&p->options[1]);
}
