/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/efi.h - what EFI left after its services ended: the list of tables of
 * other standards (UEFI 2.10, 4.6).
 */
#ifndef PC_EFI_H
#define PC_EFI_H

#include <stdint.h>
#include "pc/loader.h"

enum efi_table { EFI_SMBIOS, EFI_SMBIOS3, EFI_ACPI2 };

/*
 * The physical address of a table, by the system table at `system`, physical;
 * 0: none, or what leads there is damaged.
 */
uint64_t efi_find(uint64_t system, enum efi_table table, boot_reach *reach);

#endif
