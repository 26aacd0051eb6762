/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "sse2.h"

size_t strlen(const char *s)
{
	const char *p = (const void *)((uintptr_t)s & -16);
	v16 zero = all(0);
	unsigned m = equal_at(p, zero) & ~0U << (s - p);

	while (!m)
		m = equal_at(p += 16, zero);
	return p + __builtin_ctz(m) - s;
}
