/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "small.h"

static inline int at(const unsigned char *l, const unsigned char *r, size_t i)
{
	return l[i] - r[i];
}

/* One bit for each of the 16 bytes that differ. */
static inline unsigned differ(const unsigned char *l, const unsigned char *r)
{
	return 0xffff & ~equal(load(l), load(r));
}

int memcmp(const void *vl, const void *vr, size_t n)
{
	const unsigned char *l = vl, *r = vr;
	size_t i;
	unsigned m;

	if (n < 16) {
		if (n >= 8) {
			uint64_t x = *(const u64 *)l ^ *(const u64 *)r;

			if (x)
				return at(l, r, __builtin_ctzll(x) / 8);
			x = *(const u64 *)(l + n - 8) ^
			    *(const u64 *)(r + n - 8);
			return x ? at(l, r, n - 8 + __builtin_ctzll(x) / 8) : 0;
		}
		for (i = 0; i < n; i++)
			if (l[i] != r[i])
				return at(l, r, i);
		return 0;
	}
	for (i = 0; i + 16 <= n; i += 16)
		if ((m = differ(l + i, r + i)))
			return at(l, r, i + __builtin_ctz(m));
	if (i == n)
		return 0;
	i = n - 16;
	m = differ(l + i, r + i);
	return m ? at(l, r, i + __builtin_ctz(m)) : 0;
}
