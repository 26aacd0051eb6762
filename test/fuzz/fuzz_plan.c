/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of what halvm-cabal reads that others wrote: cabal's plan.json
 * (driver/plan.c, driver/json.c), and the user's configuration of cabal.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cabal.h"
#include "plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was taken from a configuration is a configuration with all of it. */
static void fuzz_config(const char *text, size_t size)
{
	char *once = cabal_repositories(text, size),
	     *twice = cabal_repositories(once, strlen(once));

	if (!memchr(text, '\0', size) && strcmp(once, twice) != 0)
		abort();
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parse_error e = {0};
	struct plan p;

	if (plan_parse((const char *)data, size, &p, &e)) {
		for (size_t i = 0; i < p.n; i++)
			cabal_match(p.exes[i].name, &p.exes[i]);
		plan_free(&p);
	} else if (!*e.text || p.n || p.exes) {
		abort();
	}
	fuzz_config((const char *)data, size);
	return 0;
}
