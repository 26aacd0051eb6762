/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/acpi.c, pc/acpi_aml.c: a machine's tables, sound and otherwise.
 */
#include "check.h"
#include "firmware.h"
#include "pc/acpi.h"

#define RSDP 0xf5a0UL
#define RSDT 0x7ffe1000UL
#define XSDT 0x7ffe2000UL
#define FADT 0x7ffe3001UL /* nothing says that they are aligned */
#define MADT 0x7ffe4003UL
#define DSDT 0x7ffe5007UL
#define SSDT 0x7ffe6000UL
#define LARGE (1UL << 22)

/* Name(\_S5, Package(4) {5, 6, 0, 0}) as iasl writes it, after a Scope. */
static const uint8_t aml[] = {0x10, 0x1a, '\\', 0x00, 0x08, '_',  'S',	'3',
			      '_',  0x12, 0x06, 0x04, 0x01, 0x01, 0x00, 0x00,
			      0x08, '_',  'S',	'5',  '_',  0x12, 0x08, 0x04,
			      0x0a, 0x05, 0x0a, 0x06, 0x00, 0x00};

/* Offsets are those of the table, as the specification has them. */
static uint8_t *fadt, *madt, *dsdt;
static struct acpi_info info;

static const char *read_acpi(uint64_t rsdp)
{
	return acpi_read(rsdp, &info, firmware_reach);
}

static void add_fadt(void)
{
	uint8_t zero[276 - TABLE_HEADER] = {0};

	fadt = table_add(FADT, "FACP", zero, sizeof zero);
	put32(fadt + 40, DSDT);
	put32(fadt + 48, 0xb2);
	fadt[52] = 0xf1;
	put32(fadt + 64, 0x604);
	put32(fadt + 112, 1u << 10);
	fadt[116] = 1;
	put64(fadt + 120, 0xcf9);
	fadt[128] = 0x0f;
	table_sign(fadt);
}

static void add_madt(void)
{
	static const uint8_t payload[] = {
	    0,	  0,  0xe0, 0xfe, 1,  0,  0,	0,		   /* head */
	    0,	  8,  0,    0,	  1,  0,  0,	0,		   /* CPU */
	    1,	  12, 0,    0,	  0,  0,  0xc0, 0xfe, 0,  0, 0, 0, /* I/O APIC
								    */
	    1,	  12, 1,    0,	  0,  0,  0xc1, 0xfe, 24, 0, 0, 0, /* another */
	    2,	  10, 0,    0,	  2,  0,  0,	0,    0,  0, 2, 10, 0,
	    9,	  20, 0,    0,	  0,  15, 0,	2,    10, 1, 5, 21, 0,
	    0,	  0,  15,   0,				     /* not ISA */
	    2,	  10, 0,    77,	  21, 0,  0,	0,    15, 0, /* no such line */
	    0xff, 3,  0,				     /* unknown */
	};

	madt = table_add(MADT, "APIC", payload, sizeof payload);
}

static void add_lists(bool both)
{
	uint8_t entries[5 * 8] = {0};

	put32(entries + 4, FADT);
	put32(entries + 8, 0x12345678); /* out of reach */
	put32(entries + 12, MADT);
	put32(entries + 16, SSDT);
	table_add(RSDT, "RSDT", entries, 20);
	if (!both)
		return;
	memset(entries, 0, sizeof entries);
	put64(entries + 8, FADT);
	put64(entries + 16, 1UL << 60);
	put64(entries + 24, MADT);
	table_add(XSDT, "XSDT", entries, sizeof entries);
}

static void start(bool both)
{
	firmware_clear();
	rsdp_add(RSDP, RSDT, both ? XSDT : 0);
	add_lists(both);
	add_fadt();
	add_madt();
	dsdt = table_add(DSDT, "DSDT", aml, sizeof aml);
}

