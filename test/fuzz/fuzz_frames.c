/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of what a hostile guest may send (driver/frames.c, then the names of
 * driver/symbolise.c): it is the same in one piece and in two, no byte comes
 * from nowhere, and none comes after the end.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "symbolise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	char *text;
	size_t n;
	struct symboliser *symbols;
};

static void lines(void *arg, const char *text, size_t n)
{
	volatile char last;

	(void)arg;
	if (n == 0)
		abort();
	last = text[n - 1];
	(void)last;
}

/* Channels as bytes between the data's. */
static void hear(void *arg, enum frames_channel channel, const char *text,
		 size_t n)
{
	struct heard *h = arg;

	for (size_t i = 0; i < n; i++) {
		h->text[h->n++] = (char)channel;
		h->text[h->n++] = text[i];
	}
	if (channel == FRAMES_LOG)
		symbolise(h->symbols, text, n, lines, NULL);
}

static void start(struct heard *h, size_t size)
{
	static const struct elf none;

	*h = (struct heard){.text = malloc(2 * size + 2),
			    .symbols = symboliser_for(&none)};
}

static void done(struct heard *h)
{
	symbolise_flush(h->symbols, lines, NULL);
	symboliser_free(h->symbols);
	free(h->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct frames one = {0}, two = {0};
	struct heard h, g;
	size_t cut = size ? data[0] % size : 0, heard;
	char *out = malloc(2 * size + 1);

	start(&h, size);
	start(&g, size);
	frames_decode(&one, text, size, hear, &h);
	frames_decode(&two, text, cut, hear, &g);
	frames_decode(&two, text + cut, size - cut, hear, &g);
	if (h.n > 2 * size || h.n != g.n || memcmp(h.text, g.text, h.n) != 0 ||
	    one.ended != two.ended || one.status != two.status ||
	    one.unknown != two.unknown)
		abort();
	heard = h.n;
	if (one.ended) {
		frames_decode(&one, "more", 4, hear, &h);
		if (h.n != heard)
			abort();
	}
	if (frames_encode(text, size, out) > 2 * size)
		abort();
	free(out);
	done(&h);
	done(&g);
	return 0;
}
