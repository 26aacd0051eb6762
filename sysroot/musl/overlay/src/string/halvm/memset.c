/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include "small.h"

/* From here on the CPU's own block store is the faster loop. */
#define BLOCK_STORE 2048

void *memset(void *dest, int c, size_t n)
{
	unsigned char *d = dest, *end = d + n;
	uint64_t w = (unsigned char)c * 0x0101010101010101u;
	v16 v = all(c);

	if (n < 16) {
		if (n >= 8) {
			*(u64 *)d = w;
			*(u64 *)(end - 8) = w;
		} else if (n >= 4) {
			*(u32 *)d = (uint32_t)w;
			*(u32 *)(end - 4) = (uint32_t)w;
		} else if (n) {
			d[0] = d[n / 2] = end[-1] = (unsigned char)c;
		}
		return dest;
	}
	if (n >= BLOCK_STORE) {
		void *to = d;
		__asm__ volatile("rep stosb"
				 : "+D"(to), "+c"(n)
				 : "a"(c)
				 : "memory");
		return dest;
	}
	store(d, v);
	store(end - 16, v);
	for (d += 16 - ((uintptr_t)d & 15); end - d > 16; d += 16)
		store_aligned(d, v);
	return dest;
}
