/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pages.h - physical memory, by pages: a buddy allocator.
 *
 * Any context but an interrupt handler; the lock is the last but one in the
 * order (doc/ARCHITECTURE.md).  Nothing here touches the program's memory.
 *
 * Who may take the last pages: the program's faults and page tables anything
 * (PAGES_URGENT), all others leave the reserve and what is promised (below)
 * alone, so that a shortage is answered by ENOMEM where it is asked for and
 * not by a fault's failure.
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

enum {
	PAGES_URGENT = 1, /* may take from the reserve */
	PAGES_ZERO = 2,
	PAGES_SPLIT = 4,    /* its pages may be freed one by one */
	PAGES_PROMISED = 8, /* URGENT, and fulfils a promise */
};

/*
 * A block of 2^order pages, aligned to its size, contents undefined; 0 if
 * there is none.
 */
phys_t pages_alloc(unsigned order, unsigned flags);
void pages_free(phys_t block, unsigned order);
/* The order a block was allocated with. */
unsigned pages_order(phys_t block);

/*
 * Promises: pages that memory of the program will need when it is touched.
 * pages_promise says false if n more can't be kept; pages_promise_back takes
 * back (n < 0) or renews (n > 0) without asking.  A small share is never
 * promised, for the runtime's own use.  Below PAGES_SMALL pages of
 * RAM, PAGES_SLACK more than there are may be promised: GHC's RTS commits
 * memory by whole MiB and doesn't touch all of it.
 */
#define PAGES_SMALL 1536
#define PAGES_SLACK 512
bool pages_promise(size_t n);
void pages_promise_back(long n);

/* In pages. */
size_t pages_total(void);
size_t pages_available(void);
size_t pages_reserve(void);
size_t pages_promised(void);
/* What can still be promised. */
size_t pages_spare(void);

#endif
