/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ovfenv.c - what is needed of XML to find a property: elements by their local
 * name, attributes by theirs, in either kind of quotes, and the entities that
 * every document has (XML 1.0, 4.6) or that are numbers.
 */
#include "dev/vmware/ovfenv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/heap.h"
#include "lib/string.h"

#define CODE_MAX 0x10ffff

struct text {
	const char *at;
	size_t length;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool equals(const struct text *t, const char *name)
{
	return strlen(name) == t->length &&
	       strncmp(t->at, name, t->length) == 0;
}

/* A name up to what can't be in one, without its prefix. */
static struct text take_name(const char **at)
{
	const char *p = *at, *start = p;

	for (; *p && !is_blank(*p) && !strchr("=/>\"'<", *p); p++)
		if (*p == ':')
			start = p + 1;
	*at = p;
	return (struct text){start, (size_t)(p - start)};
}

/* name="value", blanks before it; false at the element's end. */
static bool take_attribute(const char **at, struct text *name,
			   struct text *value)
{
	const char *p = *at, *end;

	while (is_blank(*p))
		p++;
	*name = take_name(&p);
	while (is_blank(*p))
		p++;
	if (!name->length || *p++ != '=')
		return false;
	while (is_blank(*p))
		p++;
	if (*p != '"' && *p != '\'')
		return false;
	end = strchr(p + 1, *p);
	if (!end)
		return false;
	*value = (struct text){p + 1, (size_t)(end - p - 1)};
	*at = end + 1;
	return true;
}

/* UTF-8 of a character; never longer than its entity. */
static size_t put_code(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* #NNN or #xHHH; 0 if it is no character. */
static uint32_t number_of(const struct text *t)
{
	bool hex = t->length > 1 && t->at[1] == 'x';
	uint32_t code = 0, base = hex ? 16 : 10;

	for (size_t i = hex ? 2 : 1; i < t->length; i++) {
		char c = t->at[i];
		uint32_t digit = base;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a' + 10);
		if (digit >= base)
			return 0;
		code = code * base + digit;
		if (code > CODE_MAX)
			return 0;
	}
	return code;
}

static uint32_t code_of(const struct text *t)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = {
	    {"amp", '&'},  {"lt", '<'},	   {"gt", '>'},
	    {"quot", '"'}, {"apos", '\''},
	};

	if (t->length && t->at[0] == '#')
		return number_of(t);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (equals(t, entities[i].name))
			return (uint32_t)entities[i].c;
	return 0;
}

/* The value with its entities replaced; NULL if one of them is none. */
static char *plain(const struct text *value)
{
	char *text = heap_alloc(value->length + 1), *to = text;
	const char *p = value->at, *end = p + value->length;

	if (!text)
		return NULL;
	while (p < end) {
		struct text name = {p + 1, 0};
		uint32_t code;

		if (*p != '&') {
			*to++ = *p++;
			continue;
		}
		while (name.at + name.length < end &&
		       name.at[name.length] != ';')
			name.length++;
		code = name.at + name.length < end ? code_of(&name) : 0;
		if (!code) {
			heap_free(text);
			return NULL;
		}
		to += put_code(to, code);
		p = name.at + name.length + 1;
	}
	*to = '\0';
	return text;
}

/* The value of the property whose attributes begin at `at`, if it is `key`. */
static bool is_property(const char *at, const char *key, struct text *value)
{
	struct text name, v;
	bool right = false;

	*value = (struct text){0};

	while (take_attribute(&at, &name, &v)) {
		if (equals(&name, "key"))
			right = equals(&v, key);
		if (equals(&name, "value"))
			*value = v;
	}
	return right && value->length;
}

char *ovfenv_property(const char *document, const char *key)
{
	const char *at = document;
	struct text name, value;

	while ((at = strchr(at, '<'))) {
		at++;
		name = take_name(&at);
		if (equals(&name, "Property") && is_property(at, key, &value))
			return plain(&value);
	}
	return NULL;
}
