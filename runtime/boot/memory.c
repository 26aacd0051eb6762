/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory.c - who gets the machine's RAM.
 *
 * The direct map's tables come before the page allocator, which lives in the
 * direct map: they are taken, page by page, from the start of a free range
 * that the entry's first tables, and then the first GiB's direct map, reach.
 */
#include "arch/page.h"
#include "arch/page_init.h"
#include "boot/boot.h"
#include "core/pages.h"
#include "core/panic.h"
#include "core/vm.h"
#include "halvm/abi/elf.h"
#include "lib/string.h"

#define GIB (1UL << 30)
#define FREE_MAX (BOOT_RAM_MAX + BOOT_MODULES_MAX + BOOT_RESERVED_MAX + 2)
/* Fewer bytes than this can't run anything. */
#define EARLY_MIN (1UL << 16)

extern const char halvm_ehdr_start[], halvm_end[];

static struct boot_range free_range[FREE_MAX];
static unsigned free_count;
static struct boot_range *early; /* in free_range */

static phys_t early_alloc(void)
{
	phys_t page = early->base;

	if (early->size < PAGE_SIZE)
		return 0;
	early->base += PAGE_SIZE;
	early->size -= PAGE_SIZE;
	memset(phys_to_virt(page), 0, PAGE_SIZE);
	return page;
}

static phys_t table_alloc(void)
{
	return pages_alloc(0, PAGES_URGENT | PAGES_ZERO);
}

static void table_free(phys_t page)
{
	/* Those of the start are part of no block. */
	pages_free(page, 0);
}

/* Takes [base, base + size) out of the free ranges, by whole pages. */
static void exclude(uint64_t base, uint64_t size)
{
	uint64_t start = base & ~(PAGE_SIZE - 1);
	uint64_t end = (base + size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	unsigned n = free_count;

	if (end <= start)
		return;
	for (unsigned i = 0; i < n; i++) {
		struct boot_range *r = &free_range[i];
		uint64_t r_end = r->base + r->size;

		if (end <= r->base || start >= r_end)
			continue;
		if (end < r_end && start > r->base) {
			r->size = start - r->base;
			if (free_count < FREE_MAX)
				free_range[free_count++] =
				    (struct boot_range){end, r_end - end};
		} else if (start > r->base) {
			r->size = start - r->base;
		} else if (end < r_end) {
			r->base = end;
			r->size = r_end - end;
		} else {
			r->size = 0;
		}
	}
}

/* Of the image's segments the root archive alone lies beyond halvm_end. */
static void exclude_root_archive(void)
{
	const struct abi_elf_header *elf = (const void *)halvm_ehdr_start;
	const struct abi_elf_program *p =
	    (const void *)(halvm_ehdr_start + elf->program_offset);

	for (unsigned i = 0; i < elf->program_count; i++, p++)
		if (p->type == ABI_PT_LOAD && (p->flags & ABI_PF_ROOT))
			exclude(p->physical, p->memory_size);
}

static void find_free(const struct boot_info *info)
{
	memcpy(free_range, info->ram, info->ram_count * sizeof *free_range);
	free_count = info->ram_count;
	exclude((uint64_t)halvm_ehdr_start,
		(uint64_t)(halvm_end - halvm_ehdr_start));
	exclude_root_archive();
	for (unsigned i = 0; i < info->module_count; i++)
		exclude(info->module[i].base, info->module[i].size);
	for (unsigned i = 0; i < info->reserved_count; i++)
		exclude(info->reserved[i].base, info->reserved[i].size);
	/* The largest in the first GiB. */
	for (unsigned i = 0; i < free_count; i++) {
		struct boot_range *r = &free_range[i];

		if (r->base + r->size <= GIB &&
		    (!early || r->size > early->size))
			early = r;
	}
	/* One that reaches beyond will do too: its start is what is used. */
	for (unsigned i = 0; !early && i < free_count; i++)
		if (free_range[i].base < GIB - EARLY_MIN)
			early = &free_range[i];
	if (!early || early->size < EARLY_MIN)
		panic(NULL, "no memory: the machine needs more RAM");
}

void boot_memory(const struct boot_info *info)
{
	static const struct page_source early_source = {early_alloc, NULL};
	static const struct page_source source = {table_alloc, table_free};
	bool ok = true;

	find_free(info);
	page_set_source(&early_source);
	for (unsigned i = 0; i < info->ram_count; i++)
		ok = ok && page_map_ram(info->ram[i].base, info->ram[i].size);
	if (!ok)
		panic(NULL, "no memory for the page tables of all RAM");
	for (unsigned i = 0; i < free_count; i++)
		if (free_range[i].size)
			pages_add(free_range[i].base, free_range[i].size);
	page_set_source(&source);
}

static void add_segment(uintptr_t start, uintptr_t end, unsigned prot)
{
	if (vm_add_image(start, end, prot))
		panic(NULL, "no memory for the areas of the image");
}

void boot_map_image(void)
{
	if (!page_map_image(halvm_ehdr_start, add_segment))
		panic(NULL, "no memory for the image's page tables");
}
