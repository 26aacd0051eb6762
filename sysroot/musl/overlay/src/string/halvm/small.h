/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies of at most 128 bytes, which most are. All of the source is loaded
 * before anything is stored, so the two may overlap in any way: memcpy and
 * memmove share this. Head and tail are copied as blocks that overlap, which
 * saves a loop over the rest.
 */
#ifndef HALVM_SMALL_H
#define HALVM_SMALL_H

#include "sse2.h"

#define PAIR(T)                                                                \
	do {                                                                   \
		T head = *(const T *)s,                                        \
		  tail = *(const T *)(s + n - sizeof(T));                      \
		*(T *)d = head;                                                \
		*(T *)(d + n - sizeof(T)) = tail;                              \
	} while (0)

typedef uint16_t __attribute__((__may_alias__, __aligned__(1))) u16;
typedef uint32_t __attribute__((__may_alias__, __aligned__(1))) u32;
typedef uint64_t __attribute__((__may_alias__, __aligned__(1))) u64;

static inline void copy_small(unsigned char *d, const unsigned char *s,
			      size_t n)
{
	v16 a, b, c, e, f, g, h, i;

	if (n <= 16) {
		if (n >= 8)
			PAIR(u64);
		else if (n >= 4)
			PAIR(u32);
		else if (n >= 2)
			PAIR(u16);
		else if (n)
			*d = *s;
		return;
	}
	a = load(s);
	b = load(s + n - 16);
	if (n > 32) {
		c = load(s + 16);
		e = load(s + n - 32);
		if (n > 64) {
			f = load(s + 32);
			g = load(s + 48);
			h = load(s + n - 64);
			i = load(s + n - 48);
			store(d + 32, f);
			store(d + 48, g);
			store(d + n - 64, h);
			store(d + n - 48, i);
		}
		store(d + 16, c);
		store(d + n - 32, e);
	}
	store(d, a);
	store(d + n - 16, b);
}

#endif
