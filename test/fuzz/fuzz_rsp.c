/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of response files (driver/rsp.c): what is read, written and read
 * again must be the same arguments.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strlist args = {0}, back = {0};
	struct parse_error e;
	if (rsp_parse((const char *)data, size, &args, &e)) {
		char *text = rsp_text(&args);
		if (!rsp_parse(text, strlen(text), &back, &e) ||
		    back.n != args.n)
			abort();
		for (size_t i = 0; i < args.n; i++) {
			if (strcmp(args.v[i], back.v[i]) != 0)
				abort();
		}
		free(text);
	} else if (!e.line || !*e.text) {
		abort();
	}
	strlist_free(&args);
	strlist_free(&back);
	return 0;
}
