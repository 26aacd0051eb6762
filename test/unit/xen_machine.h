/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen_machine.h - Xen and its platform for tests: hypercalls are functions,
 * other domains are what a test sets.  A hypercall that is made wrongly fails
 * the test.
 */
#ifndef TEST_XEN_MACHINE_H
#define TEST_XEN_MACHINE_H

#include "dev/xen/call.h"
#include "dev/xen/event.h"
#include <xen/grant_table.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include "arch/cpu.h"
#include "arch/page.h"
#include "halvm/abi/errno.h"
#include "host.h"
#include "platform.h"

#define XEN_PORTS 32 /* as many lines as the host's platform has */
#define XEN_PAGES 2048
#define XEN_STORE_FRAME 0xfeffcUL
#define XEN_CONSOLE_FRAME 0xfeffdUL
#define XEN_PEER 7
#define XEN_REMOTE_PAGES 4
#define XEN_PER_FRAME (PAGE_SIZE / sizeof(struct grant_entry_v1))

enum xen_page { XEN_RAM, XEN_HOLE, XEN_TABLE, XEN_FOREIGN };

static struct xen_machine {
	/* The pages that the tools made. */
	struct xenstore_domain_interface store;
	struct xencons_interface console;
	evtchn_port_t store_port, console_port; /* 0: none */
	bool no_map;				/* xen_map_frame fails */
	/* What a port's peer does when it gets an event. */
	struct {
		bool open, virq, live, pending;
		void (*peer)(void);
		unsigned sent;
	} port[XEN_PORTS];
	bool raising;
	int event_error; /* all event operations fail with it */
	void (*yielded)(void);
	unsigned long yields;
	/* Memory and grants. */
	uint8_t pages[XEN_PAGES]; /* enum xen_page */
	phys_t frame[8];	  /* of the grant table; 0: none */
	unsigned frames_max;
	int place_error;
	bool no_memory; /* nothing to populate a hole with */
	char remote[XEN_REMOTE_PAGES][PAGE_SIZE];
	bool remote_readonly[XEN_REMOTE_PAGES];
	unsigned mapped;
	bool no_unmap;
	/* The end. */
	int suspend_result;
	unsigned suspends, reboots;
} xen;

static inline void xen_bad(const char *why)
{
	host_fail(why);
}

/* --- Events --- */

/* Handlers of ports that are live get what is pending. */
static void xen_raise_pending(void *argument)
{
	(void)argument;
	xen.raising = false;
	for (unsigned i = 0; i < XEN_PORTS; i++) {
		if (!xen.port[i].pending || !xen.port[i].live)
			continue;
		xen.port[i].pending = false;
		host_raise_irq(i);
	}
}

/* An event for us. */
static inline void xen_raise(evtchn_port_t port)
{
	xen.port[port].pending = true;
	if (xen.port[port].live && !xen.raising) {
		xen.raising = true;
		host_raise(xen_raise_pending, NULL);
		if (irq_enabled())
			irq_enable(); /* what that has queued */
	}
}

/* From here on the port has a handler. */
static inline void xen_live(evtchn_port_t port)
{
	xen.port[port].live = true;
	if (xen.port[port].pending)
		xen_raise(port);
}

static evtchn_port_t xen_new_port(void)
{
	for (unsigned i = 1; i < XEN_PORTS; i++) {
		if (xen.port[i].open)
			continue;
		memset(&xen.port[i], 0, sizeof(xen.port[i]));
		xen.port[i].open = true;
		return i;
	}
	return 0;
}

static int xen_do_close(evtchn_port_t port)
{
	if (port >= XEN_PORTS || !xen.port[port].open)
		xen_bad("a port is closed that isn't open");
	memset(&xen.port[port], 0, sizeof(xen.port[port]));
	return 0;
}

static int xen_do_send(evtchn_port_t port)
{
	if (port >= XEN_PORTS || !xen.port[port].open)
		return -EINVAL;
	xen.port[port].sent++;
	if (xen.port[port].peer)
		xen.port[port].peer();
	return 0;
}

