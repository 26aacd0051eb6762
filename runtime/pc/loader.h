/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/loader.h - what a boot loader left, read into a struct boot_info.
 *
 * Nothing of it is trusted.  `reach` makes a range of the loader's readable,
 * or returns NULL; a test gives its own.
 */
#ifndef PC_LOADER_H
#define PC_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "platform.h"

typedef const void *boot_reach(uint64_t address, size_t size);

/*
 * Reads what lies at `address`, physical, into *info.  NULL, or why it can't
 * be.
 */
const char *pvh_read(uint64_t address, struct boot_info *info,
		     boot_reach *reach);
const char *multiboot2_read(uint64_t address, struct boot_info *info,
			    boot_reach *reach);

#define MULTIBOOT2_MAGIC 0x36d76289

/* Adds RAM, cut to whole pages; what doesn't fit is dropped. */
void boot_add_ram(struct boot_info *info, uint64_t base, uint64_t size);
/* Sorts, and joins what overlaps; false if there is none. */
bool boot_finish_ram(struct boot_info *info);
/* Adds what must not be overwritten. */
bool boot_add_reserved(struct boot_info *info, uint64_t base, uint64_t size);
/* Length of a string of the loader's, less than max; -1 if it has no end. */
long boot_string_length(uint64_t address, size_t max, boot_reach *reach);
#define COMMAND_LINE_MAX (1UL << 20)

#endif
