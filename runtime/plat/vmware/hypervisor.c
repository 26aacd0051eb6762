/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * hypervisor.c - is this VMware, and what does it say of its clocks?
 *
 * The ways, of which later ones serve where earlier ones are hidden: CPUID's
 * leaves for hypervisors (Linux Documentation and VMware's knowledge base
 * 1009458: signature "VMwareVMware", rates in leaf 0x40000010), the maker in
 * SMBIOS, the backdoor.  The backdoor's port is read on any machine: where
 * there is none it answers with ones.
 */
#include "arch/cpu.h"
#include "arch/vmware.h"
#include "lib/string.h"
#include "machine.h"

#define CPUID_HYPERVISOR (1u << 31) /* CPUID.1:ECX */
#define LEAF_SIGNATURE 0x40000000u
#define LEAF_TIMING 0x40000010u /* EAX TSC, EBX APIC timer, in kHz */
#define KHZ 1000UL
#define NS_PER_SECOND 1000000000UL
#define NS_PER_US 1000UL
#define US_PER_SECOND 1000000UL
/* Of the host's time: 2000-01-01 and 2200-01-01, in seconds since 1970. */
#define TIME_LEAST 946684800UL
#define TIME_MOST 7258118400UL

static bool has_leaf(uint32_t leaf)
{
	return cpu_id(1, 0).ecx & CPUID_HYPERVISOR &&
	       cpu_id(LEAF_SIGNATURE, 0).eax >= leaf;
}

static bool signature_is_vmware(void)
{
	struct cpuid id;

	if (!has_leaf(LEAF_SIGNATURE))
		return false;
	id = cpu_id(LEAF_SIGNATURE, 0);
	/* "VMwareVMware" */
	return id.ebx == 0x61774d56 && id.ecx == 0x4d566572 &&
	       id.edx == 0x65726177;
}

/* VMware's own words; other makers put their names there. */
static bool smbios_is_vmware(const struct smbios_info *smbios)
{
	return strncmp(smbios->manufacturer, "VMware, Inc.", 12) == 0 ||
	       strncmp(smbios->serial, "VMware-", 7) == 0;
}

static void rates_by_cpuid(struct vmware_machine *m)
{
	struct cpuid id = cpu_id(LEAF_TIMING, 0);

	m->tsc_hz = id.eax * KHZ;
	m->apic_hz = id.ebx * KHZ;
}

static void rates_by_backdoor(struct vmware_machine *m)
{
	struct port_registers r = vmware_call(VMWARE_GET_HZ, ~VMWARE_MAGIC);

	/* A host without the command says ones. */
	if (r.eax == UINT32_MAX || r.ebx == UINT32_MAX)
		return;
	if (!m->tsc_hz)
		m->tsc_hz = (uint64_t)r.ebx << 32 | r.eax;
	if (!m->apic_hz && r.ecx != VMWARE_GET_HZ)
		m->apic_hz = r.ecx;
}

/* What no machine has would make the clock useless: rather measure. */
static uint64_t plausible(uint64_t hz, uint64_t least, uint64_t most)
{
	return hz >= least && hz <= most ? hz : 0;
}

void hypervisor_find(const struct smbios_info *smbios, struct vmware_machine *m)
{
	*m = (struct vmware_machine){
	    .by_cpuid = signature_is_vmware(),
	    .by_smbios = smbios_is_vmware(smbios),
	    .by_backdoor = vmware_answers(),
	};
	/* KVM tells in the same leaf. */
	if (has_leaf(LEAF_TIMING))
		rates_by_cpuid(m);
	if (m->by_backdoor && (!m->tsc_hz || !m->apic_hz))
		rates_by_backdoor(m);
	m->tsc_hz = plausible(m->tsc_hz, 1000000, 100000000000);
	m->apic_hz = plausible(m->apic_hz, 1000000, 10000000000);
}

uint64_t hypervisor_time(void)
{
	struct port_registers r;
	uint64_t seconds;

	r = vmware_call(VMWARE_GET_TIME, 0);
	seconds = (uint64_t)r.esi << 32 | r.edx;
	if (r.eax != VMWARE_MAGIC || seconds < TIME_LEAST ||
	    seconds > TIME_MOST || r.ebx >= US_PER_SECOND)
		return 0;
	return seconds * NS_PER_SECOND + r.ebx * NS_PER_US;
}
