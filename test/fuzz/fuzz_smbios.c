/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of SMBIOS structures (pc/smbios.c): the first byte says how they are
 * found, the rest is the table; with 4, it is the BIOS's area as it stands.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "firmware.h"
#include "pc/smbios.h"

#define BIOS_BASE 0xf0000UL
#define BIOS_SIZE 0x10000UL
#define TABLE 0x7fff0000UL

enum { HOW_64 = 1, HOW_GIVEN = 2, HOW_RAW = 4 };

static void check(const char *string)
{
	if (strnlen(string, SMBIOS_STRING_SIZE) == SMBIOS_STRING_SIZE)
		abort();
	for (; *string; string++)
		if (*string < ' ' || *string > '~')
			abort();
}

static void add_entry(uint64_t base, bool wide, size_t size)
{
	uint8_t *e = firmware_add(base, wide ? 24 : 31);

	if (wide) {
		memcpy(e, "_SM3_", 5);
		e[6] = 24;
		put32(e + 12, (uint32_t)size);
		put64(e + 16, TABLE);
		set_checksum(e, 24, 5);
		return;
	}
	memcpy(e, "_SM_", 4);
	e[5] = 31;
	memcpy(e + 16, "_DMI_", 5);
	put16(e + 22, (unsigned)size);
	put32(e + 24, TABLE);
	put16(e + 28, 0xffff);
	set_checksum(e + 16, 15, 5);
	set_checksum(e, 31, 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smbios_info info;
	uint64_t entry = BIOS_BASE + 0x20;
	unsigned how;

	if (!size)
		return 0;
	how = data[0];
	data++;
	size--;
	if (how & HOW_RAW) {
		if (size > BIOS_SIZE)
			size = BIOS_SIZE;
		entry = BIOS_BASE;
		memcpy(firmware_add(BIOS_BASE, size), data, size);
	} else {
		if (size > UINT16_MAX)
			size = UINT16_MAX;
		add_entry(entry, how & HOW_64, size);
		if (size)
			memcpy(firmware_add(TABLE, size), data, size);
	}
	smbios_read(how & HOW_GIVEN ? entry : 0, &info, firmware_reach);
	check(info.manufacturer);
	check(info.product);
	check(info.serial);
	firmware_clear();
	return 0;
}
