/* SPDX-License-Identifier: BSD-3-Clause */
/* Guests' command lines: see guest_line.h. */
#include "config.h"
#include "guest_line.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

void guest_line_text(char **line, const char *text)
{
	char *joined = xasprintf("%s%s", *line, text);

	free(*line);
	*line = joined;
}

void guest_line_word(char **line, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "!#$%&'()*+,-./:;<=>?@[]^_`{|}~";
	bool quotes = !*word || word[strspn(word, plain)];
	char *out = xmalloc(2 * strlen(word) + 4), *p = out;

	if (**line)
		*p++ = ' ';
	if (quotes)
		*p++ = '"';
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			*p++ = '\\';
		*p++ = *word;
	}
	if (quotes)
		*p++ = '"';
	*p = '\0';
	guest_line_text(line, out);
	free(out);
}

void guest_line_option(char **line, const char *name, const char *value)
{
	char *word = xasprintf("halvm.%s=%s", name, value);

	guest_line_word(line, word);
	free(word);
}
