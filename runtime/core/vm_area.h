/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm_area.h - vm's own: the tree of areas.  All of it under vm.lock.
 *
 * Areas are disjoint and ordered; neighbours with the same rights and flags
 * are one.  Each knows the gap before it, and the largest gap in its subtree,
 * so that a place for a new one is found in O(log n).
 */
#ifndef CORE_VM_AREA_H
#define CORE_VM_AREA_H

#include "arch/spin.h"
#include "core/pages.h"
#include "core/vm.h"
#include "lib/list.h"
#include "lib/tree.h"

enum {
	AREA_COMMITTED = 1, /* its absent pages are promised (pages.h) */
	AREA_IMAGE = 2,	    /* its pages aren't ours */
	AREA_KEEP = 4,	    /* VM_KEEP */
};

struct area {
	struct tree_node node;
	uintptr_t start, end;
	size_t gap, max_gap; /* bytes */
	uint8_t prot, flags;
};

struct vm {
	struct spinlock lock;
	struct tree areas;
	struct area *last;  /* found by the last search, or NULL */
	struct area *spare; /* linked by node.parent */
	unsigned spares;
	size_t count;
	size_t mapped, resident, committed; /* pages */
	uint64_t faults;
	uintptr_t brk;
	uintptr_t starved; /* the page of the last fault without memory */
};

extern struct vm vm;

static inline struct area *area_of(struct tree_node *node)
{
	return node ? container_of(node, struct area, node) : NULL;
}

static inline struct area *area_next(const struct area *a)
{
	return area_of(tree_next(&a->node));
}

static inline struct area *area_prev(const struct area *a)
{
	return area_of(tree_prev(&a->node));
}

static inline uintptr_t page_up(uintptr_t addr)
{
	return (addr + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static inline bool page_aligned(uintptr_t addr)
{
	return !(addr & (PAGE_SIZE - 1));
}

/* The program's addresses: a range that is neither empty nor wraps. */
static inline bool range_good(uintptr_t addr, size_t size)
{
	return size && addr >= USER_LOWEST && addr < USER_END &&
	       size <= USER_END - addr;
}

void areas_init(void);

/* The area that contains addr, or the first after it, or NULL. */
struct area *area_find(uintptr_t addr);

/* The whole range is in areas. */
bool area_covers(uintptr_t start, uintptr_t end);
/* An area with one of the flags is in the range. */
bool area_has(uintptr_t start, uintptr_t end, unsigned flags);

/*
 * Makes sure that the following changes find n new areas; false: no memory.
 * A cut or split needs one, an insertion one.
 */
bool area_prepare(unsigned n);

/* A new area where there is none; may merge with its neighbours. */
void area_insert(uintptr_t start, uintptr_t end, unsigned prot, unsigned flags);
/* Removes a part of an area, or all. */
void area_cut(struct area *a, uintptr_t start, uintptr_t end);
/* Gives a part of an area other rights; splits and merges. */
void area_protect(struct area *a, uintptr_t start, uintptr_t end,
		  unsigned prot);

/*
 * The lowest address in [low, high) with `size` free bytes, aligned to
 * `align`; 0 if there is none.
 */
uintptr_t area_gap(uintptr_t low, uintptr_t high, size_t size, size_t align);

/* --- vm.c --- */

/*
 * Gives back the pages of one area in a range, and keeps account; the promise
 * of the range ends if `end_promise`, else it is renewed.  0 or -ENOMEM.
 */
int vm_zap(struct area *a, uintptr_t start, uintptr_t end, bool end_promise);
/*
 * Where the first piece of a range ends: much that is present is handled piece
 * by piece, so that interrupts don't stay off for long.
 */
uintptr_t vm_piece(uintptr_t start, uintptr_t end);
/* munmap under the lock; if it cuts an area in two, one has been prepared. */
int vm_unmap_locked(uintptr_t start, uintptr_t end);
/* A new area with its account, where nothing is; false: can't be promised. */
bool vm_promise(unsigned flags, size_t size);
void vm_insert(uintptr_t start, uintptr_t end, unsigned prot, unsigned flags);
/* Where a mapping without MAP_FIXED goes; 0: no place. */
uintptr_t vm_place(uintptr_t hint, size_t size, unsigned vm_flags);

#endif