static int xen_do_event(unsigned cmd, void *argument)
{
	struct evtchn_alloc_unbound *alloc = argument;
	struct evtchn_bind_interdomain *bind = argument;
	struct evtchn_bind_virq *virq = argument;

	if (xen.event_error)
		return xen.event_error;
	switch (cmd) {
	case EVTCHNOP_alloc_unbound:
		if (alloc->dom != DOMID_SELF)
			return -EPERM;
		alloc->port = xen_new_port();
		return alloc->port ? 0 : -ENOSPC;
	case EVTCHNOP_bind_interdomain:
		if (bind->remote_dom != XEN_PEER)
			return -ESRCH;
		bind->local_port = xen_new_port();
		return bind->local_port ? 0 : -ENOSPC;
	case EVTCHNOP_bind_virq:
		for (unsigned i = 0; i < XEN_PORTS; i++)
			if (xen.port[i].virq)
				return -EEXIST;
		virq->port = xen_new_port();
		xen.port[virq->port].virq = true;
		return 0;
	case EVTCHNOP_close:
		return xen_do_close(((struct evtchn_close *)argument)->port);
	case EVTCHNOP_send:
		return xen_do_send(((struct evtchn_send *)argument)->port);
	}
	return -ENOSYS;
}

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

/* --- The calls --- */

static int xen_do_param(struct xen_hvm_param *p)
{
	switch (p->index) {
	case HVM_PARAM_STORE_PFN:
		p->value = xen.store_port ? XEN_STORE_FRAME : 0;
		return 0;
	case HVM_PARAM_STORE_EVTCHN:
		p->value = xen.store_port;
		return 0;
	case HVM_PARAM_CONSOLE_PFN:
		p->value = xen.console_port ? XEN_CONSOLE_FRAME : 0;
		return 0;
	case HVM_PARAM_CONSOLE_EVTCHN:
		p->value = xen.console_port;
		return 0;
	}
	return -EINVAL;
}

long xen_hypercall(unsigned op, unsigned long a, unsigned long b,
		   unsigned long c, unsigned long d, unsigned long e)
{
	(void)d;
	(void)e;
	switch (op) {
	case __HYPERVISOR_event_channel_op:
		return xen_do_event((unsigned)a, (void *)b);
	case __HYPERVISOR_grant_table_op:
		return xen_do_grant((unsigned)a, (void *)b, (unsigned)c);
	case __HYPERVISOR_memory_op:
		return xen_do_memory((unsigned)a, (void *)b);
	case __HYPERVISOR_hvm_op:
		return a == HVMOP_get_param ? xen_do_param((void *)b) : -EINVAL;
	case __HYPERVISOR_sched_op:
		if (a != SCHEDOP_yield)
			return -ENOSYS;
		xen.yields++;
		host_clock += 1000000;
		if (xen.yielded)
			xen.yielded();
		return 0;
	}
	return -ENOSYS;
}

void *xen_map_frame(xen_pfn_t frame)
{
	if (xen.no_map)
		return NULL;
	return frame == XEN_STORE_FRAME	    ? (void *)&xen.store
	       : frame == XEN_CONSOLE_FRAME ? (void *)&xen.console
					    : NULL;
}

/* --- The platform --- */

/* Another domain: rings are empty, ports others, the grant table is gone. */
static void xen_new_domain(void)
{
	memset(&xen.store, 0, sizeof(xen.store));
	memset(&xen.console, 0, sizeof(xen.console));
	for (unsigned i = 0; i < 8; i++) {
		if (xen.frame[i])
			*xen_page(xen.frame[i] / PAGE_SIZE) = XEN_RAM;
		xen.frame[i] = 0;
	}
}

static void (*xen_on_suspend)(void);

int xen_suspend(void)
{
	if (irq_enabled())
		xen_bad("suspended with interrupts on");
	xen.suspends++;
	if (xen.suspend_result == 0) {
		for (unsigned i = 0; i < XEN_PORTS; i++)
			platform_irq_detach(i);
		xen_new_domain();
	}
	if (xen_on_suspend)
		xen_on_suspend();
	return xen.suspend_result;
}

void xen_reboot_at_exit(void)
{
	xen.reboots++;
}

/* A port of the tools, whose peer is this function. */
static inline evtchn_port_t xen_tool_port(void (*peer)(void))
{
	evtchn_port_t port = xen_new_port();

	xen.port[port].peer = peer;
	return port;
}

#endif