static void test_sound(bool both)
{
	const char *which = both ? "XSDT" : "RSDT";

	start(both);
	check(!read_acpi(RSDP), "%s: read", which);
	check(info.can_power_off && info.pm1a_control == 0x604 &&
		  !info.pm1b_control && info.sleep_type_a == 5 &&
		  info.sleep_type_b == 6,
	      "%s: power off", which);
	check(info.smi_command == 0xb2 && info.acpi_enable == 0xf1,
	      "%s: the way to ACPI mode", which);
	check(info.can_reset && info.reset.space == ACPI_PORTS &&
		  info.reset.address == 0xcf9 && info.reset_value == 15,
	      "%s: reset", which);
	check(info.ioapic_count == 2 && info.ioapic[0].address == 0xfec00000 &&
		  info.ioapic[0].first == 0 &&
		  info.ioapic[1].address == 0xfec10000 &&
		  info.ioapic[1].first == 24,
	      "%s: I/O APICs", which);
	check(info.isa[0].line == 2 && !info.isa[0].level &&
		  !info.isa[0].low_active,
	      "%s: an override", which);
	check(info.isa[9].line == 20 && info.isa[9].level &&
		  info.isa[9].low_active,
	      "%s: one with level and polarity", which);
	check(info.isa[5].line == 5 && info.isa[4].line == 4,
	      "%s: the other lines are as they are", which);
}

static void test_extended(void)
{
	start(true);
	fadt[172] = ACPI_PORTS;
	put64(fadt + 176, 0x1004);
	fadt[184] = ACPI_PORTS;
	put64(fadt + 188, 0x2004);
	put64(fadt + 140, SSDT);
	table_sign(fadt);
	table_add(SSDT, "DSDT", aml, sizeof aml);
	memcpy(dsdt, "none", 4);
	check(!read_acpi(RSDP) && info.pm1a_control == 0x1004 &&
		  info.pm1b_control == 0x2004 && info.can_power_off,
	      "the fields of later versions come first");

	start(true);
	fadt[172] = ACPI_MEMORY;
	put64(fadt + 176, 0xfed00000);
	table_sign(fadt);
	check(!read_acpi(RSDP) && info.pm1a_control == 0x604,
	      "but for registers that are no ports");

	start(true);
	put32(fadt + 112, 1u << 20);
	table_sign(fadt);
	check(!read_acpi(RSDP) && !info.can_power_off && !info.pm1a_control &&
		  !info.can_reset,
	      "hardware-reduced: no such registers");

	start(true);
	put32(fadt + 4, 116); /* version 1 */
	table_sign(fadt);
	check(!read_acpi(RSDP) && info.can_power_off && !info.can_reset,
	      "a table of version 1 ends before the reset register");
}

static void test_search(void)
{
	uint8_t *segment;

	start(true);
	check(read_acpi(0) != NULL, "out of the BIOS's area it isn't found");
	firmware_clear();
	start(true);
	rsdp_add(0xe8010, RSDT, XSDT);
	check(!read_acpi(0), "found in the BIOS's area");
	check(!read_acpi(0x1234), "also if the loader's is wrong");
	start(true);
	segment = firmware_add(0x40e, 2);
	put16(segment, 0x9fc0);
	rsdp_add(0x9fc00 + 1008 - 16, RSDT, XSDT);
	check(!read_acpi(0), "found in the EBDA");
	start(true);
	rsdp_add(0xe8018, RSDT, XSDT);
	check(read_acpi(0) != NULL, "only on a paragraph");
}

