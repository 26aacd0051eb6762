/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * log.c - first and last words: to the console's ring (public/io/console.h) by
 * polling, before there is a driver, or when it is of no use any more; and to
 * Xen's own log (port 0xe9), which keeps them if it was told to.
 *
 * The driver of the console may use the ring at the same time: then a panic has
 * stopped it.
 */
#include "xen_plat.h"

#include <xen/event_channel.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>
#include <xen/sched.h>

#include "arch/hypercall.h"
#include "arch/io.h"
#include "arch/page.h"
#include "arch/page_init.h"
#include "pc/pc.h"

#define XEN_LOG_PORT 0xe9
/* A backend that doesn't read for so many turns is dead. */
#define POLLS_MAX 1000000

static struct xencons_interface *ring;
static uint64_t port;

void xen_log_init(void)
{
	uint64_t frame;

	/* Its neighbour, xenstore's, comes into the direct map by this too. */
	if (!xen_get_param(HVM_PARAM_CONSOLE_PFN, &frame) ||
	    !xen_get_param(HVM_PARAM_CONSOLE_EVTCHN, &port) ||
	    !page_early(frame << PAGE_SHIFT, PAGE_SIZE))
		return;
	ring = phys_to_virt(frame << PAGE_SHIFT);
	if (xen_get_param(HVM_PARAM_STORE_PFN, &frame))
		page_early(frame << PAGE_SHIFT, PAGE_SIZE);
}

static void notify(void)
{
	struct evtchn_send send = {.port = (evtchn_port_t)port};

	xen_hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send,
		      (unsigned long)&send, 0, 0, 0);
}

/* True when at most `left` bytes are in the ring. */
static bool wait_ring(uint32_t left)
{
	for (unsigned i = 0; i < POLLS_MAX; i++) {
		uint32_t used =
		    ring->out_prod -
		    __atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE);

		if (used <= left)
			return true;
		if (i % 1000 == 0)
			notify();
		xen_hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
	}
	return false;
}

void platform_log(const char *text, size_t n)
{
	if (!ring) {
		pc_log(text, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		port_out8(XEN_LOG_PORT, (uint8_t)text[i]);
	for (size_t i = 0; i < n; i++) {
		if (!wait_ring(sizeof ring->out - 1))
			return;
		ring->out[ring->out_prod % sizeof ring->out] = text[i];
		__atomic_store_n(&ring->out_prod, ring->out_prod + 1,
				 __ATOMIC_RELEASE);
	}
	notify();
}

void xen_log_drain(void)
{
	if (ring) {
		notify();
		wait_ring(0);
	}
}
