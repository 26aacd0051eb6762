/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of vSphere's document with a package's properties: the first byte is
 * the length of the key, the key and the document follow.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/heap.h"
#include "dev/vmware/ovfenv.h"

static char *string_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size ? *data++ : 0;
	char *key, *document, *value;

	if (!size--)
		return 0;
	if (n > size)
		n = size;
	key = string_of(data, n);
	document = string_of(data + n, size - n);
	value = ovfenv_property(document, key);
	/* Entities only shrink. */
	if (value && (!*value || strlen(value) > size - n))
		abort();
	heap_free(value);
	free(document);
	free(key);
	return 0;
}
