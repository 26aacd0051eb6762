/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/smbios.c: who made the machine, from sound and other structures.
 */
#include "check.h"
#include "firmware.h"
#include "pc/smbios.h"

#define ENTRY 0xf0010UL
#define TABLE 0x7fff0003UL

static const char structures[] =
    /* type 0, two strings */
    "\x00\x06\x00\x00\x01\x02"
    "SeaBIOS\0"
    "1.16\0\0"
    /* type 2 without strings */
    "\x02\x04\x02\x00\0\0"
    /* type 1 */
    "\x01\x1b\x00\x01\x01\x02\x03\x04uuuuuuuuuuuuuuuu\x06\x00\x00"
    "VMware, Inc.\0"
    "VMware7,1\0"
    "None\0"
    "VMware-56 4d \xff 01\0\0"
    "\x7f\x04\x7f\x00\0\0";
#define SIZE (sizeof structures - 1)
#define LARGE ((1u << 20) + 1)

static struct smbios_info info;
static uint8_t *entry, *table;

static void sign32(void)
{
	set_checksum(entry + 16, 15, 5);
	set_checksum(entry, entry[5], 4);
}

static void start32(size_t size)
{
	firmware_clear();
	entry = firmware_add(ENTRY, 31);
	memcpy(entry, "_SM_", 4);
	entry[5] = 31;
	memcpy(entry + 16, "_DMI_", 5);
	put16(entry + 22, (unsigned)size);
	put32(entry + 24, TABLE);
	put16(entry + 28, 4);
	sign32();
	table = firmware_add(TABLE, size);
	memcpy(table, structures, size < SIZE ? size : SIZE);
}

static void start64(uint64_t base)
{
	firmware_clear();
	entry = firmware_add(base, 24);
	memcpy(entry, "_SM3_", 5);
	entry[6] = 24;
	put32(entry + 12, SIZE);
	put64(entry + 16, TABLE);
	set_checksum(entry, 24, 5);
	table = firmware_add(TABLE, SIZE);
	memcpy(table, structures, SIZE);
}

static bool found(uint64_t at)
{
	return smbios_read(at, &info, firmware_reach);
}

static void test_sound(void)
{
	start32(SIZE);
	check(found(0), "the 32-bit entry is found");
	check_str(info.manufacturer, "VMware, Inc.", "manufacturer");
	check_str(info.product, "VMware7,1", "product");
	check_str(info.serial, "VMware-56 4d ? 01", "serial, printable");
	start32(SIZE);
	entry[5] = 30;
	sign32();
	check(found(ENTRY), "the length that version 2.1 gave");
	start64(ENTRY);
	check(found(0) && !strcmp(info.product, "VMware7,1"),
	      "the 64-bit entry is found");
	start64(0x7ffe0007);
	check(!found(0), "elsewhere it isn't");
	check(found(0x7ffe0007) && !strcmp(info.product, "VMware7,1"),
	      "but where it is said to be");
}

static void test_damaged(void)
{
	start32(SIZE);
	entry[28] ^= 1;
	check(!found(0), "a wrong sum");
	start32(SIZE);
	put16(entry + 28, 2);
	sign32();
	check(!found(0), "fewer structures");
	start32(SIZE);
	put16(entry + 22, 0xffff);
	sign32();
	check(!found(0), "a table out of reach");
	start64(ENTRY);
	put32(entry + 12, UINT32_MAX);
	set_checksum(entry, 24, 5);
	check(!found(0), "a table too long");
	start64(ENTRY);
	put32(entry + 12, LARGE);
	put64(entry + 16, TABLE + 0x1000);
	set_checksum(entry, 24, 5);
	table = firmware_add(TABLE + 0x1000, LARGE);
	memcpy(table, structures, SIZE);
	check(!found(0), "too long, though it is there");
	start32(SIZE);
	table[1] = 3;
	check(!found(0), "a structure shorter than its header");
	start32(SIZE);
	table[1] = 255;
	check(!found(0), "one beyond the end");
	start32(SIZE);
	table[0] = 127;
	check(!found(0), "the end");
	/* Cut at each place: no more is read than there is. */
	for (size_t n = 0; n < SIZE; n++) {
		start32(n);
		found(0);
	}
	start32(30);
	check(!found(0), "cut off");
	start32(SIZE);
	memset(table + 30, 'x', SIZE - 30);
	check(!found(0), "strings without an end");
}

static void test_strings(void)
{
	uint8_t *system;

	start32(SIZE);
	system = memchr(table, 0x1b, SIZE);
	system--;
	system[4] = 0;
	system[5] = 200;
	check(found(0) && !info.manufacturer[0] && !info.product[0],
	      "no string, and one that isn't there");
	start32(SIZE);
	system = (uint8_t *)memchr(table, 0x1b, SIZE) - 1;
	system[1] = 5;
	memcpy(system + 5, "a\0b\0\0", 5);
	check(found(0) && !strcmp(info.manufacturer, "a") && !info.product[0] &&
		  !info.serial[0],
	      "a short structure");

	firmware_clear();
	start32(4096);
	memset(table, 0, 4096);
	memcpy(table, "\x01\x06\0\0\x01\x01", 6);
	memset(table + 6, 'm', 4000);
	check(found(0) && strlen(info.manufacturer) == SMBIOS_STRING_SIZE - 1,
	      "a long string is cut");
}

int main(void)
{
	test_sound();
	test_damaged();
	test_strings();
	firmware_clear();
	return check_done();
}
