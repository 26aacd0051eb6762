/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * grant.c - the grant table, and who has which of its entries
 * (xen/grant_table.h).
 *
 * A frame of the table takes the place of a page of ours, which Xen gets back.
 * Frames are added as they are needed and never given up.  Free references are
 * a list in `slots`, those that wait for their peer another one.
 */
#include "dev/xen/grant.h"

#include "arch/spin.h"
#include "core/heap.h"
#include "core/pages.h"
#include "dev/xen/call.h"
#include "dev/xen/grant_map.h"
#include "halvm/abi/errno.h"
#include <xen/memory.h>

#define PER_FRAME (PAGE_SIZE / sizeof(struct grant_entry_v1))
/* More frames than anybody needs: 131072 references. */
#define FRAMES_MAX 256
#define NONE UINT32_MAX

enum state { FREE, GRANTED, DEFERRED };

struct slot {
	phys_t page;
	grant_ref_t next; /* of the same list */
	uint32_t state;
};

static struct {
	struct spinlock lock;
	unsigned frames, frames_max;
	bool limited; /* frames_max is known */
	volatile struct grant_entry_v1 *entries[FRAMES_MAX];
	struct slot *slots[FRAMES_MAX];
	grant_ref_t free, deferred; /* lists' heads */
	unsigned free_count, granted_count, deferred_count;
} table = {.free = NONE, .deferred = NONE};

static volatile struct grant_entry_v1 *entry(grant_ref_t ref)
{
	return &table.entries[ref / PER_FRAME][ref % PER_FRAME];
}

static struct slot *slot(grant_ref_t ref)
{
	return &table.slots[ref / PER_FRAME][ref % PER_FRAME];
}

static void put_free(grant_ref_t ref)
{
	slot(ref)->state = FREE;
	slot(ref)->next = table.free;
	table.free = ref;
	table.free_count++;
}

/* --- Growth --- */

static int find_limit(void)
{
	struct gnttab_set_version version = {.version = 1};
	struct gnttab_query_size size = {.dom = DOMID_SELF};

	if (table.limited)
		return 0;
	/* An earlier kernel of this domain may have had another one. */
	xen_grant_op(GNTTABOP_set_version, &version, 1);
	if (xen_grant_op(GNTTABOP_query_size, &size, 1) || size.status)
		return -ENOSPC;
	table.limited = true;
	table.frames_max = size.max_nr_frames;
	if (table.frames_max > FRAMES_MAX)
		table.frames_max = FRAMES_MAX;
	return 0;
}

static int place_frame(unsigned index, phys_t page)
{
	struct xen_add_to_physmap op = {
	    .domid = DOMID_SELF,
	    .space = XENMAPSPACE_grant_table,
	    .idx = index,
	    .gpfn = page >> PAGE_SHIFT,
	};

	return xen_memory_op(XENMEM_add_to_physmap, &op);
}

/*
 * One more frame; under the lock.  If Xen refuses, the page may have lost its
 * memory already: it is kept from everybody, and there is no further try.
 */
static int grow(void)
{
	unsigned f = table.frames;
	int error = find_limit();
	struct slot *slots;
	phys_t page;

	if (error)
		return error;
	if (f >= table.frames_max)
		return -ENOSPC;
	slots = heap_zalloc(PER_FRAME * sizeof(*slots));
	page = slots ? pages_alloc(0, 0) : 0;
	if (!page) {
		heap_free(slots);
		return -ENOMEM;
	}
	if (place_frame(f, page)) {
		heap_free(slots);
		table.frames_max = f;
		return -ENOSPC;
	}
	table.entries[f] = phys_to_virt(page);
	table.slots[f] = slots;
	table.frames++;
	for (unsigned i = PER_FRAME; i-- > 0;)
		if (f || i >= GNTTAB_NR_RESERVED_ENTRIES)
			put_free((grant_ref_t)(f * PER_FRAME + i));
	return 0;
}

/* --- Entries --- */

