/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * page_init.c - the page tables at the start; arch/page_init.h has the order.
 */
#include "arch/cpu.h"
#include "arch/page_init.h"
#include "halvm/abi/elf.h"
#include "page_entry.h"

#define GIB (1UL << 30)
#define CPUID_EXTENDED 0x80000001u
#define CPUID_HUGE_PAGES (1u << 26) /* EDX: 1 GiB pages */

#define TABLE __attribute__((__aligned__(4096)))
uint64_t boot_pml4[TABLE_ENTRIES] TABLE;
uint64_t boot_pdpt_low[TABLE_ENTRIES] TABLE;
uint64_t boot_pdpt_direct[TABLE_ENTRIES] TABLE;
uint64_t boot_pd[TABLE_ENTRIES] TABLE;
/* For the GiB of page_early beyond the first. */
static uint64_t boot_pd_spare[3][TABLE_ENTRIES] TABLE;

#define DIRECT_BITS                                                            \
	(PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL |     \
	 PTE_LARGE | PTE_NX)

/*
 * What the entry point mapped stays: boot_pd serves the image's own addresses
 * too until page_map_image, and code must be executable.
 */
static void map_early(uint64_t *entry, uint64_t phys)
{
	if (!*entry)
		*entry = phys | DIRECT_BITS;
}

const void *page_early(uint64_t phys, size_t size)
{
	uint64_t at = phys & ~(LARGE_PAGE_SIZE - 1);

	if (phys + size < phys || phys + size > 4 * GIB)
		return NULL;
	for (; at < phys + size; at += LARGE_PAGE_SIZE) {
		uint64_t *gib = &boot_pdpt_low[at / GIB];
		uint64_t *table;

		if (!*gib) {
			*gib = (uint64_t)boot_pd_spare[at / GIB - 1] |
			       PTE_PRESENT | PTE_WRITE;
			boot_pdpt_direct[at / GIB] = *gib;
		}
		table = (uint64_t *)(*gib & PTE_ADDRESS);
		map_early(&table[level_index(at, LEVEL_LARGE)], at);
	}
	return phys_to_virt(phys);
}

bool page_map_ram(uint64_t base, uint64_t size)
{
	uint64_t at = base & ~(LARGE_PAGE_SIZE - 1);
	uint64_t end = base + size;
	bool huge = cpu_id(CPUID_EXTENDED, 0).edx & CPUID_HUGE_PAGES;

	while (at < end) {
		uintptr_t addr = DIRECT_BASE + at;
		uint64_t *top = &boot_pml4[level_index(addr, LEVEL_TOP)];
		uint64_t *table = page_make_table(top), *entry;

		if (!table)
			return false;
		entry = &table[level_index(addr, LEVEL_HUGE)];
		if (huge && !*entry && !(at % GIB) && end - at >= GIB) {
			*entry = at | DIRECT_BITS;
			at += GIB;
			continue;
		}
		table = page_make_table(entry);
		if (!table)
			return false;
		map_early(&table[level_index(addr, LEVEL_LARGE)], at);
		at += LARGE_PAGE_SIZE;
	}
	return true;
}

static bool map_segment(uint64_t *pdpt, uintptr_t start, uintptr_t end,
			uint64_t bits)
{
	uint64_t *table = NULL;

	while (start < end) {
		unsigned i = level_index(start, LEVEL_PAGE);

		if (!table || !i) {
			table = page_make_table(
			    &pdpt[level_index(start, LEVEL_HUGE)]);
			if (table)
				table = page_make_table(
				    &table[level_index(start, LEVEL_LARGE)]);
			if (!table)
				return false;
		}
		table[i] = start | bits;
		start += PAGE_SIZE;
	}
	return true;
}

bool page_map_image(const void *elf_header,
		    void (*segment)(uintptr_t, uintptr_t, unsigned))
{
	const struct abi_elf_header *elf = elf_header;
	const struct abi_elf_program *p =
	    (const void *)((const char *)elf + elf->program_offset);
	uint64_t low = 0, cr3;
	uint64_t *pdpt = page_make_table(&low);

	if (!pdpt)
		return false;
	for (unsigned i = 0; i < elf->program_count; i++, p++) {
		uint64_t bits = PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY;
		unsigned prot = PAGE_READ;
		uintptr_t end = (p->address + p->memory_size + PAGE_SIZE - 1) &
				~(PAGE_SIZE - 1);

		if (p->type != ABI_PT_LOAD || !p->memory_size)
			continue;
		if (p->flags & ABI_PF_W) {
			bits |= PTE_WRITE;
			prot |= PAGE_WRITE;
		}
		if (p->flags & ABI_PF_X)
			prot |= PAGE_EXEC;
		else
			bits |= PTE_NX;
		if (!map_segment(pdpt, p->address, end, bits))
			return false;
		segment(p->address, end, prot);
	}
	boot_pml4[0] = low;
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		if (boot_pd[i])
			boot_pd[i] |= PTE_NX;
	__asm__ volatile("mov %%cr3, %0; mov %0, %%cr3"
			 : "=&r"(cr3)
			 :
			 : "memory");
	return true;
}

volatile void *page_map_device(phys_t phys, size_t size)
{
	uintptr_t at = MMIO_BASE + (phys & ~(PAGE_SIZE - 1));
	uintptr_t end = MMIO_BASE + phys + size;

	for (; at < end; at += PAGE_SIZE) {
		uint64_t *table = boot_pml4;

		for (unsigned l = LEVEL_TOP; l > LEVEL_PAGE; l--) {
			table = page_make_table(&table[level_index(at, l)]);
			if (!table)
				return NULL;
		}
		table[level_index(at, LEVEL_PAGE)] =
		    (at - MMIO_BASE) | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED |
		    PTE_DIRTY | PTE_UNCACHED | PTE_WRITE_THROUGH | PTE_GLOBAL |
		    PTE_NX;
	}
	return (volatile void *)(MMIO_BASE + phys);
}
