/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * chacha.c - the ChaCha20 block function (RFC 8439, 2.1 and 2.3).
 */
#include "core/chacha.h"
#include "lib/string.h"

#define DOUBLE_ROUNDS 10

static inline uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline __attribute__((__always_inline__)) void
quarter(uint32_t *s, unsigned a, unsigned b, unsigned c, unsigned d)
{
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b];
	s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d];
	s[b] = rotate(s[b] ^ s[c], 7);
}

void chacha_block(uint32_t out[CHACHA_BLOCK_WORDS],
		  const uint32_t key[CHACHA_KEY_WORDS], uint32_t counter,
		  const uint32_t nonce[3])
{
	/* "expand 32-byte k" */
	uint32_t start[CHACHA_BLOCK_WORDS] = {0x61707865, 0x3320646e,
					      0x79622d32, 0x6b206574};

	memcpy(start + 4, key, CHACHA_KEY_WORDS * sizeof *key);
	start[12] = counter;
	memcpy(start + 13, nonce, 3 * sizeof *nonce);
	memcpy(out, start, sizeof start);
	for (unsigned i = 0; i < DOUBLE_ROUNDS; i++) {
		quarter(out, 0, 4, 8, 12);
		quarter(out, 1, 5, 9, 13);
		quarter(out, 2, 6, 10, 14);
		quarter(out, 3, 7, 11, 15);
		quarter(out, 0, 5, 10, 15);
		quarter(out, 1, 6, 11, 12);
		quarter(out, 2, 7, 8, 13);
		quarter(out, 3, 4, 9, 14);
	}
	for (unsigned i = 0; i < CHACHA_BLOCK_WORDS; i++)
		out[i] += start[i];
	memset(start, 0, sizeof start);
	__asm__ volatile("" : : "r"(start) : "memory");
}