/* False: the peer maps it. */
static bool invalidate(grant_ref_t ref)
{
	volatile struct grant_entry_v1 *e = entry(ref);
	uint16_t flags = e->flags;

	do {
		if (flags & (GTF_reading | GTF_writing))
			return false;
	} while (!__atomic_compare_exchange_n(
	    &e->flags, &flags, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return true;
}

/* Those that are deferred and that their peers have given up meanwhile. */
static void retry_deferred(void)
{
	grant_ref_t *at = &table.deferred;

	while (*at != NONE) {
		grant_ref_t ref = *at;

		if (!invalidate(ref)) {
			at = &slot(ref)->next;
			continue;
		}
		*at = slot(ref)->next;
		table.deferred_count--;
		pages_free(slot(ref)->page, 0);
		put_free(ref);
	}
}

/* Under the lock, and there is a free one. */
static grant_ref_t grant(domid_t peer, phys_t page, bool readonly)
{
	grant_ref_t ref = table.free;
	volatile struct grant_entry_v1 *e = entry(ref);

	table.free = slot(ref)->next;
	table.free_count--;
	table.granted_count++;
	slot(ref)->state = GRANTED;
	slot(ref)->page = page;
	e->domid = peer;
	e->frame = (uint32_t)(page >> PAGE_SHIFT);
	__atomic_store_n(
	    &e->flags,
	    (uint16_t)(GTF_permit_access | (readonly ? GTF_readonly : 0)),
	    __ATOMIC_RELEASE);
	return ref;
}

int xen_grant_reserve(unsigned n)
{
	unsigned long flags = spin_lock(&table.lock);
	int error = 0;

	retry_deferred();
	while (table.free_count < n && !error)
		error = grow();
	spin_unlock(&table.lock, flags);
	return error;
}

int xen_grant_access_reserved(domid_t peer, phys_t page, bool readonly,
			      grant_ref_t *ref)
{
	unsigned long flags;
	int error = -ENOSPC;

	/* Entries have 32 bits for the frame's number. */
	if (page >> PAGE_SHIFT > UINT32_MAX)
		return -EINVAL;
	flags = spin_lock(&table.lock);
	if (table.free != NONE) {
		*ref = grant(peer, page, readonly);
		error = 0;
	}
	spin_unlock(&table.lock, flags);
	return error;
}

int xen_grant_access(domid_t peer, phys_t page, bool readonly, grant_ref_t *ref)
{
	int error;

	do {
		error = xen_grant_access_reserved(peer, page, readonly, ref);
		if (error != -ENOSPC)
			return error;
		error = xen_grant_reserve(1);
	} while (!error);
	return error;
}

static bool is_granted(grant_ref_t ref)
{
	return ref / PER_FRAME < table.frames && slot(ref)->state == GRANTED;
}

int xen_grant_revoke(grant_ref_t ref)
{
	unsigned long flags = spin_lock(&table.lock);
	int error = -EBUSY;

	if (!is_granted(ref)) {
		error = -EINVAL;
	} else if (invalidate(ref)) {
		table.granted_count--;
		put_free(ref);
		error = 0;
	}
	spin_unlock(&table.lock, flags);
	return error;
}

void xen_grant_release(grant_ref_t ref)
{
	unsigned long flags = spin_lock(&table.lock);

	if (is_granted(ref)) {
		table.granted_count--;
		table.deferred_count++;
		slot(ref)->state = DEFERRED;
		slot(ref)->next = table.deferred;
		table.deferred = ref;
	}
	retry_deferred();
	spin_unlock(&table.lock, flags);
}

void xen_grant_count(struct xen_grant_counts *counts)
{
	unsigned long flags = spin_lock(&table.lock);

	*counts = (struct xen_grant_counts){
	    .references = table.frames ? (unsigned)(table.frames * PER_FRAME -
						    GNTTAB_NR_RESERVED_ENTRIES)
				       : 0,
	    .free = table.free_count,
	    .granted = table.granted_count,
	    .deferred = table.deferred_count,
	};
	spin_unlock(&table.lock, flags);
	xen_grant_map_count(counts);
}

int xen_grant_suspend(void)
{
	struct xen_grant_counts counts;

	xen_grant_count(&counts);
	return counts.mapped ? -EBUSY : 0;
}

/* The new domain has RAM where the frames were, and an empty table. */
void xen_grant_resume(void)
{
	struct gnttab_set_version version = {.version = 1};

	if (!table.frames)
		return;
	xen_grant_op(GNTTABOP_set_version, &version, 1);
	/* The last first: the table grows once. */
	for (unsigned f = table.frames; f-- > 0;)
		place_frame(f, virt_to_phys((void *)table.entries[f]));
}
