/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading JSON: see json.h. */
#include "config.h"
#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

struct reader {
	const char *p, *end;
	unsigned line;
	struct parse_error *e;
};

static bool fail(struct reader *r, const char *what)
{
	return parse_fail(r->e, r->line, "%s", what);
}

static void skip_blanks(struct reader *r)
{
	for (; r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p; r->p++)
		r->line += *r->p == '\n';
}

/* Whether the next byte, blanks aside, is that one, which is then read. */
static bool take(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->p >= r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool hex4(struct reader *r, uint32_t *v)
{
	static const char digits[] = "0123456789abcdef";

	*v = 0;
	if (r->end - r->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = *r->p++;
		const char *d;

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		d = c ? strchr(digits, c) : NULL;
		if (!d)
			return false;
		*v = *v << 4 | (uint32_t)(d - digits);
	}
	return true;
}

static char *put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

/* What follows \u; two of them make a character above U+FFFF. */
static bool read_unicode(struct reader *r, char **out)
{
	uint32_t c, low;

	if (!hex4(r, &c) || c == 0)
		return false;
	if (c >= 0xd800 && c < 0xdc00) {
		if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
			return false;
		r->p += 2;
		if (!hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return false;
	}
	*out = put_utf8(*out, c);
	return true;
}

static bool read_escape(struct reader *r, char **out)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *at;
	char c;

	if (r->p >= r->end)
		return false;
	c = *r->p++;
	if (c == 'u')
		return read_unicode(r, out);
	at = c ? strchr(names, c) : NULL;
	if (at)
		*(*out)++ = values[at - names];
	return at;
}

/* The opening quote is read. No escape is shorter than what it stands for. */
static bool read_string(struct reader *r, char **text)
{
	const char *quote = r->p;
	char *out;

	while (quote < r->end && *quote != '"')
		quote += *quote == '\\' ? 2 : 1;
	if (quote >= r->end)
		return fail(r, "a string doesn't end");
	out = *text = xmalloc((size_t)(quote - r->p) + 1);
	while (*r->p != '"') {
		unsigned char c = (unsigned char)*r->p++;

		if (c == '\\' ? !read_escape(r, &out) : c < ' ') {
			free(*text);
			*text = NULL;
			return fail(r, c == '\\'
					   ? "an escape in a string is wrong"
					   : "a control character in a string");
		}
		if (c != '\\')
			*out++ = (char)c;
	}
	r->p++;
	*out = '\0';
	return true;
}

static bool read_digits(struct reader *r)
{
	const char *start = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > start;
}

static bool read_number(struct reader *r, struct json *j)
{
	const char *start = r->p;
	bool ok;

	r->p += *r->p == '-';
	ok = read_digits(r);
	if (ok && r->p < r->end && *r->p == '.') {
		r->p++;
		ok = read_digits(r);
	}
	if (ok && r->p < r->end && (*r->p == 'e' || *r->p == 'E')) {
		r->p++;
		if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
			r->p++;
		ok = read_digits(r);
	}
	if (!ok)
		return fail(r, "what should be a value is none");
	j->kind = JSON_NUMBER;
	j->text = xstrndup(start, (size_t)(r->p - start));
	return true;
}

static bool read_word(struct reader *r, struct json *j)
{
	static const struct {
		const char *text;
		enum json_kind kind;
	} words[] = {
	    {"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i].text);

		if ((size_t)(r->end - r->p) < n ||
		    memcmp(r->p, words[i].text, n) != 0)
			continue;
		r->p += n;
		j->kind = words[i].kind;
		return true;
	}
	return read_number(r, j);
}

static bool read_value(struct reader *r, struct json *j, int depth);

static struct json *new_item(struct json *j)
{
	/* Powers of two are full: 1, 2, 4 … */
	if (!(j->n & (j->n - 1)))
		j->items = xrealloc(j->items,
				    (j->n ? 2 * j->n : 1) * sizeof(*j->items));
	j->items[j->n] = (struct json){0};
	return &j->items[j->n++];
}

/* The opening bracket is read. */
static bool read_items(struct reader *r, struct json *j, char close, int depth)
{
	if (depth >= JSON_DEPTH)
		return fail(r, "values nest too deep");
	if (take(r, close))
		return true;
	do {
		struct json *item = new_item(j);

		if (j->kind == JSON_OBJECT) {
			if (!take(r, '"'))
				return fail(r, "a key is missing");
			if (!read_string(r, &item->key))
				return false;
			if (!take(r, ':'))
				return fail(r, "':' is missing after a key");
		}
		if (!read_value(r, item, depth + 1))
			return false;
	} while (take(r, ','));
	if (!take(r, close))
		return fail(r, "',' or a closing bracket is missing");
	return true;
}

static bool read_value(struct reader *r, struct json *j, int depth)
{
	if (take(r, '{')) {
		j->kind = JSON_OBJECT;
		return read_items(r, j, '}', depth);
	}
	if (take(r, '[')) {
		j->kind = JSON_ARRAY;
		return read_items(r, j, ']', depth);
	}
	if (take(r, '"')) {
		j->kind = JSON_STRING;
		return read_string(r, &j->text);
	}
	if (r->p >= r->end)
		return fail(r, "it ends too early");
	return read_word(r, j);
}

bool json_parse(const char *buf, size_t len, struct json *j,
		struct parse_error *e)
{
	struct reader r = {buf, buf + len, 1, e};
	bool ok;

	*j = (struct json){0};
	ok = read_value(&r, j, 0);
	skip_blanks(&r);
	if (ok && r.p < r.end)
		ok = fail(&r, "something follows the end");
	if (!ok)
		json_free(j);
	return ok;
}

void json_free(struct json *j)
{
	for (size_t i = 0; i < j->n; i++)
		json_free(&j->items[i]);
	free(j->items);
	free(j->key);
	free(j->text);
	*j = (struct json){0};
}

const struct json *json_member(const struct json *j, const char *key,
			       enum json_kind kind)
{
	for (size_t i = 0; j && j->kind == JSON_OBJECT && i < j->n; i++)
		if (strcmp(j->items[i].key, key) == 0)
			return j->items[i].kind == kind ? &j->items[i] : NULL;
	return NULL;
}

const char *json_text(const struct json *j, const char *key)
{
	const struct json *m = json_member(j, key, JSON_STRING);

	return m ? m->text : NULL;
}