static void test_damaged(void)
{
	uint8_t *large;

	start(true);
	firmware_range[0].bytes[17] ^= 1;
	check(read_acpi(RSDP) != NULL, "a root pointer with a wrong sum");

	start(true);
	firmware_range[0].bytes[33] ^= 1;
	firmware_range[2].bytes[40] ^= 1;
	check(!read_acpi(RSDP) && info.can_power_off,
	      "a wrong sum of its extension leads to the RSDT");

	start(true);
	put32(firmware_range[0].bytes + 20, 0xffffffff);
	set_checksum(firmware_range[0].bytes, 20, 8);
	check(!read_acpi(RSDP) && info.can_power_off,
	      "and so does a huge length");

	start(false);
	put32(firmware_range[1].bytes + 4, 3);
	check(read_acpi(RSDP) != NULL, "a list shorter than its header");

	start(true);
	put32(fadt + 4, UINT32_MAX);
	check(!read_acpi(RSDP) && !info.can_power_off && info.ioapic_count == 2,
	      "a table with a huge length: the others count");

	start(true);
	put64(fadt + 140, SSDT);
	table_sign(fadt);
	large = calloc(1, LARGE);
	memcpy(large, aml, sizeof aml);
	table_add(SSDT, "DSDT", large, LARGE);
	free(large);
	check(!read_acpi(RSDP) && !info.can_power_off,
	      "one that is larger than any can be");

	start(true);
	fadt[64] ^= 1;
	check(!read_acpi(RSDP) && !info.can_power_off, "one with a wrong sum");

	start(true);
	madt[TABLE_HEADER + 8 + 1] = 0;
	table_sign(madt);
	check(!read_acpi(RSDP) && info.ioapic_count == 0,
	      "an entry of length 0 ends the MADT");
	madt[TABLE_HEADER + 8 + 1] = 255;
	table_sign(madt);
	check(!read_acpi(RSDP) && info.ioapic_count == 0,
	      "and so does one beyond its end");

	start(true);
	put32(fadt + 64, 0x10000);
	put64(fadt + 120, 0x10000);
	table_sign(fadt);
	check(!read_acpi(RSDP) && !info.can_power_off && !info.can_reset,
	      "ports end at 65535");
}

static bool s5(const void *bytes, size_t size)
{
	start(true);
	free(firmware_range[firmware_count - 1].bytes);
	firmware_count--;
	dsdt = table_add(DSDT, "DSDT", bytes, size);
	return !read_acpi(RSDP) && info.can_power_off;
}

static void test_aml(void)
{
	static const char qword[] = "\x08\\_S5_\x12\x14\x02"
				    "\x0e\x07\0\0\0\0\0\0\0"
				    "\x0e\x03\0\0\0\0\0\0\0";

	check(s5(qword, sizeof qword - 1) && info.sleep_type_a == 7 &&
		  info.sleep_type_b == 3,
	      "AML: a root character, long integers");
	check(s5("\x08_S5_\x12\x40\x00\x01\x01", 10) == false,
	      "AML: a package shorter than its length");
	check(s5("\x08_S5_\x12\x45\x00\x02\x01\x00", 11) &&
		  info.sleep_type_a == 1 && info.sleep_type_b == 0,
	      "AML: a length of two bytes");
	check(s5("\x08_S5_\x12\x03\x01\x01", 9) && info.sleep_type_a == 1,
	      "AML: one element");
	check(!s5("\x08_S5_\x12\x05\x02\x0a\x08\x00", 11),
	      "AML: no sleep type is 8");
	check(!s5("\x08_S5_\x12\x0f\x02\x01\x01", 10),
	      "AML: a package beyond the end");
	check(!s5("\x08_S5_\x12\x03\x02\x01\x01", 10),
	      "AML: an element beyond the package's end");
	check(!s5("\x08_S5_\x12", 6) && !s5("\x08_S5_", 5) && !s5("\x08", 1) &&
		  !s5("\x08\\_S5", 5) && !s5("", 0),
	      "AML: cut off");
	check(s5("\x08_S5_\x0a\x00\x08_S5_\x12\x04\x02\x01\x01", 17) &&
		  info.sleep_type_a == 1,
	      "AML: what only looks like it is passed over");
	check(!s5("_S5_\x12\x04\x02\x01\x01", 9), "AML: without NameOp");

	start(false);
	memcpy(dsdt + TABLE_HEADER + 18, "XXXX", 4);
	table_sign(dsdt);
	check(!read_acpi(RSDP) && !info.can_power_off, "AML: absent");
	table_add(SSDT, "SSDT", aml, sizeof aml);
	check(!read_acpi(RSDP) && info.can_power_off && info.sleep_type_a == 5,
	      "AML: in a secondary table");
}

int main(void)
{
	test_sound(false);
	test_sound(true);
	test_extended();
	test_search();
	test_damaged();
	test_aml();
	firmware_clear();
	return check_done();
}
