/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256 (FIPS 180-4), for manifests and for names that follow content. */
#ifndef HALVM_DRIVER_SHA256_H
#define HALVM_DRIVER_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64 };

struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t n);
void sha256_end(struct sha256 *s, uint8_t digest[SHA256_SIZE]);
/* As lower-case digits and a NUL. */
void sha256_hex(struct sha256 *s, char text[2 * SHA256_SIZE + 1]);

#endif
