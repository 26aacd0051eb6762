/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * platform.c - the kvm target's platform: QEMU's PC machines (microvm, pc,
 * q35) with or without KVM below.
 */
#include "kvm.h"
#include "pc/pc.h"

/* Of the local APIC's timer, in QEMU and in KVM. */
#define APIC_HZ 1000000000UL

void platform_log(const char *text, size_t n)
{
	pc_log(text, n);
}

_Noreturn void platform_start(uint64_t magic, uint64_t information,
			      uint64_t tsc)
{
	boot_main(pc_boot_info(magic, information, tsc));
}

void platform_init(const struct boot_info *info, void (*on_timer)(void))
{
	pc_timer_init(on_timer, APIC_HZ);
	kvm_clock_init(info);
}
