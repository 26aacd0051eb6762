/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_panic.c - core/panic.h for unit tests: text on stderr, and a panic is
 * the end of the test, as failed.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "core/panic.h"
#include "platform.h"

void (*panic_output)(const char *text, size_t n);
void (*log_output)(const char *text, size_t n);
void (*status_output)(int status);
enum log_level log_level = LOG_WARNING;

void panic(const struct trap_frame *frame, const char *fmt, ...)
{
	va_list args;

	(void)frame;
	fflush(stdout);
	fputs("panic: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	_Exit(STATUS_PANIC);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	va_list args;

	if (level > LOG_WARNING && level > log_level)
		return;
	fputs("# ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}
