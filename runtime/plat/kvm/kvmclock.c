/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvmclock.c - KVM's clock (Linux Documentation/virt/kvm/x86/msr.rst and
 * cpuid.rst): a structure in our memory tells how TSC becomes ns since the
 * machine's start, and changes when the host migrates it.
 */
#include "arch/cpu.h"
#include "arch/pvclock.h"
#include "kvm.h"

#define CPUID_HYPERVISOR (1u << 31) /* CPUID.1:ECX */
#define LEAF_SIGNATURE 0x40000000u
#define LEAF_FEATURES 0x40000001u
#define FEATURE_CLOCKSOURCE2 (1u << 3)
#define MSR_WALL_CLOCK_NEW 0x4b564d00
#define MSR_SYSTEM_TIME_NEW 0x4b564d01

static volatile struct pvclock_time time_info __attribute__((__aligned__(64)));
static volatile struct pvclock_wall wall_clock __attribute__((__aligned__(16)));

static bool is_kvm(void)
{
	struct cpuid id;

	if (!(cpu_id(1, 0).ecx & CPUID_HYPERVISOR))
		return false;
	id = cpu_id(LEAF_SIGNATURE, 0);
	/* "KVMKVMKVM" */
	return id.ebx == 0x4b4d564b && id.ecx == 0x564b4d56 && id.edx == 0x4d;
}

bool kvmclock_init(void)
{
	if (!is_kvm() || !(cpu_id(LEAF_FEATURES, 0).eax & FEATURE_CLOCKSOURCE2))
		return false;
	/* The image's addresses are physical ones. */
	cpu_write_msr(MSR_SYSTEM_TIME_NEW, (uint64_t)&time_info | 1);
	return time_info.factor != 0;
}

uint64_t kvmclock_read(void)
{
	static uint64_t last;

	return pvclock_read(&time_info, &last);
}

uint64_t kvmclock_wall(void)
{
	cpu_write_msr(MSR_WALL_CLOCK_NEW, (uint64_t)&wall_clock);
	return pvclock_wall(&wall_clock);
}
