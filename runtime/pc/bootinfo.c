/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bootinfo.c - what both boot protocols need: the list of RAM.
 */
#include "pc/loader.h"

#define PAGE_MASK 4095UL
/* Beyond what four levels of page tables reach by the direct map. */
#define PHYSICAL_MAX (1UL << 46)

void boot_add_ram(struct boot_info *info, uint64_t base, uint64_t size)
{
	struct boot_range *last =
	    info->ram_count ? &info->ram[info->ram_count - 1] : NULL;
	uint64_t end = base + size;

	if (end < base || end > PHYSICAL_MAX)
		end = PHYSICAL_MAX;
	base = (base + PAGE_MASK) & ~PAGE_MASK;
	end &= ~PAGE_MASK;
	/* Page 0 stays unmapped, and a null pointer no page of anyone's. */
	if (!base)
		base = PAGE_MASK + 1;
	if (base >= end)
		return;
	/* EFI's memory comes in many pieces; they are in order. */
	if (last && last->base + last->size == base) {
		last->size += end - base;
		return;
	}
	if (info->ram_count == BOOT_RAM_MAX)
		return;
	info->ram[info->ram_count++] = (struct boot_range){base, end - base};
}

bool boot_finish_ram(struct boot_info *info)
{
	struct boot_range *r = info->ram;
	unsigned n = 0;

	for (unsigned i = 1; i < info->ram_count; i++)
		for (unsigned j = i; j && r[j].base < r[j - 1].base; j--) {
			struct boot_range t = r[j];

			r[j] = r[j - 1];
			r[j - 1] = t;
		}
	for (unsigned i = 0; i < info->ram_count; i++) {
		uint64_t end = r[i].base + r[i].size;

		if (n && r[i].base <= r[n - 1].base + r[n - 1].size) {
			if (end > r[n - 1].base + r[n - 1].size)
				r[n - 1].size = end - r[n - 1].base;
			continue;
		}
		r[n++] = r[i];
	}
	info->ram_count = n;
	return n > 0;
}

bool boot_add_reserved(struct boot_info *info, uint64_t base, uint64_t size)
{
	if (info->reserved_count == BOOT_RESERVED_MAX)
		return false;
	info->reserved[info->reserved_count++] =
	    (struct boot_range){base, size};
	return true;
}

long boot_string_length(uint64_t address, size_t max, boot_reach *reach)
{
	size_t n = 0;

	/* By pages: the end isn't known, nor where memory ends. */
	while (n < max) {
		size_t part = PAGE_MASK + 1 - ((address + n) & PAGE_MASK);
		const char *text = reach(address + n, part);

		if (!text)
			return -1;
		for (size_t i = 0; i < part && n + i < max; i++)
			if (!text[i])
				return (long)(n + i);
		n += part;
	}
	return -1;
}
