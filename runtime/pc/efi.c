/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * efi.c - the system table (UEFI 2.10, 4.3), as far as it leads to the list of
 * configuration tables.  It isn't trusted: the list has a bound.
 */
#include "pc/efi.h"

#include "lib/string.h"

#define SIGNATURE "IBI SYST"
#define TABLES_MAX 256

struct system_table {
	char signature[8];
	uint32_t revision, header_size, sum, reserved;
	uint64_t between[10]; /* firmware, consoles, services */
	uint64_t table_count, tables;
} __attribute__((__packed__));

struct entry {
	uint8_t guid[16];
	uint64_t address;
} __attribute__((__packed__));

static const uint8_t guids[][16] = {
    /* eb9d2d31-2d88-11d3-9a16-0090273fc14d */
    [EFI_SMBIOS] = {0x31, 0x2d, 0x9d, 0xeb, 0x88, 0x2d, 0xd3, 0x11, 0x9a, 0x16,
		    0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d},
    /* f2fd1544-9794-4a2c-992e-e5bbcf20e394 */
    [EFI_SMBIOS3] = {0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a, 0x99, 0x2e,
		     0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94},
    /* 8868e871-e4f1-11d3-bc22-0080c73c8881 */
    [EFI_ACPI2] = {0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11, 0xbc, 0x22,
		   0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81},
};

uint64_t efi_find(uint64_t system, enum efi_table table, boot_reach *reach)
{
	const struct system_table *s;
	const struct entry *e;

	if (!system)
		return 0;
	s = reach(system, sizeof *s);
	if (!s || memcmp(s->signature, SIGNATURE, sizeof s->signature) != 0 ||
	    s->table_count > TABLES_MAX)
		return 0;
	e = reach(s->tables, s->table_count * sizeof *e);
	for (uint64_t i = 0; e && i < s->table_count; i++)
		if (memcmp(e[i].guid, guids[table], sizeof e->guid) == 0)
			return e[i].address;
	return 0;
}
