/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/smbios.h - who made the machine, as its firmware says (SMBIOS 3.6, DMTF
 * DSP0134; once called DMI).
 *
 * The structures come from firmware and are not trusted: all lengths are
 * bounded, and strings are cut to what fits.
 */
#ifndef PC_SMBIOS_H
#define PC_SMBIOS_H

#include <stdbool.h>
#include <stdint.h>
#include "pc/loader.h"

#define SMBIOS_STRING_SIZE 64

/* The strings of structure type 1; "" where there is none. */
struct smbios_info {
	char manufacturer[SMBIOS_STRING_SIZE];
	char product[SMBIOS_STRING_SIZE];
	char serial[SMBIOS_STRING_SIZE];
};

/*
 * Reads what the entry point at `entry`, physical, leads to; 0: looks for one
 * where a BIOS leaves it.  False: none, or without a structure of type 1;
 * *info has empty strings then.
 */
bool smbios_read(uint64_t entry, struct smbios_info *info, boot_reach *reach);

#endif
