/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm.c - see vm.h: mapping, unmapping, rights, and the account of it.
 */
#include "core/vm.h"

#include "core/vm_area.h"
#include "halvm/abi/errno.h"

/* See vm_piece. */
#define PIECE (2 * LARGE_PAGE_SIZE)

void vm_init(void)
{
	areas_init();
	vm.brk = BRK_BASE;
}

int vm_add_image(uintptr_t start, uintptr_t end, unsigned prot)
{
	unsigned long irq = spin_lock(&vm.lock);
	struct area *next;
	int r = 0;

	start &= ~(PAGE_SIZE - 1);
	end = page_up(end);
	next = area_find(start);
	if (next && next->start < end)
		r = -EEXIST;
	else if (!area_prepare(1))
		r = -ENOMEM;
	else
		vm_insert(start, end, prot, AREA_IMAGE);
	spin_unlock(&vm.lock, irq);
	return r;
}

/* What x86 can do: readable if anything; and no page is W and X (vm.h). */
static int check_prot(unsigned *prot)
{
	if (*prot & ~(unsigned)(PAGE_READ | PAGE_WRITE | PAGE_EXEC))
		return -EINVAL;
	if (*prot & PAGE_WRITE && *prot & PAGE_EXEC)
		return -EACCES;
	if (*prot)
		*prot |= PAGE_READ;
	return 0;
}

bool vm_promise(unsigned flags, size_t size)
{
	return !(flags & AREA_COMMITTED) || pages_promise(size >> PAGE_SHIFT);
}

void vm_insert(uintptr_t start, uintptr_t end, unsigned prot, unsigned flags)
{
	size_t n = (end - start) >> PAGE_SHIFT;

	area_insert(start, end, prot, flags);
	vm.mapped += n;
	if (flags & AREA_COMMITTED)
		vm.committed += n;
	if (flags & AREA_IMAGE)
		vm.resident += n;
}

static void release(phys_t page, size_t size, void *count)
{
	pages_free(page, size == PAGE_SIZE ? 0 : PAGES_ORDER_LARGE);
	*(size_t *)count += size >> PAGE_SHIFT;
}

int vm_zap(struct area *a, uintptr_t start, uintptr_t end, bool end_promise)
{
	size_t freed = 0, n = (end - start) >> PAGE_SHIFT;
	int r = page_unmap(start, end, release, &freed);

	if (r)
		return r;
	vm.resident -= freed;
	if (a->flags & AREA_COMMITTED) {
		if (end_promise)
			pages_promise_back(-(long)(n - freed));
		else
			pages_promise_back((long)freed);
	}
	return 0;
}

uintptr_t vm_piece(uintptr_t start, uintptr_t end)
{
	uintptr_t first;

	if (end - start <= PIECE)
		return end;
	first = page_next(start, end);
	return end - first <= PIECE ? end : (first + PIECE) & ~(PIECE - 1);
}

int vm_unmap_locked(uintptr_t start, uintptr_t end)
{
	struct area *a;

	if (area_has(start, end, AREA_IMAGE))
		return -EPERM;
	while ((a = area_find(start)) && a->start < end) {
		uintptr_t from = a->start > start ? a->start : start;
		uintptr_t to = a->end < end ? a->end : end;
		size_t n = (to - from) >> PAGE_SHIFT;
		int r = vm_zap(a, from, to, true);

		if (r)
			return r;
		vm.mapped -= n;
		if (a->flags & AREA_COMMITTED)
			vm.committed -= n;
		area_cut(a, from, to);
		start = to;
	}
	return 0;
}

uintptr_t vm_place(uintptr_t hint, size_t size, unsigned vm_flags)
{
	bool low = vm_flags & VM_LOW;
	uintptr_t end = low ? MAP_LOW_END : USER_END, at = 0;
	uintptr_t start = low ? MAP_LOW : USER_BASE;
	struct area *next;

	if (range_good(hint, size) && hint <= end && size <= end - hint) {
		next = area_find(hint);
		if (!next || next->start >= hint + size)
			return hint;
	}
	/* So that large pages fit into it. */
	if (size >= LARGE_PAGE_SIZE)
		at = area_gap(start, end, size, LARGE_PAGE_SIZE);
	return at ? at : area_gap(start, end, size, PAGE_SIZE);
}

/* With everything checked and the lock held. */
static long map_locked(uintptr_t addr, size_t size, unsigned prot,
		       unsigned vm_flags)
{
	unsigned flags = vm_flags & VM_KEEP ? AREA_KEEP : 0;
	struct area *next;
	int r = 0;

	if (prot & PAGE_WRITE && !(vm_flags & VM_NORESERVE))
		flags |= AREA_COMMITTED;

	if (!area_prepare(2))
		return -ENOMEM;
	if (vm_flags & (VM_FIXED | VM_NOREPLACE)) {
		next = area_find(addr);
		if (vm_flags & VM_NOREPLACE && next &&
		    next->start < addr + size)
			return -EEXIST;
	} else {
		addr = vm_place(addr, size, vm_flags);
		if (!addr)
			return -ENOMEM;
	}
	if (!vm_promise(flags, size))
		return -ENOMEM;
	if (vm_flags & VM_FIXED)
		r = vm_unmap_locked(addr, addr + size);
	if (r) {
		if (flags & AREA_COMMITTED)
			pages_promise_back(-(long)(size >> PAGE_SHIFT));
		return r;
	}
	vm_insert(addr, addr + size, prot, flags);
	return (long)addr;
}

