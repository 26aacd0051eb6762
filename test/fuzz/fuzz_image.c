/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of images (driver/image.c) and archives (cpio_check): what is taken
 * has its segments and notes within the file; what isn't is told with a reason.
 */
#include "config.h"

#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cpio.h"
#include "image.h"
#include "symbolise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct range {
	const uint8_t *data;
	size_t size;
};

static void within(const struct range *r, const void *p, size_t n)
{
	const uint8_t *at = p;

	if (at < r->data || (size_t)(at - r->data) > r->size ||
	    n > r->size - (size_t)(at - r->data))
		abort();
}

static bool note(void *arg, const struct image_note *n)
{
	within(arg, n->owner, strlen(n->owner) + 1);
	within(arg, n->desc, n->size);
	return true;
}

static void look(const struct image *im, struct range *r)
{
	struct image_segment s;
	struct symboliser *symbols = symboliser_for(&im->elf);

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type != PT_NULL)
			within(r, r->data + s.off, s.filesz);
	}
	if (image_root(im) >= im->nseg || !*im->target ||
	    strlen(im->target) > IMAGE_TARGET_MAX)
		abort();
	image_notes(im, note, r);
	free(symbolise_address(symbols, im->entry));
	symboliser_free(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct range r = {data, size};
	struct image im;
	char why[256] = "";
	size_t files;

	if (image_parse(&im, data, size, why, sizeof(why)))
		look(&im, &r);
	else if (!*why)
		abort();
	if (!cpio_check(data, size, &files) && files > size / 110)
		abort();
	return 0;
}
