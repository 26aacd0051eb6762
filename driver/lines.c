/* SPDX-License-Identifier: BSD-3-Clause */
/* Line-based text files: see lines.h. */
#include "config.h"
#include "lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

bool parse_fail(struct parse_error *e, unsigned line, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	e->line = line;
	return false;
}

void parse_die(const char *path, const struct parse_error *e)
{
	if (e->line)
		die(EXIT_FAILED, "%s:%u: %s", path, e->line, e->text);
	die(EXIT_FAILED, "%s: %s", path, e->text);
}

bool span_is(struct span s, const char *text)
{
	return strlen(text) == s.n && memcmp(s.p, text, s.n) == 0;
}

char *span_dup(struct span s)
{
	return xstrndup(s.p, s.n);
}

/* A carriage return counts as blank: files edited on other systems work. */
static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct span span_trim(struct span s)
{
	while (s.n && blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool span_word(struct span *rest, struct span *word)
{
	struct span s = span_trim(*rest);
	size_t n = 0;
	while (n < s.n && !blank(s.p[n]))
		n++;
	*word = (struct span){s.p, n};
	*rest = (struct span){s.p + n, s.n - n};
	return n > 0;
}

struct lines lines_start(const char *buf, size_t len)
{
	return (struct lines){.rest = {buf, len}};
}

bool lines_next(struct lines *l, struct span *line)
{
	while (l->rest.n) {
		const char *start = l->rest.p;
		const char *nl = memchr(start, '\n', l->rest.n);
		size_t n = nl ? (size_t)(nl - start) : l->rest.n;
		l->rest.p += nl ? n + 1 : n;
		l->rest.n -= nl ? n + 1 : n;
		l->no++;
		const char *comment = n ? memchr(start, '#', n) : NULL;
		if (comment)
			n = (size_t)(comment - start);
		*line = span_trim((struct span){start, n});
		if (line->n)
			return true;
	}
	return false;
}

bool conf_parse(const char *buf, size_t len, conf_fn *fn, void *arg,
		struct parse_error *e)
{
	struct lines l = lines_start(buf, len);
	struct span line;
	while (lines_next(&l, &line)) {
		const char *eq = memchr(line.p, '=', line.n);
		if (!eq)
			return parse_fail(e, l.no, "not a 'key = value' line");
		if (memchr(line.p, '\0', line.n))
			return parse_fail(e, l.no, "there is a NUL byte");
		size_t at = (size_t)(eq - line.p);
		struct span key = span_trim((struct span){line.p, at});
		struct span value =
		    span_trim((struct span){line.p + at + 1, line.n - at - 1});
		if (!key.n)
			return parse_fail(e, l.no, "no key before '='");
		if (!fn(arg, l.no, key, value, e))
			return false;
	}
	return true;
}
