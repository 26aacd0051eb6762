/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * grant.h - grant tables, version 1: pages shared between domains.
 *
 * What a peer was granted it may still use after it was told to stop: a page
 * must not be used for anything else before xen_grant_revoke succeeded.
 * xen_grant_release takes care of that.
 *
 * Errors of Xen (GNTST_*) are told as -errno: -EPERM, -EINVAL, -ENOSPC; and
 * -EAGAIN if the other side's page is paged out just now.
 *
 * Not in interrupt handlers, but where it says so: the page allocator is used.
 */
#ifndef DEV_XEN_GRANT_H
#define DEV_XEN_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include "arch/page.h"
#include "lib/list.h"
#include "xen.h"
#include <xen/grant_table.h>

/* --- Our pages, for others --- */

/*
 * Lets `peer` map and copy a page of RAM.  0; -ENOSPC: Xen lets us have no
 * more references; -ENOMEM.
 */
int xen_grant_access(domid_t peer, phys_t page, bool readonly,
		     grant_ref_t *ref);
/* So that the next n calls of xen_grant_access need no memory. */
int xen_grant_reserve(unsigned n);
/* The same where memory can't be asked for, in any context; -ENOSPC. */
int xen_grant_access_reserved(domid_t peer, phys_t page, bool readonly,
			      grant_ref_t *ref);

/* 0; -EBUSY: the peer maps it, nothing has changed.  Any context. */
int xen_grant_revoke(grant_ref_t ref);
/*
 * Revokes it and gives the page, of pages_alloc(0), back; if the peer still
 * maps it, both wait, and later calls of the functions above try again.
 */
void xen_grant_release(grant_ref_t ref);

/* --- Pages of others --- */

/*
 * Copies between what is granted to us and pages of ours; each op lies within a
 * page on either side, and gets a status.  0, or the first error.  Any context.
 */
int xen_grant_copy(struct gnttab_copy *ops, unsigned n);

struct xen_grant_map {
	struct list node;
	phys_t page; /* where it is: phys_to_virt */
	grant_handle_t handle;
};

/*
 * Maps a page that `peer` granted us in place of one of our RAM; NULL with
 * *error set.  With readonly, a write to it would end the domain.
 */
struct xen_grant_map *xen_grant_map(domid_t peer, grant_ref_t ref,
				    bool readonly, int *error);
void xen_grant_unmap(struct xen_grant_map *m);

/* --- For tests, and for what goes wrong --- */

struct xen_grant_counts {
	unsigned references; /* all but Xen's reserved ones */
	unsigned free, granted;
	unsigned deferred; /* released, but still mapped */
	unsigned mapped;   /* pages of others */
	unsigned holes;	   /* RAM that Xen did not give back to us, yet */
};
void xen_grant_count(struct xen_grant_counts *counts);

/*
 * Around xen_suspend, interrupts off.  -EBUSY: pages of others are mapped.
 * Afterwards the table is empty: all must be revoked, and granted again.
 */
int xen_grant_suspend(void);
void xen_grant_resume(void);

#endif
