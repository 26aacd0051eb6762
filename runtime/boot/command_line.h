/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * command_line.h - the loader's command line with more from elsewhere, in the
 * syntax of boot/options.h.
 */
#ifndef BOOT_COMMAND_LINE_H
#define BOOT_COMMAND_LINE_H

/* Texts of words, each NULL or NUL-terminated; not trusted. */
struct command_line_more {
	const char *options;	 /* halvm.NAME=VALUE */
	const char *environment; /* NAME=VALUE */
	const char *arguments;
};

/*
 * One line of all: the variables come before those of `line`, so that getenv
 * finds them first; the options behind, so that they count; the arguments take
 * the place of the line's if there are any words of them.  A part can't reach
 * beyond itself: a quote that isn't closed, a backslash at its end and a word
 * -- concern it alone.  From heap.h; NULL: no memory.
 */
char *command_line_join(const char *line, const struct command_line_more *more);

#endif
