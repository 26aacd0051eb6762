/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/page.h - page tables (Intel SDM vol. 3, 4.5: four levels).
 *
 * Addresses:
 *   0                     never mapped
 *   1 MiB                 the image, each section with its own rights
 *   MAP_LOW .. 2 GiB      mappings for MAP_32BIT
 *   BRK_BASE              brk
 *   USER_BASE ..          other mappings, up to USER_END
 *   DIRECT_BASE           all RAM, writable, not executable
 *   MMIO_BASE             device registers, uncached, at their address
 *
 * The caller holds the lock of the address space and serialises all these
 * functions but the first two.
 */
#ifndef ARCH_PAGE_H
#define ARCH_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
#define DIRECT_BASE 0xffff800000000000UL
#define MMIO_BASE 0xffffc00000000000UL

typedef uint64_t phys_t;

/* RAM through the direct map; for ranges told to page_map_ram only. */
static inline void *phys_to_virt(phys_t phys)
{
	return (void *)(DIRECT_BASE + phys);
}

static inline phys_t virt_to_phys(const void *p)
{
	return (phys_t)p - DIRECT_BASE;
}

/* Zeroes RAM; size is a multiple of 8. */
static inline void page_clear(void *p, size_t size)
{
	size /= 8;
	__asm__ volatile("rep stosq" : "+D"(p), "+c"(size) : "a"(0) : "memory");
}

enum { PAGE_READ = 1, PAGE_WRITE = 2, PAGE_EXEC = 4 };

/* Where page tables come from: zeroed pages, 0 if there is none. */
struct page_source {
	phys_t (*alloc)(void);
	void (*free)(phys_t page);
};

void page_set_source(const struct page_source *source);

/*
 * Maps one page of size PAGE_SIZE or LARGE_PAGE_SIZE, both addresses aligned
 * to it; prot isn't 0.  Nothing may be mapped there.  0 or -ENOMEM.
 */
int page_map(uintptr_t addr, phys_t phys, size_t size, unsigned prot);

struct page_mapping {
	phys_t phys; /* of the page's first byte */
	size_t size;
	unsigned prot;
	bool accessed, dirty;
};

/* The page that holds addr; false if none is present. */
bool page_lookup(uintptr_t addr, struct page_mapping *m);

/*
 * The first address in [start, end) with a page, present or kept without
 * rights; end if there is none.  Absent tables are skipped.
 */
uintptr_t page_next(uintptr_t start, uintptr_t end);

/*
 * Removes all pages in [start, end), calls release (if not NULL) for each one
 * after the TLB forgot it, and gives empty tables back.  Absent tables are
 * skipped, so a range may be terabytes.  A large page that is only partly in
 * the range is split first: -ENOMEM, with nothing done, if that fails.
 */
int page_unmap(uintptr_t start, uintptr_t end,
	       void (*release)(phys_t phys, size_t size, void *argument),
	       void *argument);

/*
 * Gives the pages present in [start, end) other rights.  prot 0 makes them
 * unreadable but keeps them: page_lookup still finds them, with prot 0, and a
 * later page_protect brings them back.  0 or -ENOMEM as above.
 */
int page_protect(uintptr_t start, uintptr_t end, unsigned prot);

/*
 * Moves the pages of [from, from + size) to `to`, where nothing is mapped; the
 * ranges don't overlap.  -ENOMEM: some may have been moved back, none is lost.
 */
int page_move(uintptr_t from, uintptr_t to, size_t size);

/* Device registers at an address; never fails after boot's page_map_ram. */
volatile void *page_map_device(phys_t phys, size_t size);

#endif
