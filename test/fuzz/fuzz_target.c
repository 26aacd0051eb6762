/* SPDX-License-Identifier: BSD-3-Clause */
/* Fuzzer of target descriptions (driver/target.c) and key = value files. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target t;
	struct parse_error e;
	if (target_parse((const char *)data, size, &t, &e)) {
		/* What is taken is safe as a path and complete. */
		if (strchr(t.name, '/') || strchr(t.runtime, '/') ||
		    strchr(t.script, '/') || !*t.runtime || !*t.script ||
		    !*t.name || !*t.title || !*t.syscalls ||
		    !*t.strict_syscalls || !*t.format)
			abort();
	} else if (t.name || !*e.text) {
		abort();
	}
	target_free(&t);
	return 0;
}
