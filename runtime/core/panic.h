/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * panic.h - the end that was not meant, and messages of the runtime.
 */
#ifndef CORE_PANIC_H
#define CORE_PANIC_H

#include <stddef.h>
#include "arch/context.h"

/*
 * Prints the cause, the registers of frame (NULL: the caller's place) and a
 * backtrace, and ends the machine with STATUS_PANIC.  Any context.
 */
_Noreturn void panic(const struct trap_frame *frame, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Where the panic's text goes beside platform_log; set by boot. */
extern void (*panic_output)(const char *text, size_t n);

/*
 * Tells the exit status to who runs the machine, after all output.  Set by
 * boot; called last of all by process_exit, which may sleep in it, and by
 * panic.
 */
extern void (*status_output)(int status);

/*
 * A line for who runs the machine, "halvm: " before it; \n is added.  Errors
 * and warnings always, the rest with halvm.log=debug.
 */
enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
extern enum log_level log_level; /* default LOG_WARNING */
extern void (*log_output)(const char *text, size_t n);
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

#endif
