/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory.c - what is RAM for us.
 *
 * A domain whose maximum is larger than its memory gets a map of the maximum:
 * what is missing would be populated on demand, and the domain killed when no
 * more is there (Xen docs/man/xl.cfg, maxmem).  So only as much as the domain
 * owns is taken, from the lower end, and what is above stays untouched.
 */
#include "xen_plat.h"

#include <xen/memory.h>

#include "arch/hypercall.h"
#include "arch/page.h"
#include "arch/page_init.h"

/* Pages it owns that the map doesn't show: rings, tables, the start's data. */
#define SPECIAL_PAGES 64

void xen_trim_ram(struct boot_info *info)
{
	domid_t self = DOMID_SELF;
	long owned =
	    xen_hypercall(__HYPERVISOR_memory_op, XENMEM_current_reservation,
			  (unsigned long)&self, 0, 0, 0);
	uint64_t left, total = 0;

	for (unsigned i = 0; i < info->ram_count; i++)
		total += info->ram[i].size >> PAGE_SHIFT;
	if (owned <= SPECIAL_PAGES || total <= (uint64_t)owned)
		return;
	left = (uint64_t)owned - SPECIAL_PAGES;
	for (unsigned i = 0; i < info->ram_count; i++) {
		uint64_t pages = info->ram[i].size >> PAGE_SHIFT;

		if (pages > left) {
			info->ram[i].size = left << PAGE_SHIFT;
			info->ram_count = i + (left > 0);
			return;
		}
		left -= pages;
	}
}

void *xen_map_frame(xen_pfn_t frame)
{
	phys_t at = (phys_t)frame << PAGE_SHIFT;

	return page_map_ram(at, PAGE_SIZE) ? phys_to_virt(at) : NULL;
}
