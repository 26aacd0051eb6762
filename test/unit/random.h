/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * random.h - the same random numbers in each run of a test (xorshift64*,
 * Vigna 2016).
 */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <stdint.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static inline uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1du >> 11;
}

static inline unsigned random_below(unsigned n)
{
	return (unsigned)(random_next() % n);
}

#endif
