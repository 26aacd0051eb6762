/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The string functions of architecture halvm against the host's: random
 * lengths, alignments and overlaps, in a buffer between two unmapped pages, so
 * that a byte read or written too far is a fault. Each source is included
 * under another name.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "check.h"

#define memcpy halvm_memcpy
#define memmove halvm_memmove
#define memset halvm_memset
#define memcmp halvm_memcmp
#define memchr halvm_memchr
#define strlen halvm_strlen
#include "../../sysroot/musl/overlay/src/string/halvm/memcpy.c"
#include "../../sysroot/musl/overlay/src/string/halvm/memmove.c"
#include "../../sysroot/musl/overlay/src/string/halvm/memset.c"
#include "../../sysroot/musl/overlay/src/string/halvm/memcmp.c"
#include "../../sysroot/musl/overlay/src/string/halvm/memchr.c"
#include "../../sysroot/musl/overlay/src/string/halvm/strlen.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen

#define PAGE 4096
#define SIZE (9 * PAGE)
#define ROUNDS 60000

static unsigned char *buf, *ref;

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* Where a piece of n bytes starts: often at the very end of the buffer. */
static size_t place(size_t n)
{
	return rand() % 4 == 0 ? SIZE - n : (size_t)rand() % (SIZE - n + 1);
}

static size_t some_length(void)
{
	switch (rand() % 4) {
	case 0:
		return (size_t)rand() % 33;
	case 1:
		return (size_t)rand() % 300;
	case 2:
		return 2000 + (size_t)rand() % 100;
	default:
		return (size_t)rand() % 9000;
	}
}

/* One round of each function; the name of the first that is wrong, or NULL. */
static const char *round_of_tests(void)
{
	size_t n = some_length(), a = place(n);
	size_t b = rand() % 2 ? place(n) : a + (size_t)rand() % 200;
	int c = rand() % 256;

	if (b + n > SIZE)
		b = SIZE - n;
	memcpy(ref, buf, SIZE);
	memmove(ref + b, ref + a, n);
	if (halvm_memmove(buf + b, buf + a, n) != buf + b ||
	    memcmp(ref, buf, SIZE))
		return "memmove";
	buf[rand() % SIZE] ^= (unsigned char)(1 << rand() % 8);
	if (sign(memcmp(buf + a, buf + b, n)) !=
	    sign(halvm_memcmp(buf + a, buf + b, n)))
		return "memcmp";
	if (halvm_memchr(buf + a, c, n) != memchr(buf + a, c, n))
		return "memchr";
	if (a + n <= b || b + n <= a) {
		memcpy(ref, buf, SIZE);
		memcpy(ref + b, ref + a, n);
		if (halvm_memcpy(buf + b, buf + a, n) != buf + b ||
		    memcmp(ref, buf, SIZE))
			return "memcpy";
	}
	memcpy(ref, buf, SIZE);
	memset(ref + a, c, n);
	if (halvm_memset(buf + a, c, n) != buf + a || memcmp(ref, buf, SIZE))
		return "memset";
	buf[SIZE - 1] = 0;
	if (n && halvm_strlen((char *)buf + a) != strlen((char *)buf + a))
		return "strlen";
	return NULL;
}

int main(void)
{
	const char *wrong = NULL;
	unsigned char *map;
	size_t i;

	map = mmap(NULL, SIZE + 2 * PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ref = malloc(SIZE);
	if (!check(map != MAP_FAILED && ref, "memory"))
		return check_done();
	mprotect(map, PAGE, PROT_NONE);
	mprotect(map + PAGE + SIZE, PAGE, PROT_NONE);
	buf = map + PAGE;
	srand(1);
	for (i = 0; i < SIZE; i++)
		buf[i] = (unsigned char)rand();
	for (i = 0; i < ROUNDS && !wrong; i++)
		wrong = round_of_tests();
	check(!wrong, "as the host's in %d rounds%s%s", ROUNDS,
	      wrong ? ", but for " : "", wrong ? wrong : "");
	check(halvm_memchr(buf, buf[SIZE / 2], SIZE_MAX) != NULL,
	      "memchr without an end finds what is there");
	free(ref);
	return check_done();
}
