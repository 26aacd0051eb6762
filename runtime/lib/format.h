/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * format.h - text from values: a printf for code without a libc.
 *
 * Conversions: %d %i %u %x %X %o %c %s %p %%, with the flags - and 0, a width
 * (number or *), a precision for %s (number or *) and the lengths hh h l ll z.
 * Anything else is copied as it stands.
 */
#ifndef RUNTIME_LIB_FORMAT_H
#define RUNTIME_LIB_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Like C's snprintf: writes at most size - 1 bytes and a NUL (nothing if size
 * is 0); returns the length of the whole text.
 */
size_t format(char *buf, size_t size, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));
size_t format_va(char *buf, size_t size, const char *fmt, va_list args);

/*
 * The number at *text in base 2 to 16 (0: 10, or 16 after 0x, 8 after 0), and
 * moves *text behind it.  False, with *text unmoved, if there is no digit or
 * the value doesn't fit.
 */
bool parse_number(const char **text, unsigned base, uint64_t *value);

#endif
