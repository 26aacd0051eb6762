/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/page.h on the host: RAM is an arena, page tables are a sorted list
 * (page.c).  Addresses of the program mean nothing to the host: a test touches
 * them by host_touch.
 */
#ifndef ARCH_PAGE_H
#define ARCH_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096UL
#define LARGE_PAGE_SIZE 0x200000UL

#define USER_LOWEST 0x1000UL
#define MAP_LOW 0x40000000UL
#define MAP_LOW_END 0x80000000UL
#define BRK_BASE 0x100000000UL
#define BRK_END 0x800000000UL
#define USER_BASE 0x1000000000UL
#define USER_END 0x7ffffffff000UL

typedef uint64_t phys_t;

/* Physical address 0 of the arena. */
extern char *host_ram;

static inline void *phys_to_virt(phys_t phys)
{
	return host_ram + phys;
}

static inline phys_t virt_to_phys(const void *p)
{
	return (phys_t)((const char *)p - host_ram);
}

static inline void page_clear(void *p, size_t size)
{
	memset(p, 0, size);
}

enum { PAGE_READ = 1, PAGE_WRITE = 2, PAGE_EXEC = 4 };

struct page_source {
	phys_t (*alloc)(void);
	void (*free)(phys_t page);
};

void page_set_source(const struct page_source *source);

int page_map(uintptr_t addr, phys_t phys, size_t size, unsigned prot);

struct page_mapping {
	phys_t phys;
	size_t size;
	unsigned prot;
	bool accessed, dirty;
};

bool page_lookup(uintptr_t addr, struct page_mapping *m);
uintptr_t page_next(uintptr_t start, uintptr_t end);
int page_unmap(uintptr_t start, uintptr_t end,
	       void (*release)(phys_t phys, size_t size, void *argument),
	       void *argument);
int page_protect(uintptr_t start, uintptr_t end, unsigned prot);
int page_move(uintptr_t from, uintptr_t to, size_t size);
volatile void *page_map_device(phys_t phys, size_t size);

/* --- The test's --- */

/* An arena of so many bytes, for pages_add; all of it can be a direct map. */
void host_ram_start(size_t size);
/* Making a page or splitting one fails after so many more; negative: never. */
extern long host_tables_limit;
/* How many pages, of either size, are mapped; the nth of them. */
size_t host_pages(void);
uintptr_t host_page(size_t n, struct page_mapping *m);
/*
 * An access of the program: pages in by vm_fault; the byte, or NULL with
 * *error what vm_fault said.
 */
char *host_touch(uintptr_t addr, unsigned access, int *error);

#endif
