/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the reader of objdump's text (driver/leaf_disasm.c), against an
 * object with two sections of code.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/mkelf.h"
#include "leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes object(void)
{
	struct mkelf m = {0};

	mkelf_section(&m, ".text.f", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
		      "\xff\xd0\xc3", 3);
	mkelf_section(&m, ".text.g", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
		      "\xc3", 1);
	return mkelf_done(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct graph g;
	static struct bytes b;
	unsigned char code[32] = {0};
	char *text = malloc(size + 1);

	if (!g.nobj) {
		b = object();
		graph_add(&g, "a.o", b.p, b.n);
	}
	memcpy(text, data, size);
	text[size] = 0;
	/* A text that leaves a section out must not be taken for whole. */
	if (!disasm_read(&g, 0, 1, text, code) &&
	    (!memmem(data, size, ".text.f", 7) ||
	     !memmem(data, size, ".text.g", 7)))
		abort();
	free(text);
	return 0;
}
