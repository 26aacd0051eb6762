/* SPDX-License-Identifier: BSD-3-Clause */
/* The stream between halvm-run and a test bed: see records.h. */
#include "config.h"
#include "records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "util.h"

/* Takes bytes of the head; true if it is complete now. */
static bool take_head(struct records *r, const char **data, size_t *n)
{
	size_t want = sizeof(r->head) - r->have;
	size_t got = *n < want ? *n : want;

	memcpy(r->head + r->have, *data, got);
	r->have += (unsigned)got;
	*data += got;
	*n -= got;
	/* A NUL would be found as the end of the string. */
	if (r->have > 0 && (!r->head[0] || !strchr(r->types, r->head[0]))) {
		r->broken = true;
		return false;
	}
	if (r->have < sizeof(r->head))
		return false;
	r->left = get32(r->head + 1);
	return true;
}

void records_decode(struct records *r, const char *data, size_t n,
		    records_fn *fn, void *arg)
{
	while (n > 0 && !r->broken) {
		bool fresh = r->have < sizeof(r->head);
		if (fresh && !take_head(r, &data, &n))
			continue;
		size_t piece = n < r->left ? n : r->left;
		/* The head alone says nothing, but of an empty record. */
		if (piece == 0 && r->left > 0)
			continue;
		r->left -= (uint32_t)piece;
		if (r->left == 0)
			r->have = 0;
		fn(arg, (char)r->head[0], data, piece, r->left == 0);
		data += piece;
		n -= piece;
	}
}

const char *records_text(struct records *r, const char *data, size_t n,
			 bool end)
{
	if (r->broken || r->text_len + n > RECORDS_TEXT_MAX ||
	    memchr(data, 0, n)) {
		r->broken = true;
		return NULL;
	}
	r->text = xrealloc(r->text, r->text_len + n + 1);
	memcpy(r->text + r->text_len, data, n);
	r->text_len += n;
	r->text[r->text_len] = 0;
	if (!end)
		return NULL;
	r->text_len = 0;
	return r->text;
}

void records_free(struct records *r)
{
	free(r->text);
	*r = (struct records){.types = r->types};
}

char *records_value(const char *text, const char *key)
{
	size_t n = strlen(key);

	while (*text) {
		size_t line = strcspn(text, "\n");
		if (line > n && strncmp(text, key, n) == 0 && text[n] == '=')
			return xstrndup(text + n + 1, line - n - 1);
		text += line + (text[line] == '\n');
	}
	return NULL;
}

void records_add(struct queue *q, char type, const void *data, size_t n)
{
	/* What a length can't say goes in several. */
	static const size_t most = 1u << 30;

	do {
		size_t piece = n < most ? n : most;
		char head[5] = {type};
		put32(head + 1, (uint32_t)piece);
		queue_add(q, head, sizeof(head));
		queue_add(q, data, piece);
		data = (const char *)data + piece;
		n -= piece;
	} while (n > 0);
}

void records_add_text(struct queue *q, char type, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	records_add(q, type, text, (size_t)n);
}

size_t records_find(const char *want, size_t len, size_t *seen,
		    const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* Falls back to the longest start that what came ends with. */
		while (*seen > 0 && want[*seen] != data[i]) {
			size_t k = *seen - 1;
			while (k > 0 && memcmp(want, want + *seen - k, k) != 0)
				k--;
			*seen = k;
		}
		if (want[*seen] == data[i])
			++*seen;
		if (*seen == len) {
			*seen = 0;
			return i + 1;
		}
	}
	return 0;
}
