/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "sse2.h"

void *memchr(const void *src, int c, size_t n)
{
	const unsigned char *s = src, *end;
	const unsigned char *p = (const void *)((uintptr_t)s & -16);
	v16 v = all(c);
	unsigned m;

	if (!n)
		return 0;
	/* n may be SIZE_MAX: the caller knows that c occurs. */
	end = n > UINTPTR_MAX - (uintptr_t)s ? (void *)UINTPTR_MAX : s + n;
	m = equal_at(p, v) & ~0U << (s - p);
	while (!m) {
		p += 16;
		if (p >= end)
			return 0;
		m = equal_at(p, v);
	}
	p += __builtin_ctz(m);
	return p < end ? (void *)p : 0;
}
