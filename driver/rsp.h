/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Response files: an argument @FILE stands for the arguments in FILE.
 *
 * The syntax is GCC's (libiberty's buildargv): arguments are separated by
 * white space; ' and " quote; a backslash takes the next character as it is,
 * inside quotes too. GHC's linker and C compiler calls write `\n` inside "..."
 * for a newline and `\\` for each backslash (GHC.SysTools.Process), so
 * there it is a newline; GCC would read an `n`, which nobody writes so.
 */
#ifndef HALVM_DRIVER_RSP_H
#define HALVM_DRIVER_RSP_H

#include <stdbool.h>
#include <stddef.h>

#include "lines.h"
#include "util.h"

/* Appends the arguments in the text; on false *out holds those before. */
bool rsp_parse(const char *buf, size_t len, struct strlist *out,
	       struct parse_error *e);

/*
 * Replaces each @FILE of argv[1] ... by its arguments, also inside FILE. As in
 * GCC, @FILE with no such file is an argument of that name. Dies on a file that
 * can't be read, on bad text, and on files that name each other in a circle.
 */
void rsp_expand(char *const argv[], struct strlist *out);

/* The text of a response file with these arguments. */
char *rsp_text(const struct strlist *args);

/*
 * Becomes the program argv[0], by way of a response file if its arguments would
 * be too many for the kernel.
 */
_Noreturn void rsp_exec(const struct strlist *argv);

#endif
