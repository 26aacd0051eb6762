/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * string.c - C's memory and string functions (string.h).
 *
 * Whole words are moved by the string instructions, whose direction flag is
 * clear as the psABI (3.2.1) promises; what is left over by words that overlap
 * the others.  The empty assembly keeps the compiler from making a loop into a
 * call of the very function it stands in.
 */
#include <stdint.h>
#include "lib/string.h"

/* Words at any address, of memory that has any type. */
typedef uint64_t __attribute__((__may_alias__, __aligned__(1))) word;
typedef uint32_t __attribute__((__may_alias__, __aligned__(1))) half;
typedef uint16_t __attribute__((__may_alias__, __aligned__(1))) quarter;

#define WORD sizeof(word)
#define NO_LOOP_IDIOM(p) __asm__("" : "+r"(p))

/* Fewer bytes than a word; all is read before anything is written. */
static inline void move_small(uint8_t *to, const uint8_t *from, size_t n)
{
	if (n >= sizeof(half)) {
		half head = *(const half *)from;
		half tail = *(const half *)(from + n - sizeof(half));

		*(half *)to = head;
		*(half *)(to + n - sizeof(half)) = tail;
	} else if (n >= sizeof(quarter)) {
		quarter head = *(const quarter *)from;
		uint8_t tail = from[n - 1];

		*(quarter *)to = head;
		to[n - 1] = tail;
	} else if (n) {
		*to = *from;
	}
}

/* At least a word, upwards: right if `to` is below `from` or far from it. */
static inline void move_up(uint8_t *to, const uint8_t *from, size_t n)
{
	word tail = *(const word *)(from + n - WORD);
	uint8_t *end = to + n - WORD;
	size_t words = (n - 1) / WORD;

	__asm__ volatile("rep movsq"
			 : "+D"(to), "+S"(from), "+c"(words)
			 :
			 : "memory");
	*(word *)end = tail;
}

/* Downwards; not by `std`, which an interrupt handler might inherit. */
static inline void move_down(uint8_t *to, const uint8_t *from, size_t n)
{
	word head = *(const word *)from;

	for (size_t left = n; left >= WORD; left -= WORD) {
		NO_LOOP_IDIOM(from);
		*(word *)(to + left - WORD) =
		    *(const word *)(from + left - WORD);
	}
	*(word *)to = head;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	if (n < WORD)
		move_small(to, from, n);
	else
		move_up(to, from, n);
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	if (n < WORD)
		move_small(to, from, n);
	else if ((uintptr_t)to - (uintptr_t)from >= n)
		move_up(to, from, n);
	else
		move_down(to, from, n);
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	const uint64_t each = 0x0101010101010101UL;
	uint64_t value = (uint8_t)byte * each;
	uint8_t *p = to;

	if (n >= WORD) {
		size_t words = (n - 1) / WORD;

		*(word *)(p + n - WORD) = value;
		__asm__ volatile("rep stosq"
				 : "+D"(p), "+c"(words)
				 : "a"(value)
				 : "memory");
		return to;
	}
	for (; n; n--) {
		NO_LOOP_IDIOM(p);
		*p++ = (uint8_t)byte;
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n >= WORD; n -= WORD, p += WORD, q += WORD) {
		uint64_t x = *(const word *)p, y = *(const word *)q;

		if (x != y)
			return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1
									   : 1;
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

void *memchr(const void *s, int byte, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++)
		if (*p == (uint8_t)byte)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end) {
		end++;
		NO_LOOP_IDIOM(end);
	}
	return (size_t)(end - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (uint8_t)*a - (uint8_t)*b;
		if (!*a)
			break;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (!*s)
			return (char *)found;
	}
}
