/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * xen.h - Xen's public headers, and what plat/xen does for dev/xen and boot.
 *
 * To be included before any of Xen's headers: it says which version of the
 * interface they describe.
 */
#ifndef RUNTIME_XEN_H
#define RUNTIME_XEN_H

#include <stdint.h>

#define __XEN_INTERFACE_VERSION__ 0x00040b00 /* Xen 4.11 */
#include <xen/xen.h>

/*
 * A page that Xen's tools put beside the RAM, to be shared with a backend:
 * writable, and cached as the other side has it.  After page_map_ram.  NULL
 * if it can't be mapped.
 */
void *xen_map_frame(xen_pfn_t frame);

/*
 * Suspends the domain (SCHEDOP_shutdown, SHUTDOWN_suspend).  Interrupts are
 * off; the caller may be an event's handler.
 *
 * 1: it goes on in the same domain, nothing has changed.  0: it goes on in
 * another one: the platform has its hypercall page, shared info, upcalls,
 * timer and clocks again, platform_clock did not go back, but all event
 * channels are gone and nothing is attached to any.  -errno: it can't.
 */
int xen_suspend(void);

/*
 * platform_shutdown(SHUTDOWN_EXIT) shall start the domain again.  Any context.
 */
void xen_reboot_at_exit(void);

#endif
