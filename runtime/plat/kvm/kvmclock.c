/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kvmclock.c - KVM's clock (Linux Documentation/virt/kvm/x86/msr.rst and
 * cpuid.rst): a structure in our memory tells how TSC becomes ns since the
 * machine's start, and changes when the host migrates it.
 */
#include "arch/cpu.h"
#include "kvm.h"

#define CPUID_HYPERVISOR (1u << 31) /* CPUID.1:ECX */
#define LEAF_SIGNATURE 0x40000000u
#define LEAF_FEATURES 0x40000001u
#define FEATURE_CLOCKSOURCE2 (1u << 3)
#define MSR_WALL_CLOCK_NEW 0x4b564d00
#define MSR_SYSTEM_TIME_NEW 0x4b564d01
#define NS_PER_SECOND 1000000000UL

struct time_info {
	uint32_t version, pad0;
	uint64_t tsc, ns;
	uint32_t factor; /* ns per shifted tick, times 2^32 */
	int8_t shift;
	uint8_t flags, pad[2];
} __attribute__((__packed__));

struct wall_clock {
	uint32_t version, seconds, nanoseconds;
} __attribute__((__packed__));

static volatile struct time_info time_info __attribute__((__aligned__(64)));
static volatile struct wall_clock wall_clock __attribute__((__aligned__(16)));
static uint64_t last;

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
	uint32_t version;
	uint64_t ticks, ns, seen;

	do {
		version = time_info.version;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		ticks = cpu_tsc() - time_info.tsc;
		if (time_info.shift < 0)
			ticks >>= -time_info.shift;
		else
			ticks <<= time_info.shift;
		ns = time_info.ns +
		     (uint64_t)((unsigned __int128)ticks * time_info.factor >>
				32);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (version & 1 || version != time_info.version);
	/* An update may be a little behind what was read before it. */
	seen = __atomic_load_n(&last, __ATOMIC_RELAXED);
	if (ns < seen)
		return seen;
	__atomic_store_n(&last, ns, __ATOMIC_RELAXED);
	return ns;
}

uint64_t kvmclock_wall(void)
{
	cpu_write_msr(MSR_WALL_CLOCK_NEW, (uint64_t)&wall_clock);
	return wall_clock.seconds * NS_PER_SECOND + wall_clock.nanoseconds;
}
