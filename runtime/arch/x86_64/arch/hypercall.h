/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/hypercall.h - how hypervisors are called: registers and instructions.
 * What the calls mean is known to plat and dev.
 */
#ifndef ARCH_HYPERCALL_H
#define ARCH_HYPERCALL_H

#include <stdint.h>

/*
 * Xen (public/arch-x86/xen-x86_64.h): number and up to five arguments, through
 * a page of ours that Xen fills in: xen_hypercall_page, page aligned, at its
 * physical address.  Any context.
 */
extern char xen_hypercall_page[4096];
long xen_hypercall(unsigned op, unsigned long a, unsigned long b,
		   unsigned long c, unsigned long d, unsigned long e);

/*
 * VMware's backdoor (Open VM Tools, lib/include/backdoor_def.h): `in eax, dx`,
 * in which all registers carry something.
 */
struct port_registers {
	uint32_t eax, ebx, ecx, edx, esi, edi;
};
void port_exchange(struct port_registers *r);

#endif
