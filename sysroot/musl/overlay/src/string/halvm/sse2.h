/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the string functions of architecture halvm share: 16 bytes at a time,
 * with the SSE2 that every x86-64 has, by the compiler's vector types (libc is
 * compiled without the compiler's own headers). A 16-byte block that is
 * aligned never crosses a page, so the searching functions may read all of the
 * block in which their string ends.
 */
#ifndef HALVM_SSE2_H
#define HALVM_SSE2_H

#include <stddef.h>
#include <stdint.h>

typedef char v16 __attribute__((__vector_size__(16), __may_alias__));
typedef v16 v16u __attribute__((__aligned__(1), __may_alias__));

static inline v16 load(const void *p)
{
	return *(const v16u *)p;
}

static inline void store(void *p, v16 v)
{
	*(v16u *)p = v;
}

/* To an aligned address. */
static inline void store_aligned(void *p, v16 v)
{
	*(v16 *)p = v;
}

static inline v16 all(int c)
{
	return (v16){0} + (char)c;
}

/* One bit for each byte in which a and b are equal. */
static inline unsigned equal(v16 a, v16 b)
{
	return __builtin_ia32_pmovmskb128((v16)(a == b));
}

/* The same for the aligned block at p. */
static inline unsigned equal_at(const void *p, v16 c)
{
	return equal(*(const v16 *)p, c);
}

#endif
