/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "locale_impl.h"

/*
 * One string after another, and where each begins: the structure has a member
 * for each message, which makes offsets without relocations.
 */
static const struct messages {
#define E(n, s) char of_##n[sizeof(s)];
#include "__strerror.h"
#undef E
} messages = {
#define E(n, s) s,
#include "__strerror.h"
#undef E
};

/* 0 stands for a number without a message, hence the + 1. */
static const unsigned short begin[] = {
#define E(n, s) [n] = offsetof(struct messages, of_##n) + 1,
#include "__strerror.h"
#undef E
};

/* "Unknown error N", in memory of the thread's own. */
static char *unknown(int e)
{
	static const char words[] = "Unknown error ";
	static _Thread_local char text[sizeof words + 3 * sizeof e];
	char digits[3 * sizeof e], *to = text + sizeof words - 1;
	unsigned n = e < 0 ? -(unsigned)e : (unsigned)e;
	int k = 0;

	memcpy(text, words, sizeof words);
	do
		digits[k++] = '0' + n % 10;
	while (n /= 10);
	if (e < 0)
		*to++ = '-';
	while (k)
		*to++ = digits[--k];
	*to = 0;
	return text;
}

char *__strerror_l(int e, locale_t loc)
{
	if (!e)
		return (char *)LCTRANS("Success", LC_MESSAGES, loc);
	if (e < 0 || (size_t)e >= sizeof begin / sizeof *begin || !begin[e])
		return unknown(e);
	return (char *)LCTRANS((const char *)&messages + begin[e] - 1,
			       LC_MESSAGES, loc);
}

char *strerror(int e)
{
	return __strerror_l(e, CURRENT_LOCALE);
}

weak_alias(__strerror_l, strerror_l);
