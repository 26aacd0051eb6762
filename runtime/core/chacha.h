/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * chacha.h - the ChaCha20 block function (RFC 8439, 2.3).
 */
#ifndef CORE_CHACHA_H
#define CORE_CHACHA_H

#include <stdint.h>

#define CHACHA_KEY_WORDS 8
#define CHACHA_BLOCK_WORDS 16

/* 64 bytes as little-endian words; nonce as in RFC 8439: 96 bits. */
void chacha_block(uint32_t out[CHACHA_BLOCK_WORDS],
		  const uint32_t key[CHACHA_KEY_WORDS], uint32_t counter,
		  const uint32_t nonce[3]);

#endif
