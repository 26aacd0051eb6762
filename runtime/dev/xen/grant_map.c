/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * grant_map.c - pages that others granted us: copied, or mapped.
 *
 * A page is mapped where our RAM has a hole: Xen gets a page of ours
 * (XENMEM_decrease_reservation), and gives us another one in its place after
 * the end (XENMEM_populate_physmap).  If it has none, the hole is kept for the
 * next page to be mapped.
 */
#include "dev/xen/grant_map.h"

#include "arch/spin.h"
#include "core/heap.h"
#include "core/pages.h"
#include "dev/xen/call.h"
#include "dev/xen/grant.h"
#include "halvm/abi/errno.h"
#include <xen/memory.h>

/* Operations a hypercall, so that it ends soon. */
#define COPY_BATCH 64

static struct {
	struct spinlock lock;
	unsigned mapped, holes_count;
	struct list holes; /* of struct xen_grant_map */
} maps = {.holes = LIST_INIT(maps.holes)};

static int to_errno(int status)
{
	switch (status) {
	case GNTST_okay:
		return 0;
	case GNTST_permission_denied:
		return -EPERM;
	case GNTST_eagain:
		return -EAGAIN;
	case GNTST_no_space:
	case GNTST_no_device_space:
		return -ENOSPC;
	default:
		return -EINVAL;
	}
}

int xen_grant_copy(struct gnttab_copy *ops, unsigned n)
{
	int first = 0;

	for (unsigned done = 0; done < n; done += COPY_BATCH) {
		unsigned some = n - done < COPY_BATCH ? n - done : COPY_BATCH;
		int error = xen_grant_op(GNTTABOP_copy, ops + done, some);

		if (error)
			return error;
		for (unsigned i = 0; i < some && !first; i++)
			first = to_errno(ops[done + i].status);
	}
	return first;
}

/* --- Holes --- */

/* Takes the page at this address away, or puts one there. */
static bool change(unsigned op, phys_t page)
{
	xen_pfn_t frame = page >> PAGE_SHIFT;
	struct xen_memory_reservation r = {
	    .nr_extents = 1,
	    .domid = DOMID_SELF,
	};

	set_xen_guest_handle(r.extent_start, &frame);
	return xen_memory_op(op, &r) == 1;
}

static struct xen_grant_map *old_hole(void)
{
	unsigned long flags = spin_lock(&maps.lock);
	struct list *node = list_pop(&maps.holes);

	if (node)
		maps.holes_count--;
	spin_unlock(&maps.lock, flags);
	return node ? container_of(node, struct xen_grant_map, node) : NULL;
}

static struct xen_grant_map *new_hole(void)
{
	struct xen_grant_map *m = heap_zalloc(sizeof(*m));

	if (!m)
		return NULL;
	list_init(&m->node);
	m->page = pages_alloc(0, 0);
	if (m->page && change(XENMEM_decrease_reservation, m->page))
		return m;
	if (m->page)
		pages_free(m->page, 0);
	heap_free(m);
	return NULL;
}

static void fill_hole(struct xen_grant_map *m)
{
	unsigned long flags;

	if (change(XENMEM_populate_physmap, m->page)) {
		pages_free(m->page, 0);
		heap_free(m);
		return;
	}
	flags = spin_lock(&maps.lock);
	list_append(&maps.holes, &m->node);
	maps.holes_count++;
	spin_unlock(&maps.lock, flags);
}

struct xen_grant_map *xen_grant_map(domid_t peer, grant_ref_t ref,
				    bool readonly, int *error)
{
	struct gnttab_map_grant_ref op = {
	    .flags = GNTMAP_host_map | (readonly ? GNTMAP_readonly : 0),
	    .ref = ref,
	    .dom = peer,
	};
	struct xen_grant_map *m = old_hole();

	if (!m)
		m = new_hole();
	if (!m) {
		*error = -ENOMEM;
		return NULL;
	}
	op.host_addr = m->page;
	*error = xen_grant_op(GNTTABOP_map_grant_ref, &op, 1);
	if (!*error)
		*error = to_errno(op.status);
	if (*error) {
		fill_hole(m);
		return NULL;
	}
	m->handle = op.handle;
	__atomic_add_fetch(&maps.mapped, 1, __ATOMIC_RELAXED);
	return m;
}

/* If Xen doesn't end it, the page stays as it is, and is nobody's. */
void xen_grant_unmap(struct xen_grant_map *m)
{
	struct gnttab_unmap_grant_ref op = {
	    .host_addr = m->page,
	    .handle = m->handle,
	};

	if (xen_grant_op(GNTTABOP_unmap_grant_ref, &op, 1) || op.status)
		return;
	__atomic_sub_fetch(&maps.mapped, 1, __ATOMIC_RELAXED);
	fill_hole(m);
}

void xen_grant_map_count(struct xen_grant_counts *counts)
{
	unsigned long flags = spin_lock(&maps.lock);

	counts->mapped = __atomic_load_n(&maps.mapped, __ATOMIC_RELAXED);
	counts->holes = maps.holes_count;
	spin_unlock(&maps.lock, flags);
}
