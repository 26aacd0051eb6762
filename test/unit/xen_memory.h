/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_memory.h - the part of xen_machine.h that has to do with memory: what
 * stands where in the domain, its grant table, and pages of a peer.
 */
#ifndef TEST_XEN_MEMORY_H
#define TEST_XEN_MEMORY_H

/* --- Memory --- */

static uint8_t *xen_page(xen_pfn_t frame)
{
	if (frame >= XEN_PAGES)
		xen_bad("a frame that isn't ours");
	return &xen.pages[frame];
}

static int xen_do_reservation(unsigned cmd, struct xen_memory_reservation *r)
{
	xen_pfn_t *frame = *(xen_pfn_t **)&r->extent_start;
	uint8_t *page = xen_page(*frame);

	if (r->nr_extents != 1 || r->extent_order || r->domid != DOMID_SELF)
		xen_bad("a reservation of another kind");
	if (cmd == XENMEM_populate_physmap) {
		if (*page != XEN_HOLE)
			xen_bad("something is populated that is no hole");
		if (xen.no_memory)
			return 0;
		*page = XEN_RAM;
		return 1;
	}
	if (*page != XEN_RAM)
		xen_bad("RAM is given up that there isn't");
	*page = XEN_HOLE;
	memset(host_ram + *frame * PAGE_SIZE, 0xee, PAGE_SIZE);
	return 1;
}

static int xen_do_place(const struct xen_add_to_physmap *op)
{
	if (op->space != XENMAPSPACE_grant_table)
		return -EINVAL;
	if (op->idx >= xen.frames_max || xen.place_error)
		return xen.place_error ? xen.place_error : -EINVAL;
	if (*xen_page(op->gpfn) != XEN_RAM || xen.frame[op->idx])
		xen_bad("a frame of the grant table is placed wrongly");
	*xen_page(op->gpfn) = XEN_TABLE;
	xen.frame[op->idx] = op->gpfn * PAGE_SIZE;
	memset(host_ram + op->gpfn * PAGE_SIZE, 0, PAGE_SIZE);
	return 0;
}

static int xen_do_memory(unsigned cmd, void *argument)
{
	switch (cmd) {
	case XENMEM_populate_physmap:
	case XENMEM_decrease_reservation:
		return xen_do_reservation(cmd, argument);
	case XENMEM_add_to_physmap:
		return xen_do_place(argument);
	}
	return -ENOSYS;
}

/* --- Grants --- */

/* Our entry, as the peer sees it; NULL if there is none. */
static inline struct grant_entry_v1 *xen_entry(grant_ref_t ref)
{
	phys_t frame =
	    ref / XEN_PER_FRAME < 8 ? xen.frame[ref / XEN_PER_FRAME] : 0;

	if (!frame)
		return NULL;
	return (struct grant_entry_v1 *)(host_ram + frame) +
	       ref % XEN_PER_FRAME;
}

/* The peer maps a page of ours: where it is, or NULL if it may not. */
static inline char *xen_peer_map(grant_ref_t ref, bool write)
{
	struct grant_entry_v1 *e = xen_entry(ref);

	if (!e || !(e->flags & GTF_permit_access) || e->domid != XEN_PEER ||
	    (write && e->flags & GTF_readonly))
		return NULL;
	if (*xen_page(e->frame) != XEN_RAM)
		xen_bad("what is granted is no RAM");
	e->flags |= GTF_reading | (write ? GTF_writing : 0);
	return host_ram + e->frame * PAGE_SIZE;
}

static inline void xen_peer_unmap(grant_ref_t ref)
{
	xen_entry(ref)->flags &= (uint16_t) ~(GTF_reading | GTF_writing);
}

static int xen_do_map(struct gnttab_map_grant_ref *op)
{
	uint8_t *page = xen_page(op->host_addr / PAGE_SIZE);

	if (*page != XEN_HOLE)
		xen_bad("a page is mapped where no hole is");
	op->status =
	    op->dom != XEN_PEER		  ? GNTST_bad_domain
	    : op->ref == 99		  ? GNTST_eagain
	    : op->ref >= XEN_REMOTE_PAGES ? GNTST_bad_gntref
	    : xen.remote_readonly[op->ref] && !(op->flags & GNTMAP_readonly)
		? GNTST_permission_denied
		: GNTST_okay;
	if (op->status)
		return 0;
	*page = XEN_FOREIGN;
	memcpy(host_ram + op->host_addr, xen.remote[op->ref], PAGE_SIZE);
	op->handle = op->ref + 100;
	xen.mapped++;
	return 0;
}

static int xen_do_unmap(struct gnttab_unmap_grant_ref *op)
{
	uint8_t *page = xen_page(op->host_addr / PAGE_SIZE);

	if (xen.no_unmap) {
		op->status = GNTST_general_error;
		return 0;
	}
	if (*page != XEN_FOREIGN || op->handle < 100 ||
	    op->handle >= 100 + XEN_REMOTE_PAGES)
		xen_bad("a page is unmapped that isn't mapped");
	memcpy(xen.remote[op->handle - 100], host_ram + op->host_addr,
	       PAGE_SIZE);
	*page = XEN_HOLE;
	xen.mapped--;
	op->status = GNTST_okay;
	return 0;
}

static char *xen_copy_place(const struct gnttab_copy_ptr *p, bool is_ref)
{
	if (!is_ref)
		return p->domid == DOMID_SELF && *xen_page(p->u.gmfn) == XEN_RAM
			   ? host_ram + p->u.gmfn * PAGE_SIZE + p->offset
			   : NULL;
	return p->domid == XEN_PEER && p->u.ref < XEN_REMOTE_PAGES
		   ? xen.remote[p->u.ref] + p->offset
		   : NULL;
}

static void xen_do_copy(struct gnttab_copy *op)
{
	char *from =
	    xen_copy_place(&op->source, op->flags & GNTCOPY_source_gref);
	char *to = xen_copy_place(&op->dest, op->flags & GNTCOPY_dest_gref);

	if (op->source.offset + op->len > PAGE_SIZE ||
	    op->dest.offset + op->len > PAGE_SIZE)
		op->status = GNTST_bad_copy_arg;
	else if (!from || !to)
		op->status = GNTST_bad_gntref;
	else if (op->flags & GNTCOPY_dest_gref &&
		 xen.remote_readonly[op->dest.u.ref])
		op->status = GNTST_permission_denied;
	else {
		memcpy(to, from, op->len);
		op->status = GNTST_okay;
	}
}

static int xen_do_grant(unsigned cmd, void *argument, unsigned count)
{
	struct gnttab_query_size *size = argument;

	switch (cmd) {
	case GNTTABOP_set_version:
		return ((struct gnttab_set_version *)argument)->version == 1
			   ? 0
			   : -EINVAL;
	case GNTTABOP_query_size:
		size->max_nr_frames = xen.frames_max;
		size->status = GNTST_okay;
		return 0;
	case GNTTABOP_map_grant_ref:
		return xen_do_map(argument);
	case GNTTABOP_unmap_grant_ref:
		return xen_do_unmap(argument);
	case GNTTABOP_copy:
		if (count > 64)
			xen_bad("too much is copied in one call");
		for (unsigned i = 0; i < count; i++)
			xen_do_copy((struct gnttab_copy *)argument + i);
		return 0;
	}
	return -ENOSYS;
}

#endif
