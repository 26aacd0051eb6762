/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A reader of JSON (RFC 8259), for files that other tools wrote: the whole
 * text becomes a tree. Nothing is trusted; of a key that stands twice in an
 * object the first counts. Numbers are only checked and kept as text.
 */
#ifndef HALVM_DRIVER_JSON_H
#define HALVM_DRIVER_JSON_H

#include <stddef.h>

#include "lines.h"

/* Arrays and objects within each other; more is no file of ours. */
enum { JSON_DEPTH = 64 };

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_kind kind;
	char *key;	    /* of a member of an object, else NULL */
	char *text;	    /* of a string or number, else NULL */
	struct json *items; /* of an array or object */
	size_t n;
};

/* On false *j is zero. A string with a NUL in it is an error. */
bool json_parse(const char *buf, size_t len, struct json *j,
		struct parse_error *e);
void json_free(struct json *j);

/* The member of that kind; NULL if j is NULL, no object, or has none. */
const struct json *json_member(const struct json *j, const char *key,
			       enum json_kind kind);
/* The text of a member that is a string, or NULL. */
const char *json_text(const struct json *j, const char *key);

#endif
