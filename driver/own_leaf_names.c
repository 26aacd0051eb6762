/* SPDX-License-Identifier: BSD-3-Clause */
/* The names in Haskell sources with foreign imports: see own_leaf.h. */
#include "config.h"

#include "own_leaf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has(const char *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word));
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * The word `unsafe` may come from a macro; what such a macro is called isn't
 * known, but `foreign` and `import` are rarely hidden in one, too.
 */
void own_names_read(const char *text, size_t len, struct strlist *names)
{
	size_t i, start;
	char *name;

	if (!has(text, len, "foreign") || !has(text, len, "import"))
		return;
	for (i = 0; i < len; i++) {
		if (!in_name(text[i]))
			continue;
		for (start = i; i < len && in_name(text[i]); i++)
			;
		if (isdigit((unsigned char)text[start]))
			continue;
		name = xstrndup(text + start, i - start);
		strlist_push(names, name);
		free(name);
	}
}
