/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vmware.h - what plat/vmware found out about the machine, for boot to tell.
 */
#ifndef RUNTIME_VMWARE_H
#define RUNTIME_VMWARE_H

#include <stdbool.h>
#include <stdint.h>

struct vmware_machine {
	/* By what it was known as VMware's; all false: another machine. */
	bool by_cpuid, by_smbios, by_backdoor;
	/* The TSC's and the local APIC timer's, 0 if nobody says. */
	uint64_t tsc_hz, apic_hz;
	const char *product; /* SMBIOS's name of it, may be "" */
	/* Why there is no ACPI, or NULL; and the port that switches it off. */
	const char *acpi_error;
	uint16_t power_off_port; /* 0: none */
};

/* After platform_init. */
const struct vmware_machine *vmware_machine(void);

#endif
