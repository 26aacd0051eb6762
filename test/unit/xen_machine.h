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

#include "xen_memory.h"

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
