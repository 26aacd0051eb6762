/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * page_entry.h - the bits of page table entries, for page.c and page_init.c
 * (Intel SDM vol. 3, 4.5.4; bit 9 is free for software).
 */
#ifndef PAGE_ENTRY_H
#define PAGE_ENTRY_H

#include <stdint.h>
#include "arch/page.h"
#include "arch/page_init.h"

#define PTE_PRESENT 1UL
#define PTE_WRITE 2UL
#define PTE_WRITE_THROUGH 8UL
#define PTE_UNCACHED 0x10UL
#define PTE_ACCESSED 0x20UL
#define PTE_DIRTY 0x40UL
#define PTE_LARGE 0x80UL
#define PTE_GLOBAL 0x100UL
#define PTE_KEPT 0x200UL /* not present: no rights now, but a page */
#define PTE_NX (1UL << 63)
#define PTE_ADDRESS 0x000ffffffffff000UL

#define TABLE_ENTRIES 512
enum { LEVEL_PAGE = 0, LEVEL_LARGE = 1, LEVEL_HUGE = 2, LEVEL_TOP = 3 };

static inline unsigned level_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * level;
}

static inline unsigned level_index(uintptr_t addr, unsigned level)
{
	return addr >> level_shift(level) & (TABLE_ENTRIES - 1);
}

static inline uint64_t *entry_table(uint64_t entry)
{
	return phys_to_virt(entry & PTE_ADDRESS);
}

/* The next table below *entry, made if there is none; NULL: no memory. */
uint64_t *page_make_table(uint64_t *entry);

static inline void tlb_forget(uintptr_t addr)
{
	__asm__ volatile("invlpg (%0)" : : "r"(addr) : "memory");
}

#endif
