/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm_remap.c - see vm.h: mremap.
 */
#include "core/vm.h"

#include "core/vm_area.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/mman.h"

struct remap {
	uintptr_t from, to; /* to: with MREMAP_FIXED */
	size_t old_size, new_size;
	unsigned flags;
};

static int check(struct remap *m)
{
	bool fixed = m->flags & ABI_MREMAP_FIXED;
	bool keep = m->flags & ABI_MREMAP_DONTUNMAP;

	if (m->flags & ~(unsigned)(ABI_MREMAP_MAYMOVE | ABI_MREMAP_FIXED |
				   ABI_MREMAP_DONTUNMAP) ||
	    !page_aligned(m->from) || !m->new_size || m->new_size > USER_END ||
	    m->old_size > USER_END ||
	    ((fixed || keep) && !(m->flags & ABI_MREMAP_MAYMOVE)))
		return -EINVAL;
	m->old_size = page_up(m->old_size);
	m->new_size = page_up(m->new_size);
	/* Old size 0 doubles a shared mapping: nobody to share it with. */
	if (!m->old_size || (keep && m->old_size != m->new_size))
		return -EINVAL;
	if (!range_good(m->from, m->old_size))
		return -EFAULT;
	if (fixed) {
		if (!page_aligned(m->to) || !range_good(m->to, m->new_size))
			return -EINVAL;
		if (m->to < m->from + m->old_size &&
		    m->from < m->to + m->new_size)
			return -EINVAL;
	}
	return 0;
}

/* Moves an area's part, with its pages, to m->to, where nothing is. */
static int move(const struct remap *m, unsigned prot, unsigned flags)
{
	size_t size = m->old_size < m->new_size ? m->old_size : m->new_size;
	bool keep = m->flags & ABI_MREMAP_DONTUNMAP;
	size_t n = m->old_size >> PAGE_SHIFT;
	size_t more = m->new_size;
	struct area *a;
	int r;

	if (!keep)
		more -= size;
	if (!vm_promise(flags, more))
		return -ENOMEM;
	r = page_move(m->from, m->to, size);
	if (r) {
		if (flags & AREA_COMMITTED)
			pages_promise_back(-(long)(more >> PAGE_SHIFT));
		return r;
	}
	vm_insert(m->to, m->to + m->new_size, prot, flags);
	if (keep)
		return 0;
	/*
	 * What moved was promised, or was in RAM instead: the old area's
	 * promise, which vm_zap ends, is the new one's.
	 */
	if (flags & AREA_COMMITTED)
		pages_promise_back((long)(size >> PAGE_SHIFT));
	a = area_find(m->from);
	/* Only the end of a shrinking one has pages left. */
	r = vm_zap(a, m->from, m->from + m->old_size, true);
	if (r)
		return r;
	vm.mapped -= n;
	if (flags & AREA_COMMITTED)
		vm.committed -= n;
	area_cut(a, m->from, m->from + m->old_size);
	return 0;
}

/* Grows an area at its end, if nothing is there. */
static bool grow(const struct remap *m, unsigned prot, unsigned flags)
{
	uintptr_t end = m->from + m->old_size, new_end = m->from + m->new_size;
	struct area *next = area_find(end);

	if (!range_good(m->from, m->new_size) ||
	    (next && next->start < new_end) ||
	    !vm_promise(flags, new_end - end))
		return false;
	vm_insert(end, new_end, prot, flags);
	return true;
}

static long remap_locked(struct remap *m)
{
	struct area *a = area_find(m->from);
	unsigned prot, flags;
	int r;

	if (!a || a->start > m->from || a->end < m->from + m->old_size ||
	    a->flags & AREA_IMAGE)
		return -EFAULT;
	if (!area_prepare(2))
		return -ENOMEM;
	prot = a->prot;
	flags = a->flags;
	if (m->flags & ABI_MREMAP_FIXED) {
		r = vm_unmap_locked(m->to, m->to + m->new_size);
		if (r)
			return r;
		if (!area_prepare(2))
			return -ENOMEM;
	} else if (m->flags & ABI_MREMAP_DONTUNMAP) {
		m->to = vm_place(m->to, m->new_size, 0);
	} else if (m->new_size <= m->old_size) {
		r = m->new_size == m->old_size
			? 0
			: vm_unmap_locked(m->from + m->new_size,
					  m->from + m->old_size);
		return r ? r : (long)m->from;
	} else if (grow(m, prot, flags)) {
		return (long)m->from;
	} else if (m->flags & ABI_MREMAP_MAYMOVE) {
		m->to = vm_place(0, m->new_size, 0);
	} else {
		return -ENOMEM;
	}
	if (!m->to)
		return -ENOMEM;
	r = move(m, prot, flags);
	return r ? r : (long)m->to;
}

long vm_remap(uintptr_t addr, size_t old_size, size_t new_size, unsigned flags,
	      uintptr_t new_addr)
{
	struct remap m = {addr, new_addr, old_size, new_size, flags};
	unsigned long irq;
	long r = check(&m);

	if (r)
		return r;
	irq = spin_lock(&vm.lock);
	r = remap_locked(&m);
	spin_unlock(&vm.lock, irq);
	return r;
}
