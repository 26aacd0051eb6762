/* SPDX-License-Identifier: BSD-3-Clause */
#include "symname.h"

#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What follows a z or a Z, in byte order. */
static const struct {
	char code[3], means;
} codes[] = {
    {"ZC", ':'}, {"ZL", '('}, {"ZM", '['}, {"ZN", ']'},	 {"ZR", ')'},
    {"ZZ", 'Z'}, {"za", '&'}, {"zb", '|'}, {"zc", '^'},	 {"zd", '$'},
    {"ze", '='}, {"zg", '>'}, {"zh", '#'}, {"zi", '.'},	 {"zl", '<'},
    {"zm", '-'}, {"zn", '!'}, {"zp", '+'}, {"zq", '\''}, {"zr", '\\'},
    {"zs", '/'}, {"zt", '*'}, {"zu", '_'}, {"zv", '%'},	 {"zz", 'z'},
};

/* Last parts of labels that name code or data of a Haskell name. Sorted. */
static const char *const suffixes[] = {
    "alt",  "bytes", "closure", "con",	"dflt", "entry",
    "fast", "info",  "ret",	"slow", "srt",	"tbl",
};

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static bool is_suffix(const char *s)
{
	return bsearch(s, suffixes, ARRAY_SIZE(suffixes), sizeof *suffixes,
		       compare);
}

static char *put_utf8(char *o, unsigned long c)
{
	if (c < 0x80) {
		*o++ = (char)c;
	} else if (c < 0x800) {
		*o++ = (char)(0xc0 | c >> 6);
		*o++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*o++ = (char)(0xe0 | c >> 12);
		*o++ = (char)(0x80 | (c >> 6 & 63));
		*o++ = (char)(0x80 | (c & 63));
	} else {
		*o++ = (char)(0xf0 | c >> 18);
		*o++ = (char)(0x80 | (c >> 12 & 63));
		*o++ = (char)(0x80 | (c >> 6 & 63));
		*o++ = (char)(0x80 | (c & 63));
	}
	return o;
}

/* zXXXXU, hexadecimal with a digit first; NULL if it isn't. */
static const char *unicode(const char *p, char **o)
{
	unsigned long c = 0;
	const char *start = ++p;

	for (; isxdigit((unsigned char)*p) && !isupper((unsigned char)*p); p++)
		c = c * 16 + (unsigned long)(isdigit((unsigned char)*p)
						 ? *p - '0'
						 : *p - 'a' + 10);
	if (*p != 'U' || p - start > 7 || c == 0 || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return NULL;
	*o = put_utf8(*o, c);
	return p + 1;
}

/* Tuples: Z3T is (,,), Z3H is (#,,#). NULL if it isn't one. */
static const char *tuple(const char *p, char **o)
{
	unsigned long n = strtoul(p + 1, (char **)&p, 10);
	bool boxed = *p == 'T';
	char *q = *o;

	if ((*p != 'T' && *p != 'H') || n > 64 || (boxed && n == 1))
		return NULL;
	*q++ = '(';
	if (!boxed)
		*q++ = '#';
	while (n > 1) {
		*q++ = ',';
		n--;
	}
	if (!boxed)
		*q++ = '#';
	*q++ = ')';
	*o = q;
	return p + 1;
}

static const char *code(const char *p, char **o)
{
	size_t i;

	if (*p == 'z' && isdigit((unsigned char)p[1]))
		return unicode(p, o);
	if (*p == 'Z' && isdigit((unsigned char)p[1]))
		return tuple(p, o);
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if (strncmp(p, codes[i].code, 2) == 0) {
			*(*o)++ = codes[i].means;
			return p + 2;
		}
	return NULL;
}

char *symname_zdecode(const char *word)
{
	/* Two bytes become at most 33 times as much: Z64H. */
	char *out = xmalloc(strlen(word) * 34 + 1), *o = out;
	const char *p = word;

	while (p && *p) {
		if (*p == 'z' || *p == 'Z')
			p = code(p, &o);
		else if (isalnum((unsigned char)*p))
			*o++ = *p++;
		else
			p = NULL;
	}
	*o = 0;
	if (p && o > out)
		return out;
	free(out);
	return NULL;
}

/* A module: dot-separated names with capitals first, or :Main. */
static bool is_module(const char *s)
{
	if (*s == ':')
		s++;
	for (;;) {
		if (!isupper((unsigned char)*s) && !((unsigned char)*s >= 0x80))
			return false;
		s += strcspn(s, ".");
		if (*s++ != '.')
			return true;
	}
}

static void split(const char *symbol, struct strlist *parts)
{
	const char *end;
	char *part;

	for (; (end = strchr(symbol, '_')); symbol = end + 1) {
		part = xstrndup(symbol, (size_t)(end - symbol));
		strlist_push(parts, part);
		free(part);
	}
	strlist_push(parts, symbol);
}

/*
 * A label is [unit_]Module_name[_unique]_suffix, where _ appears nowhere else.
 * The unit is missing for the program's own modules.
 */
static char *haskell(const char *symbol)
{
	struct strlist parts = {0};
	char *module = NULL, *name = NULL, *out = NULL;
	size_t at;

	split(symbol, &parts);
	for (at = 0; at < 2 && at + 2 < parts.n && !module; at++) {
		module = symname_zdecode(parts.v[at]);
		if (module && !is_module(module)) {
			free(module);
			module = NULL;
		}
	}
	if (module && is_suffix(parts.v[parts.n - 1]))
		name = symname_zdecode(parts.v[at]);
	if (name)
		out = xasprintf("%s.%s", module, name);
	free(module);
	free(name);
	strlist_free(&parts);
	return out;
}

char *symname_pretty(const char *symbol)
{
	char *s = haskell(symbol);

	return s ? s : xstrdup(symbol);
}

bool symname_is_haskell(const char *symbol)
{
	char *s = haskell(symbol);
	bool yes = s != NULL;

	free(s);
	return yes;
}
