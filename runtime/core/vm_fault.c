/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm_fault.c - see vm.h: pages that come and go while the areas stay.
 */
#include "core/vm.h"

#include "arch/trap.h"
#include "core/vm_area.h"
#include "halvm/abi/errno.h"

/* Pages handled with interrupts off, before others get a chance. */
#define BATCH 32

/* What plenty() wants: so many pages in all, this part of them spare. */
#define PLENTY_MIN 4096
#define PLENTY_PART 8
/* Areas get large pages from this size up: most of them will be used. */
#define LARGE_AREA (4 * LARGE_PAGE_SIZE)
/* Of the pages that come with one fault of a walk through memory. */
#define AROUND_ORDER 2

/*
 * Pages in 2^order pages of an area, where none is present; if not all can
 * be had, the first few or none, and -ENOMEM.  Without `urgent` the reserve is
 * left alone; committed pages were promised and are always urgent.
 */
static int page_in(const struct area *a, uintptr_t page, unsigned order,
		   bool urgent)
{
	unsigned how = order ? PAGES_ZERO | PAGES_SPLIT : PAGES_ZERO;
	bool committed = a->flags & AREA_COMMITTED;
	uintptr_t n = 1UL << order, i;
	phys_t phys;

	if (committed)
		how |= PAGES_PROMISED;
	else if (urgent)
		how |= PAGES_URGENT;
	phys = pages_alloc(order, how);
	if (!phys)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		if (page_map(page + i * PAGE_SIZE, phys + i * PAGE_SIZE,
			     PAGE_SIZE, a->prot))
			break;
	vm.resident += i;
	if (i == n)
		return 0;
	if (committed)
		pages_promise_back((long)(n - i));
	for (; i < n; i++)
		pages_free(phys + i * PAGE_SIZE, 0);
	return -ENOMEM;
}

/*
 * There is more memory than anyone has asked for: pages may come before they
 * are touched.
 */
static bool plenty(void)
{
	size_t total = pages_total();

	return total >= PLENTY_MIN && pages_spare() >= total / PLENTY_PART;
}

/* A large page for addr, if its area has all of it and none of it is there. */
static bool page_in_large(const struct area *a, uintptr_t addr)
{
	uintptr_t page = addr & ~(LARGE_PAGE_SIZE - 1);
	size_t n = LARGE_PAGE_SIZE / PAGE_SIZE;
	phys_t phys;

	if (a->end - a->start < LARGE_AREA || !(a->flags & AREA_COMMITTED) ||
	    page < a->start || a->end - page < LARGE_PAGE_SIZE ||
	    page_next(page, page + LARGE_PAGE_SIZE) != page + LARGE_PAGE_SIZE)
		return false;
	phys = pages_alloc(PAGES_ORDER_LARGE,
			   PAGES_PROMISED | PAGES_SPLIT | PAGES_ZERO);
	if (!phys)
		return false;
	if (page_map(page, phys, LARGE_PAGE_SIZE, a->prot)) {
		pages_free(phys, PAGES_ORDER_LARGE);
		pages_promise_back((long)n);
		return false;
	}
	vm.resident += n;
	return true;
}

/*
 * The aligned pages around addr, if they are all absent and those before or
 * behind them aren't: so go who walks up through memory, and stacks down.
 */
static bool page_in_around(const struct area *a, uintptr_t addr)
{
	uintptr_t size = PAGE_SIZE << AROUND_ORDER, start = addr & -size;
	struct page_mapping m;

	if (start <= a->start || start + size >= a->end ||
	    page_next(start, start + size) != start + size ||
	    (!page_lookup(start - PAGE_SIZE, &m) &&
	     !page_lookup(start + size, &m)))
		return false;
	/* If only some could be mapped, addr may be one of them. */
	return !page_in(a, start, AROUND_ORDER, false) || page_lookup(addr, &m);
}

static int fault_locked(uintptr_t addr, unsigned need)
{
	struct area *a = area_find(addr);
	struct page_mapping m;

	if (!a || addr < a->start || !(a->prot & need))
		return -EFAULT;
	addr &= ~(PAGE_SIZE - 1);
	/* Another CPU was faster, or this one's TLB is older. */
	if (page_lookup(addr, &m))
		return m.prot & need ? 0 : -EFAULT;
	if (a->flags & AREA_IMAGE)
		return -EFAULT;
	vm.faults++;
	if (plenty() && (page_in_large(a, addr) || page_in_around(a, addr)))
		return 0;
	return page_in(a, addr, 0, true);
}

