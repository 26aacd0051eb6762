/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the stream between halvm-run and a test bed (driver/records.c), as
 * a hostile peer may make it: it is the same in one piece and in two, no byte
 * comes from nowhere, and none comes after the stream is broken. What is looked
 * for in a stream is found where memmem(3) finds it.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	struct records r, texts_of; /* that of texts breaks by itself */
	char *bytes;		    /* type, data, end */
	size_t n, texts;
};

static void hear(void *arg, char type, const char *data, size_t n, bool end)
{
	struct heard *h = arg;

	if (h->r.broken)
		abort();
	for (size_t i = 0; i < n; i++) {
		h->bytes[h->n++] = type;
		h->bytes[h->n++] = data[i];
	}
	if (end)
		h->bytes[h->n++] = '.';
	const char *text = records_text(&h->texts_of, data, n, end);
	if (text) {
		h->texts += strlen(text);
		free(records_value(text, "nonce"));
	}
	if (end && h->texts_of.broken)
		records_free(&h->texts_of);
}

static void start(struct heard *h, size_t size)
{
	*h = (struct heard){.r = {.types = "QKRCLPGIZ"},
			    .bytes = malloc(3 * size + 1)};
}

static void done(struct heard *h)
{
	records_free(&h->r);
	records_free(&h->texts_of);
	free(h->bytes);
}

static void look(const char *text, size_t size, size_t cut)
{
	size_t len = size < 4 ? size : 4, seen = 0, at;
	/* The input's own last bytes are what is looked for in the rest. */
	const char *want = text + size - len, *found;

	if (len == 0 || cut > size - len)
		return;
	found = memmem(text, size - len, want, len);
	at = records_find(want, len, &seen, text, cut);
	if (!at) {
		at = records_find(want, len, &seen, text + cut,
				  size - len - cut);
		at += at ? cut : 0;
	}
	if (at != (found ? (size_t)(found - text) + len : 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t cut = size ? data[size - 1] % size : 0;
	struct heard h, g;

	start(&h, size);
	start(&g, size);
	records_decode(&h.r, text, size, hear, &h);
	records_decode(&g.r, text, cut, hear, &g);
	records_decode(&g.r, text + cut, size - cut, hear, &g);
	if (h.n > 3 * size || h.n != g.n || h.texts != g.texts ||
	    memcmp(h.bytes, g.bytes, h.n) != 0 || h.r.broken != g.r.broken)
		abort();
	done(&h);
	done(&g);
	look(text, size, cut);
	return 0;
}
