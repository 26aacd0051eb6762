/* SPDX-License-Identifier: BSD-3-Clause */
/* Fuzzer of the guest's command line (boot/options.c). */
#include <stdlib.h>
#include <string.h>

#include "boot/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte of the strings; there are n and a NULL. */
static size_t walk(char **strings, unsigned n)
{
	size_t total = 0;

	for (unsigned i = 0; i < n; i++)
		total += strlen(strings[i]);
	if (strings[n])
		abort();
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_options o;
	char *line = malloc(size + 1);

	if (!line)
		abort();
	memcpy(line, data, size);
	line[size] = '\0';
	if (boot_options_parse(line, &o) != 0)
		abort();
	/* A copy: the loader's memory goes. */
	memset(line, 'x', size);
	free(line);
	if (o.argument_count < 1 ||
	    walk(o.arguments + 1, o.argument_count - 1) > size ||
	    walk(o.environment, o.environment_count) > size)
		abort();
	for (unsigned i = 0; i < o.environment_count; i++)
		if (!strchr(o.environment[i], '='))
			abort();
	for (unsigned i = 0; i < o.virtio_mmio_count; i++)
		if (!o.virtio_mmio[i].size)
			abort();
	walk(o.bad, o.bad_count);
	if (o.rows > 65535 || o.columns > 65535 || o.console > CONSOLE_VIRTIO0)
		abort();
	boot_options_free(&o);
	return 0;
}
