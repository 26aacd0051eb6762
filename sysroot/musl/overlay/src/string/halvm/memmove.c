/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "small.h"

void *memmove(void *dest, const void *src, size_t n)
{
	unsigned char *d = dest;
	const unsigned char *s = src;
	v16 a, b, c, e, edge;

	if (n <= 128) {
		copy_small(d, s, n);
		return dest;
	}
	if ((uintptr_t)d - (uintptr_t)s >= n &&
	    (uintptr_t)s - (uintptr_t)d >= n)
		return memcpy(d, s, n);
	if (d == s)
		return dest;
	/* Away from the overlap; the far edge is loaded before it is hit. */
	if (d < s) {
		edge = load(s + n - 16);
		for (; n > 64; d += 64, s += 64, n -= 64) {
			a = load(s);
			b = load(s + 16);
			c = load(s + 32);
			e = load(s + 48);
			store(d, a);
			store(d + 16, b);
			store(d + 32, c);
			store(d + 48, e);
		}
		for (; n > 16; d += 16, s += 16, n -= 16)
			store(d, load(s));
		store(d + n - 16, edge);
		return dest;
	}
	edge = load(s);
	for (; n > 64; n -= 64) {
		a = load(s + n - 16);
		b = load(s + n - 32);
		c = load(s + n - 48);
		e = load(s + n - 64);
		store(d + n - 16, a);
		store(d + n - 32, b);
		store(d + n - 48, c);
		store(d + n - 64, e);
	}
	for (; n > 16; n -= 16)
		store(d + n - 16, load(s + n - 16));
	store(d, edge);
	return dest;
}
