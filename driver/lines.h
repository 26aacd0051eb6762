/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What our line-based text files (target.conf, sysroot.conf, syscalls.tbl)
 * share: `#` comments, blank lines, blanks at both ends that don't count, and
 * errors that carry a line number.
 */
#ifndef HALVM_DRIVER_LINES_H
#define HALVM_DRIVER_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Line 0 means the file as a whole. */
struct parse_error {
	unsigned line;
	char text[200];
};

/* Fills e and returns false, to be returned in turn. */
bool parse_fail(struct parse_error *e, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* die(EXIT_FAILED) with "PATH:LINE: TEXT". */
_Noreturn void parse_die(const char *path, const struct parse_error *e);

/* Text inside a buffer, not NUL-terminated. */
struct span {
	const char *p;
	size_t n;
};

bool span_is(struct span s, const char *text);
char *span_dup(struct span s);
struct span span_trim(struct span s);
/* Takes the next blank-separated word off *rest; false if there is none. */
bool span_word(struct span *rest, struct span *word);

struct lines {
	struct span rest;
	unsigned no; /* of the line last returned, from 1 */
};

struct lines lines_start(const char *buf, size_t len);
/* The next line that says something, without its comment and outer blanks. */
bool lines_next(struct lines *l, struct span *line);

/*
 * Each `key = value` line is given to fn; a line without `=` or with an empty
 * key or a NUL byte is an error. Returns false as soon as fn does.
 */
typedef bool conf_fn(void *arg, unsigned line, struct span key,
		     struct span value, struct parse_error *e);
bool conf_parse(const char *buf, size_t len, conf_fn *fn, void *arg,
		struct parse_error *e);

#endif
