/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * strcopy.c - what string.h has beside C's own functions; apart from those, so
 * that a program of the host can have the one without the others.
 */
#include "lib/string.h"

size_t string_copy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);
	size_t n = length < size ? length : size - 1;

	memcpy(to, from, n);
	to[n] = '\0';
	return length;
}
