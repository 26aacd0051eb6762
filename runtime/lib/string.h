/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * string.h - C's memory and string functions, for code without a libc.
 * All are safe in interrupt context: no vector registers.  The compiler may
 * emit calls of the first four.
 */
#ifndef RUNTIME_LIB_STRING_H
#define RUNTIME_LIB_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/*
 * Copies at most size - 1 bytes and always ends with NUL; returns strlen of
 * what it wanted to copy, so that >= size tells truncation.  size > 0.
 */
size_t string_copy(char *to, const char *from, size_t size);

#endif
