/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the boot information (runtime/pc/{pvh,multiboot2}.c): the
 * first byte chooses the protocol, the rest is the machine's memory from
 * address BASE on, beginning with the loader's structure.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pc/loader.h"

#define BASE 0x10000UL

static const uint8_t *memory;
static size_t memory_size;

static const void *reach(uint64_t address, size_t size)
{
	if (address < BASE || address - BASE > memory_size ||
	    size > memory_size - (address - BASE))
		return NULL;
	return memory + (address - BASE);
}

static void check(const struct boot_info *info)
{
	uint64_t end = 1;

	if (info->ram_count > BOOT_RAM_MAX ||
	    info->module_count > BOOT_MODULES_MAX ||
	    info->reserved_count > BOOT_RESERVED_MAX || !info->ram_count)
		abort();
	for (unsigned i = 0; i < info->ram_count; i++) {
		const struct boot_range *r = &info->ram[i];

		if (r->base < end || r->base % 4096 || r->size % 4096 ||
		    !r->size || r->base + r->size < r->base)
			abort();
		end = r->base + r->size;
	}
	/* Readable up to its end. */
	if (strlen(info->command_line) > memory_size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_info info = {.command_line = ""};
	const char *error;
	uint8_t *copy;
	int multiboot;

	if (!size)
		return 0;
	multiboot = data[0] & 1;
	memory_size = size - 1;
	/* Aligned as a loader's memory is; an exact end for ASan. */
	copy = aligned_alloc(16, (memory_size + 31) & ~15UL);
	if (!copy)
		abort();
	memory = copy + (-memory_size & 15) % 16;
	memory -= (uintptr_t)memory % 8;
	memcpy((void *)(uintptr_t)memory, data + 1, memory_size);
	error = multiboot ? multiboot2_read(BASE, &info, reach)
			  : pvh_read(BASE, &info, reach);
	if (!error)
		check(&info);
	free(copy);
	return 0;
}
