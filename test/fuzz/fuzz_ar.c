/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the archive reader (driver/elffile_kind.c): it ends, and members
 * lie within the archive.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "elffile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ar a;
	struct ar_member m;
	const char *err = ar_open(&a, data, size);
	bool more = true;
	size_t members = 0;

	while (!err && more) {
		err = ar_next(&a, &m, &more);
		if (err || !more)
			break;
		if (m.data < data || m.len > size ||
		    (size_t)(m.data - data) > size - m.len ||
		    strlen(m.name) >= sizeof m.name)
			abort();
		/* Each has a header of its own. */
		if (++members > size / 60)
			abort();
		file_identify(m.data, m.len, NULL, 0);
	}
	return 0;
}
