/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/page_init.h - from the entry's first page tables to the final ones.
 *
 * The platform's entry point fills in the zeroed tables below and loads CR3:
 * boot_pml4, whose entries 0 and 256 (DIRECT_BASE) both lead, by boot_pdpt_low
 * and boot_pdpt_direct, to boot_pd, which maps the image and the first 16 MiB
 * at least in large pages.
 *
 * The order: page_early for what the loader left elsewhere; page_map_ram for
 * all RAM, that below 1 GiB first, because it needs no memory; then
 * page_map_image, after which low addresses are the image's only.
 */
#ifndef ARCH_PAGE_INIT_H
#define ARCH_PAGE_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern uint64_t boot_pml4[512], boot_pdpt_low[512], boot_pdpt_direct[512];
extern uint64_t boot_pd[512];

/*
 * The loader's data at a physical address below 4 GiB, address 0 among them, in
 * the direct map, where it stays; NULL if that can't be.
 */
const void *page_early(uint64_t phys, size_t size);

/* Direct map of a range.  False: no memory for tables (page_set_source). */
bool page_map_ram(uint64_t base, uint64_t size);

/*
 * Replaces what maps the low addresses by the image's segments alone, from its
 * program headers, each with its own rights.  `segment` is told of each one.
 * False: no memory.
 */
bool page_map_image(const void *elf_header,
		    void (*segment)(uintptr_t start, uintptr_t end,
				    unsigned prot));

#endif
