/* SPDX-License-Identifier: BSD-3-Clause */
/* Fuzzer of the syscall table's parser (driver/systab.c). */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "systab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool b)
{
	if (!b)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct systab t;
	struct parse_error e;
	bool ok = systab_parse((const char *)data, size, &t, &e);
	must(ok ? t.n > 0 : !t.v && *e.text);
	/* What is taken is sorted, complete, and found by its name. */
	for (size_t i = 0; i < t.n; i++) {
		const struct sysent *s = &t.v[i];
		must(i == 0 || t.v[i - 1].nr < s->nr);
		must(systab_find(&t, s->name) == s);
		must(s->nargs <= SYSTAB_MAX_ARGS && s->class < CLASS_COUNT);
		for (size_t c = 0; c < t.columns.n; c++)
			must(s->answer[c] && *s->answer[c]);
	}
	systab_free(&t);
	return 0;
}
