/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bits.h - bit counts, without the helper functions of libgcc.
 */
#ifndef RUNTIME_LIB_BITS_H
#define RUNTIME_LIB_BITS_H

#include <stdint.h>

/* How many bits are set. */
static inline unsigned bits_count(uint64_t word)
{
	unsigned n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

#endif