int vm_fault(uintptr_t addr, unsigned access)
{
	unsigned need = access & FAULT_WRITE  ? PAGE_WRITE
			: access & FAULT_EXEC ? PAGE_EXEC
					      : PAGE_READ;
	unsigned long irq;
	int r;

	if (addr < USER_LOWEST || addr >= USER_END)
		return -EFAULT;
	irq = spin_lock(&vm.lock);
	r = fault_locked(addr, need);
	if (r == -ENOMEM)
		vm.starved = addr & ~(PAGE_SIZE - 1);
	spin_unlock(&vm.lock, irq);
	return r;
}

bool vm_fault_starved(uintptr_t addr)
{
	return vm.starved && vm.starved == (addr & ~(PAGE_SIZE - 1));
}

/* Pages in what is absent of at most BATCH pages; where it got is *at. */
static int populate_some(uintptr_t *at, uintptr_t end)
{
	struct page_mapping m;

	for (unsigned i = 0; i < BATCH && *at < end; i++, *at += PAGE_SIZE) {
		struct area *a = area_find(*at);
		int r;

		if (!a || *at < a->start)
			return -ENOMEM;
		if (!a->prot || a->flags & AREA_IMAGE || page_lookup(*at, &m))
			continue;
		if (plenty() && page_in_large(a, *at))
			continue;
		r = page_in(a, *at, 0, false);
		if (r)
			return r;
	}
	return 0;
}

int vm_populate(uintptr_t addr, size_t size)
{
	uintptr_t at = addr & ~(PAGE_SIZE - 1), end;
	int r = 0;

	if (!size)
		return 0;
	if (!range_good(addr, size))
		return -ENOMEM;
	end = page_up(addr + size);
	while (!r && at < end) {
		unsigned long irq = spin_lock(&vm.lock);

		r = populate_some(&at, end);
		spin_unlock(&vm.lock, irq);
	}
	return r;
}

/* -ENOMEM too if a part isn't mapped; the rest has been discarded then. */
static int discard_locked(uintptr_t start, uintptr_t end)
{
	bool hole = false;
	struct area *a;

	while (start < end && (a = area_find(start)) && a->start < end) {
		uintptr_t to = a->end < end ? a->end : end;
		int r;

		if (a->start > start) {
			hole = true;
			start = a->start;
		}
		/* What the image has is not to be had again. */
		if (a->flags & AREA_IMAGE)
			return -EINVAL;
		if (!(a->flags & AREA_KEEP)) {
			r = vm_zap(a, start, to, false);
			if (r)
				return r;
		}
		start = to;
	}
	return hole || start < end ? -ENOMEM : 0;
}

int vm_discard(uintptr_t addr, size_t size)
{
	int r = 0, error = 0;
	uintptr_t end;

	if (!page_aligned(addr) || size > USER_END)
		return -EINVAL;
	if (!size)
		return 0;
	size = page_up(size);
	if (!range_good(addr, size))
		return -ENOMEM;
	for (end = addr + size; r != -EINVAL && addr < end;) {
		unsigned long irq = spin_lock(&vm.lock);
		uintptr_t to = vm_piece(addr, end);

		r = discard_locked(addr, to);
		spin_unlock(&vm.lock, irq);
		if (r)
			error = r;
		addr = to;
	}
	return error;
}

int vm_resident(uintptr_t addr, size_t size, unsigned char *vec)
{
	struct page_mapping m;
	uintptr_t end;
	int r = 0;

	if (!page_aligned(addr))
		return -EINVAL;
	if (!size)
		return 0;
	if (!range_good(addr, size))
		return -ENOMEM;
	end = addr + page_up(size);
	while (!r && addr < end) {
		unsigned long irq = spin_lock(&vm.lock);
		struct area *a = area_find(addr);

		if (!a || a->start > addr)
			r = -ENOMEM;
		for (unsigned i = 0;
		     !r && i < BATCH && addr < end && addr < a->end;
		     i++, addr += PAGE_SIZE)
			*vec++ = page_lookup(addr, &m);
		spin_unlock(&vm.lock, irq);
	}
	return r;
}

void vm_get_stats(struct vm_stats *stats)
{
	unsigned long irq = spin_lock(&vm.lock);

	stats->mapped = vm.mapped;
	stats->resident = vm.resident;
	stats->committed = vm.committed;
	stats->commit_limit = vm.committed + pages_spare();
	stats->areas = vm.count;
	stats->faults = vm.faults;
	spin_unlock(&vm.lock, irq);
}

bool vm_next_area(uintptr_t addr, struct vm_area_info *info)
{
	unsigned long irq = spin_lock(&vm.lock);
	const struct area *a = area_find(addr);

	if (a) {
		info->start = a->start;
		info->end = a->end;
		info->prot = a->prot;
		info->image = a->flags & AREA_IMAGE;
	}
	spin_unlock(&vm.lock, irq);
	return a;
}
