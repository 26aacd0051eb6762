/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_format.c - the runtime's text functions (lib/format.h, lib/string.h)
 * against libc's.
 */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "lib/format.h"

/* lib/string.c under names of its own, beside libc. */
#define memcpy rt_memcpy
#define memmove rt_memmove
#define memset rt_memset
#define memcmp rt_memcmp
#define memchr rt_memchr
#define strlen rt_strlen
#define strnlen rt_strnlen
#define strcmp rt_strcmp
#define strncmp rt_strncmp
#define strchr rt_strchr
#define strrchr rt_strrchr
#define string_copy rt_string_copy
#include "../../runtime/lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr
#undef string_copy

size_t string_copy(char *to, const char *from, size_t size);

static char ours[200], theirs[200];
static size_t our_length, their_length;

#define SAME(...)                                                              \
	do {                                                                   \
		our_length = format(ours, sizeof ours, __VA_ARGS__);           \
		their_length =                                                 \
		    (size_t)snprintf(theirs, sizeof theirs, __VA_ARGS__);      \
		check(our_length == their_length && strcmp(ours, theirs) == 0, \
		      "%s", #__VA_ARGS__);                                     \
	} while (0)

static void test_numbers(void)
{
	SAME("%d %i %u", 0, -1, 4294967295u);
	SAME("%d %d", INT_MIN, INT_MAX);
	SAME("%ld %lu", LONG_MIN, ULONG_MAX);
	SAME("%lld %llu", LLONG_MIN, ULLONG_MAX);
	SAME("%zu", SIZE_MAX);
	SAME("%hhd %hd %hhu", -1, -2, 255);
	SAME("%x %X %o", 0xbeefu, 0xBEEFu, 8u);
	SAME("%lo", ULONG_MAX);
	SAME("%016lx|%-8x|%8x|%08d", 0x1234UL, 10u, 10u, -42);
	SAME("%*d|%-*d|", 6, 7, 6, 7);
	SAME("%*d|", -6, 7);
	SAME("%p", (void *)0x1000);
}

static void test_texts(void)
{
	const char *volatile nothing = NULL;

	SAME("plain");
	SAME("%s and %c", "text", 'x');
	SAME("%10s|%-10s|%.3s|%.*s", "abc", "abc", "abcdef", 2, "abcdef");
	SAME("100%%");
	SAME("%-5c|%5c", 'a', 'b');
	our_length = format(ours, sizeof ours, "%s", nothing);
	check_str(ours, "(null)", "%s of NULL");
}

static void test_sizes(void)
{
	char small[4] = "zzz";

	check(format(small, sizeof small, "%d", 123456) == 6, "whole length");
	check_str(small, "123", "cut");
	small[0] = 'q';
	check(format(small, 0, "abc") == 3 && small[0] == 'q', "size 0");
	check(format(small, 1, "abc") == 3 && small[0] == '\0', "size 1");
	check(format(NULL, 0, "%s", "abcd") == 4, "no buffer");
}

static bool parses(const char *text, unsigned base, uint64_t want,
		   const char *rest)
{
	uint64_t value = 0;

	return parse_number(&text, base, &value) && value == want &&
	       strcmp(text, rest) == 0;
}

static bool refuses(const char *text, unsigned base)
{
	const char *at = text;
	uint64_t value = 77;

	return !parse_number(&at, base, &value) && at == text && value == 77;
}

static void test_parse(void)
{
	check(parses("42x", 10, 42, "x"), "decimal");
	check(parses("0x2aG", 0, 42, "G"), "hexadecimal by its prefix");
	check(parses("052", 0, 42, ""), "octal by its prefix");
	check(parses("0x", 0, 0, "x"), "a prefix without digits is 0");
	check(parses("0", 0, 0, ""), "0");
	check(parses("18446744073709551615", 10, UINT64_MAX, ""), "largest");
	check(refuses("18446744073709551616", 10), "too large by one");
	check(refuses("0x10000000000000000", 0), "too large by a digit");
	check(refuses("", 0) && refuses("-1", 10) && refuses("x", 16),
	      "no digit");
	check(refuses("2", 2) && parses("12", 2, 1, "2"), "base 2");
}

static bool memory_agrees(void)
{
	unsigned char a[128], b[128];

	for (unsigned i = 0; i < 200000; i++) {
		unsigned to = (unsigned)rand() % 60, n = (unsigned)rand() % 60;
		unsigned from = (unsigned)rand() % 60;
		int x, y;

		for (unsigned j = 0; i % 16 == 0 && j < sizeof a; j++)
			a[j] = b[j] = (unsigned char)rand();
		memmove(a + to, a + from, n);
		rt_memmove(b + to, b + from, n);
		x = memcmp(a + to, a + from, n);
		y = rt_memcmp(b + to, b + from, n);
		if (memcmp(a, b, sizeof a) || (x < 0) != (y < 0) ||
		    (x > 0) != (y > 0))
			return false;
		memset(a + to, (int)i, n);
		rt_memset(b + to, (int)i, n);
		memcpy(a + n / 2, a + 64, n / 2);
		rt_memcpy(b + n / 2, b + 64, n / 2);
		if (memcmp(a, b, sizeof a) ||
		    (void *)(a + ((unsigned char *)rt_memchr(b, a[to], 128) -
				  b)) != memchr(a, a[to], 128))
			return false;
	}
	return true;
}

static void test_strings(void)
{
	char buf[4];

	check(memory_agrees(), "mem* do as libc's");
	check(rt_strlen("") == 0 && rt_strlen("abc") == 3, "strlen");
	check(rt_strnlen("abc", 2) == 2 && rt_strnlen("a", 9) == 1, "strnlen");
	check(rt_strcmp("a", "b") < 0 && rt_strcmp("\xff", "a") > 0 &&
		  rt_strcmp("ab", "a") > 0 && !rt_strcmp("", ""),
	      "strcmp");
	check(!rt_strncmp("abc", "abd", 2) && rt_strncmp("abc", "abd", 3) < 0 &&
		  !rt_strncmp("a", "a", 9),
	      "strncmp");
	check_str(rt_strchr("a.b.c", '.'), ".b.c", "strchr");
	check_str(rt_strrchr("a.b.c", '.'), ".c", "strrchr");
	check(!rt_strchr("abc", 'x') && !rt_strrchr("abc", 'x'), "absent");
	check(*rt_strchr("abc", '\0') == '\0', "strchr of NUL");
	check(!rt_memchr("abc", 'c', 2), "memchr stops");
	check(string_copy(buf, "abcdef", sizeof buf) == 6 &&
		  strcmp(buf, "abc") == 0,
	      "string_copy cuts");
	check(string_copy(buf, "ab", sizeof buf) == 2 && !strcmp(buf, "ab"),
	      "string_copy");
}

int main(void)
{
	test_numbers();
	test_texts();
	test_sizes();
	test_parse();
	test_strings();
	return check_done();
}
