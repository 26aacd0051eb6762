/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rt_vm.h - what the tests of the address space have in common: a machine, and
 * what must always hold.
 */
#ifndef TEST_RT_VM_H
#define TEST_RT_VM_H

#include "arch/trap.h"
#include "check.h"
#include "core/vm_area.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/mman.h"
#include "host.h"

#define ARENA (48UL << 20)
#define WINDOW 0x7000000000UL
#define RW (PAGE_READ | PAGE_WRITE)

static unsigned large_seen; /* large pages, at all looks of sound() */

static inline bool sound_node(const struct tree_node *n)
{
	const struct area *a = container_of(n, struct area, node), *prev;
	size_t max = a->gap;

	for (int i = 0; i < 2; i++) {
		const struct tree_node *c = i ? n->left : n->right;

		if (c && !sound_node(c))
			return false;
		if (c && container_of(c, struct area, node)->max_gap > max)
			max = container_of(c, struct area, node)->max_gap;
	}
	prev = area_prev(a);
	return a->max_gap == max && a->start < a->end &&
	       a->gap == a->start - (prev ? prev->end : 0) &&
	       !(prev && prev->end == a->start && prev->prot == a->prot &&
		 prev->flags == a->flags && !(a->flags & AREA_IMAGE));
}

/* Pages are in areas and have their rights; all is counted. */
static inline bool sound(void)
{
	size_t resident = 0, fulfilled = 0, mapped = 0, committed = 0, n = 0;
	struct page_mapping m;
	struct area *a;

	if (vm.areas.root && !sound_node(vm.areas.root))
		return false;
	for (size_t i = 0; i < host_pages(); i++) {
		uintptr_t addr = host_page(i, &m);

		a = area_find(addr);
		if (!a || a->start > addr || a->end < addr + m.size ||
		    a->prot != m.prot)
			return false;
		resident += m.size / PAGE_SIZE;
		large_seen += m.size == LARGE_PAGE_SIZE;
		if (a->flags & AREA_COMMITTED)
			fulfilled += m.size / PAGE_SIZE;
	}
	for (a = area_of(tree_first(&vm.areas)); a; a = area_next(a)) {
		mapped += (a->end - a->start) / PAGE_SIZE;
		if (a->flags & AREA_COMMITTED)
			committed += (a->end - a->start) / PAGE_SIZE;
		n++;
	}
	return vm.resident == resident && vm.mapped == mapped &&
	       vm.committed == committed && vm.count == n &&
	       pages_promised() == committed - fulfilled;
}

static inline void vm_start(void)
{
	host_ram_start(ARENA);
	memset(host_ram, 0x77, ARENA);
	pages_add(0, ARENA);
	vm_init();
}

#endif
