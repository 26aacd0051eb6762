/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * platform.c - the xen target's platform: a PVH guest of Xen 4.11 or later
 * (Xen docs/misc/pvh.pandoc): a machine without firmware and devices, whose
 * events, time and memory are Xen's.
 */
#include "xen_plat.h"

#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>

#include "arch/cpu.h"
#include "arch/hypercall.h"
#include "halvm/abi/errno.h"
#include "pc/loader.h"
#include "pc/pc.h"

/* Xen's leaves of CPUID (public/arch-x86/cpuid.h): where others may precede. */
#define CPUID_FIRST 0x40000000u
#define CPUID_LAST 0x40010000u
#define CPUID_STEP 0x100u
/* "XenVMMXenVMM" */
#define SIGNATURE_EBX 0x566e6558
#define SIGNATURE_ECX 0x65584d4d
#define SIGNATURE_EDX 0x4d4d566e

bool xen_present;
union xen_shared_page xen_shared_page __attribute__((__aligned__(4096)));

static bool find_xen(uint32_t *base)
{
	for (uint32_t leaf = CPUID_FIRST; leaf < CPUID_LAST;
	     leaf += CPUID_STEP) {
		struct cpuid id = cpu_id(leaf, 0);

		if (id.ebx == SIGNATURE_EBX && id.ecx == SIGNATURE_ECX &&
		    id.edx == SIGNATURE_EDX && id.eax >= leaf + 2) {
			*base = leaf;
			return true;
		}
	}
	return false;
}

/* The image's addresses are physical ones. */
bool xen_map_hypercalls(void)
{
	uint32_t base;
	struct cpuid id;

	if (!find_xen(&base))
		return false;
	id = cpu_id(base + 2, 0);
	cpu_write_msr(id.ebx, (uint64_t)xen_hypercall_page);
	xen_present = true;
	return true;
}

bool xen_get_param(unsigned index, uint64_t *value)
{
	struct xen_hvm_param p = {.domid = DOMID_SELF, .index = index};

	if (xen_hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param,
			  (unsigned long)&p, 0, 0, 0) ||
	    !p.value)
		return false;
	*value = p.value;
	return true;
}

int xen_share(void)
{
	struct xen_add_to_physmap map = {
	    .domid = DOMID_SELF,
	    .space = XENMAPSPACE_shared_info,
	    .gpfn = (unsigned long)&xen_shared_page >> 12,
	};

	return (int)xen_hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap,
				  (unsigned long)&map, 0, 0, 0);
}

_Noreturn void platform_start(uint64_t magic, uint64_t information,
			      uint64_t tsc)
{
	struct boot_info *info;

	if (!xen_map_hypercalls())
		pc_fail("this image is for Xen, which isn't below: link the "
			"program for another target");
	xen_log_init();
	if (magic == MULTIBOOT2_MAGIC)
		pc_fail("this image wants a PVH guest, not an HVM one: say "
			"type = \"pvh\" in the domain's configuration");
	info = pc_boot_info(magic, information, tsc);
	xen_trim_ram(info);
	boot_main(info);
}

void platform_init(const struct boot_info *info, void (*on_timer)(void))
{
	(void)info;
	if (xen_share())
		pc_fail("Xen doesn't share its page of information");
	xen_upcall_init();
	xen_clock_init(on_timer);
}

/* There is no such device in a PVH guest. */
void platform_set_debug_exit(uint16_t port)
{
	(void)port;
}
