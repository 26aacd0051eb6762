/* SPDX-License-Identifier: BSD-3-Clause */
/* Fuzzer of what halvm-ghc reads of packages: .cabal files, Haskell sources. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "own_leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool holds(const struct strlist *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

/* Each word stands in the text; what counts without flags counts with them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct own_package p = {0};
	struct strlist names = {0};

	own_package_read(text, size, "9.0.2", &p);
	for (size_t i = 0; i < p.sources[0].n; i++)
		if (!holds(&p.sources[1], p.sources[0].v[i]))
			abort();
	for (size_t i = 0; i < p.options[0].n; i++)
		if (!holds(&p.options[1], p.options[0].v[i]))
			abort();
	own_package_free(&p);
	own_names_read(text, size, &names);
	for (size_t i = 0; i < names.n; i++)
		if (!memmem(text, size, names.v[i], strlen(names.v[i])))
			abort();
	strlist_free(&names);
	return 0;
}
