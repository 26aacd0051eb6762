/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine.h - between the files of this platform.
 */
#ifndef PLAT_VMWARE_MACHINE_H
#define PLAT_VMWARE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include "pc/acpi.h"
#include "pc/loader.h"
#include "pc/smbios.h"
#include "vmware.h"

/* Is this VMware, and the rates; smbios: empty strings if there are none. */
void hypervisor_find(const struct smbios_info *smbios,
		     struct vmware_machine *m);
/* Nanoseconds since 1970 as the host has them; 0 if it doesn't say. */
uint64_t hypervisor_time(void);

/* The firmware's tables, read while the loader's are mapped; firmware.c. */
struct firmware {
	const char *acpi_error; /* NULL: there is ACPI */
	struct acpi_info acpi;
	struct smbios_info smbios;
	bool was_read;
};
extern struct firmware firmware;
/* info: NULL if the loader's information was damaged. */
void firmware_read(const struct boot_info *info, boot_reach *reach);

void vmware_clock_init(const struct boot_info *info,
		       const struct vmware_machine *m);

#endif