long vm_map(uintptr_t addr, size_t size, unsigned prot, unsigned flags)
{
	unsigned long irq;
	long r = check_prot(&prot);

	if (r)
		return r;
	if (!size)
		return -EINVAL;
	if (size > USER_END)
		return -ENOMEM;
	size = page_up(size);
	if (flags & (VM_FIXED | VM_NOREPLACE)) {
		if (!page_aligned(addr))
			return -EINVAL;
		if (addr < USER_LOWEST)
			return -EPERM;
		if (!range_good(addr, size))
			return -ENOMEM;
	}
	addr &= ~(PAGE_SIZE - 1);
	irq = spin_lock(&vm.lock);
	r = map_locked(addr, size, prot, flags);
	spin_unlock(&vm.lock, irq);
	if (r >= 0 && flags & VM_POPULATE && prot)
		vm_populate((uintptr_t)r, size); /* may fail, as on Linux */
	return r;
}

/*
 * Only what cuts an area in two needs memory: all else can be unmapped when
 * there is none.
 */
static bool prepare_cut(uintptr_t start, uintptr_t end)
{
	const struct area *a = area_find(start);

	return area_prepare(a && a->start < start && a->end > end);
}

int vm_unmap(uintptr_t addr, size_t size)
{
	unsigned long irq;
	uintptr_t end;
	int r = 0;

	if (!page_aligned(addr) || !size || size > USER_END)
		return -EINVAL;
	size = page_up(size);
	if (addr > USER_END || size > USER_END - addr)
		return -EINVAL;
	end = addr + size;
	irq = spin_lock(&vm.lock);
	if (area_has(addr, end, AREA_IMAGE))
		r = -EPERM;
	spin_unlock(&vm.lock, irq);
	while (!r && addr < end) {
		uintptr_t to;

		irq = spin_lock(&vm.lock);
		to = vm_piece(addr, end);
		r = prepare_cut(addr, to) ? vm_unmap_locked(addr, to) : -ENOMEM;
		spin_unlock(&vm.lock, irq);
		addr = to;
	}
	return r;
}

int vm_check(uintptr_t addr, size_t size)
{
	unsigned long irq;
	bool covered;

	if (!size)
		return 0;
	if (!range_good(addr, size))
		return -ENOMEM;
	irq = spin_lock(&vm.lock);
	covered = area_covers(addr, addr + size);
	spin_unlock(&vm.lock, irq);
	return covered ? 0 : -ENOMEM;
}

static int protect_locked(uintptr_t start, uintptr_t end, unsigned prot)
{
	if (!area_covers(start, end) || !area_prepare(2))
		return -ENOMEM;
	while (start < end) {
		struct area *a = area_find(start);
		uintptr_t to = a->end < end ? a->end : end;

		if (a->prot != prot) {
			int r = page_protect(start, to, prot);

			if (r)
				return r;
			area_protect(a, start, to, prot);
			/* What it took; there may be none left. */
			if (to < end && !area_prepare(2))
				return -ENOMEM;
		}
		start = to;
	}
	return 0;
}

int vm_protect(uintptr_t addr, size_t size, unsigned prot)
{
	uintptr_t end;
	int r = check_prot(&prot);

	if (r)
		return r;
	if (!page_aligned(addr))
		return -EINVAL;
	if (size > USER_END)
		return -ENOMEM;
	r = vm_check(addr, size);
	for (end = addr + page_up(size); !r && addr < end;) {
		unsigned long irq = spin_lock(&vm.lock);
		uintptr_t to = vm_piece(addr, end);

		r = protect_locked(addr, to, prot);
		spin_unlock(&vm.lock, irq);
		addr = to;
	}
	return r;
}

uintptr_t vm_brk(uintptr_t end)
{
	unsigned long irq = spin_lock(&vm.lock);
	uintptr_t old_top = page_up(vm.brk), top = page_up(end);
	struct area *next;

	if (end < BRK_BASE || end > BRK_END || !area_prepare(2))
		goto out;
	if (top < old_top) {
		if (vm_unmap_locked(top, old_top))
			goto out;
	} else if (top > old_top) {
		next = area_find(old_top);
		if ((next && next->start < top) ||
		    !vm_promise(AREA_COMMITTED, top - old_top))
			goto out;
		vm_insert(old_top, top, PAGE_READ | PAGE_WRITE, AREA_COMMITTED);
	}
	vm.brk = end;
out:
	end = vm.brk;
	spin_unlock(&vm.lock, irq);
	return end;
}
