/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of ACPI's tables (pc/acpi.c).  Checksums and addresses would keep a
 * search at the door, so the harness makes them: the input is
 *
 *	how		1: an XSDT, else an RSDT; 2: the root pointer is given,
 *			else looked for; 4: the rest is the memory of the BIOS's
 *			area as it stands
 *	records		kind, length (2 bytes), the table behind its header
 *
 * and each record becomes a table in a place of its own, listed and signed,
 * but for kinds above 127, whose sum stays wrong.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "firmware.h"
#include "pc/acpi.h"

#define BIOS_BASE 0xe0000UL
#define BIOS_SIZE 0x20000UL
#define ROOT_HIDDEN 0x7fff0000UL
#define LIST 0x70000000UL
#define TABLES 0x71000000UL
#define TABLE_STEP 0x100000UL
#define TABLES_MAX 16

enum { HOW_XSDT = 1, HOW_GIVEN = 2, HOW_RAW = 4 };

static const char *const signatures[] = {"FACP", "APIC", "DSDT", "SSDT",
					 "HPET"};

static uint8_t *fadt;
static uint64_t dsdt;

static void check(const struct acpi_info *info)
{
	if (info->ioapic_count > ACPI_IOAPICS_MAX || info->sleep_type_a > 7 ||
	    info->sleep_type_b > 7 ||
	    (info->can_power_off && !info->pm1a_control) ||
	    (info->can_reset && !info->reset.address) ||
	    (info->can_reset && info->reset.space == ACPI_PORTS &&
	     info->reset.address > UINT16_MAX))
		abort();
}

/* Returns how many tables; their addresses go into entries of 8 bytes. */
static unsigned add_tables(const uint8_t *data, size_t size, uint8_t *entries)
{
	unsigned n = 0;

	for (; size >= 3 && n < TABLES_MAX; n++) {
		size_t length = data[1] | (size_t)data[2] << 8;
		unsigned kind = data[0];
		const char *signature = signatures[kind % 127 % 5];
		uint64_t base = TABLES + n * TABLE_STEP + kind % 8;
		uint8_t *table;

		data += 3;
		size -= 3;
		if (length > size)
			length = size;
		table = table_add(base, signature, data, length);
		data += length;
		size -= length;
		put64(entries + 8 * n, base);
		if (!memcmp(signature, "FACP", 4))
			fadt = table;
		if (!memcmp(signature, "DSDT", 4))
			dsdt = base;
		if (kind > 127)
			table[TABLE_CHECKSUM]++;
	}
	return n;
}

static void run(uint64_t rsdp)
{
	struct acpi_info info;

	if (!acpi_read(rsdp, &info, firmware_reach))
		check(&info);
}

static void run_tables(unsigned how, const uint8_t *data, size_t size)
{
	uint8_t entries[8 * TABLES_MAX] = {0};
	unsigned n;
	uint64_t root = how & HOW_GIVEN ? ROOT_HIDDEN : BIOS_BASE + 0x40;

	fadt = NULL;
	dsdt = 0;
	n = add_tables(data, size, entries);
	if (fadt && dsdt && fadt[4] >= 44) {
		put32(fadt + 40, (uint32_t)dsdt);
		table_sign(fadt);
	}
	if (how & HOW_XSDT) {
		table_add(LIST, "XSDT", entries, 8 * n);
		rsdp_add(root, 0, LIST);
	} else {
		for (unsigned i = 0; i < n; i++)
			memmove(entries + 4 * i, entries + 8 * i, 4);
		table_add(LIST, "RSDT", entries, 4 * n);
		rsdp_add(root, LIST, 0);
	}
	run(how & HOW_GIVEN ? root : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & HOW_RAW) {
		size_t n = size - 1 < BIOS_SIZE ? size - 1 : BIOS_SIZE;

		memcpy(firmware_add(BIOS_BASE, n), data + 1, n);
		run(data[0] & HOW_GIVEN ? BIOS_BASE : 0);
	} else {
		run_tables(data[0], data + 1, size - 1);
	}
	firmware_clear();
	return 0;
}
