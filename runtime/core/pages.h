/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pages.h - physical memory, by pages: a buddy allocator.
 *
 * Any context but an interrupt handler; the lock is the last but one in the
 * order (doc/ARCHITECTURE.md).  Nothing here touches the program's memory.
 */
#ifndef CORE_PAGES_H
#define CORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch/page.h"

/* Blocks of 2^order pages; the largest has 1 GiB. */
#define PAGES_ORDER_MAX 18
#define PAGES_ORDER_LARGE 9 /* LARGE_PAGE_SIZE */

/*
 * Start: gives [base, base + size) to the allocator, page aligned, already in
 * the direct map.  Its own records are taken from the range itself.
 */
void pages_add(phys_t base, uint64_t size);

/*
 * A block of 2^order pages, aligned to its size, contents undefined; 0 if
 * there is none.  The last pages_reserve() pages are kept back for
 * PAGES_URGENT: page tables and faults of stacks, so that a shortage is
 * answered by ENOMEM where it is asked for and not by a fault's failure.
 */
enum { PAGES_URGENT = 1, PAGES_ZERO = 2 };
phys_t pages_alloc(unsigned order, unsigned flags);
void pages_free(phys_t block, unsigned order);

/* In pages. */
size_t pages_total(void);
size_t pages_available(void);
size_t pages_reserve(void);

#endif
