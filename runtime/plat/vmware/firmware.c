/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * firmware.c - finds the tables of ACPI and SMBIOS: by the loader, by EFI, or
 * where a BIOS leaves them.
 */
#include "pc/efi.h"
#include "machine.h"

struct firmware firmware;

void firmware_read(const struct boot_info *info, boot_reach *reach)
{
	uint64_t rsdp = info ? info->rsdp : 0, smbios = 0;

	if (firmware.was_read)
		return;
	if (info && info->efi) {
		if (!rsdp)
			rsdp = efi_find(info->efi, EFI_ACPI2, reach);
		smbios = efi_find(info->efi, EFI_SMBIOS3, reach);
		if (!smbios)
			smbios = efi_find(info->efi, EFI_SMBIOS, reach);
	}
	firmware.acpi_error = acpi_read(rsdp, &firmware.acpi, reach);
	smbios_read(smbios, &firmware.smbios, reach);
	firmware.was_read = true;
}
