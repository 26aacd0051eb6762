/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "small.h"

/* From here on the CPU's own block move is the faster loop. */
#define BLOCK_MOVE 2048

void *memcpy(void *restrict dest, const void *restrict src, size_t n)
{
	unsigned char *d = dest;
	const unsigned char *s = src;
	v16 last;
	size_t skip;

	if (n <= 128) {
		copy_small(d, s, n);
		return dest;
	}
	if (n >= BLOCK_MOVE) {
		void *to = d;
		__asm__ volatile("rep movsb"
				 : "+D"(to), "+S"(s), "+c"(n)
				 :
				 : "memory");
		return dest;
	}
	/* Head unaligned, then 64 bytes a round to an aligned destination. */
	last = load(s + n - 16);
	store(d, load(s));
	skip = 16 - ((uintptr_t)d & 15);
	d += skip;
	s += skip;
	n -= skip;
	for (; n > 64; d += 64, s += 64, n -= 64) {
		v16 a = load(s), b = load(s + 16);
		v16 c = load(s + 32), e = load(s + 48);

		store_aligned(d, a);
		store_aligned(d + 16, b);
		store_aligned(d + 32, c);
		store_aligned(d + 48, e);
	}
	for (; n > 16; d += 16, s += 16, n -= 16)
		store_aligned(d, load(s));
	store(d + n - 16, last);
	return dest;
}
