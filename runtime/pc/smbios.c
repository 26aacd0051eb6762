/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * smbios.c - entry points (DSP0134 3.6, 5.2), and the structure of type 1
 * (7.2) among those they lead to (6.1).
 *
 * Nothing is aligned, so all fields are read byte by byte.
 */
#include "pc/smbios.h"

#include "lib/string.h"

/* Where a BIOS leaves the entry point: on a paragraph. */
#define BIOS_BASE 0xf0000
#define BIOS_SIZE 0x10000
#define PARAGRAPH 16

/* The 32-bit one, 5.2.1; firmware of version 2.1 says a length less by 1. */
enum {
	ENTRY_LENGTH = 5,
	ENTRY_ANCHOR2 = 16,
	ENTRY_TABLE_SIZE = 22,
	ENTRY_TABLE = 24,
	ENTRY_COUNT = 28,
	ENTRY_SIZE_MIN = 30,
};
/* The 64-bit one, 5.2.2. */
enum {
	ENTRY3_LENGTH = 6,
	ENTRY3_TABLE_SIZE = 12,
	ENTRY3_TABLE = 16,
	ENTRY3_SIZE = 24,
};

/* Real ones have some KiB. */
#define TABLE_MAX (1u << 20)

/* Structures, 6.1: a header, the rest of `length` bytes, strings. */
enum {
	STRUCTURE_TYPE = 0,
	STRUCTURE_LENGTH = 1,
	STRUCTURE_HEADER = 4,
	SYSTEM_MANUFACTURER = 4,
	SYSTEM_PRODUCT = 5,
	SYSTEM_SERIAL = 7,
};
#define TYPE_SYSTEM 1
#define TYPE_END 127

struct table {
	const uint8_t *at, *end;
	uint32_t count; /* of structures, at most */
};

static uint32_t get16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | get16(p + 2) << 16;
}

static uint64_t get64(const uint8_t *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static bool sums_to_zero(const uint8_t *bytes, size_t n)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

static bool reach_table(uint64_t address, uint32_t size, struct table *t,
			boot_reach *reach)
{
	if (!address || !size || size > TABLE_MAX)
		return false;
	t->at = reach(address, size);
	t->end = t->at ? t->at + size : NULL;
	return t->at;
}

static bool read_entry32(uint64_t address, struct table *t, boot_reach *reach)
{
	const uint8_t *e = reach(address, ENTRY_SIZE_MIN);
	uint8_t size;

	if (!e || memcmp(e, "_SM_", 4) != 0 ||
	    memcmp(e + ENTRY_ANCHOR2, "_DMI_", 5) != 0)
		return false;
	size = e[ENTRY_LENGTH];
	if (size < ENTRY_SIZE_MIN)
		return false;
	e = reach(address, size);
	if (!e || !sums_to_zero(e, size))
		return false;
	t->count = get16(e + ENTRY_COUNT);
	return reach_table(get32(e + ENTRY_TABLE), get16(e + ENTRY_TABLE_SIZE),
			   t, reach);
}

static bool read_entry64(uint64_t address, struct table *t, boot_reach *reach)
{
	const uint8_t *e = reach(address, ENTRY3_SIZE);
	uint8_t size;

	if (!e || memcmp(e, "_SM3_", 5) != 0)
		return false;
	size = e[ENTRY3_LENGTH];
	if (size < ENTRY3_SIZE)
		return false;
	e = reach(address, size);
	if (!e || !sums_to_zero(e, size))
		return false;
	t->count = UINT32_MAX;
	return reach_table(get64(e + ENTRY3_TABLE),
			   get32(e + ENTRY3_TABLE_SIZE), t, reach);
}

static bool read_entry(uint64_t address, struct table *t, boot_reach *reach)
{
	return read_entry64(address, t, reach) ||
	       read_entry32(address, t, reach);
}

static bool find_entry(struct table *t, boot_reach *reach)
{
	for (uint64_t at = 0; at < BIOS_SIZE; at += PARAGRAPH)
		if (read_entry(BIOS_BASE + at, t, reach))
			return true;
	return false;
}

/*
 * The end of the strings that begin at `at`: behind the two zeros that end
 * them.  NULL if they don't end.
 */
static const uint8_t *strings_end(const uint8_t *at, const uint8_t *end)
{
	for (; end - at >= 2; at++)
		if (!at[0] && !at[1])
			return at + 2;
	return NULL;
}

/* String number n, from 1, of [at, end); 0 is none. */
static void copy_string(char *to, unsigned n, const uint8_t *at,
			const uint8_t *end)
{
	size_t length = 0;

	while (n > 1 && at < end && *at) {
		const uint8_t *zero = memchr(at, 0, (size_t)(end - at));

		if (!zero)
			return;
		at = zero + 1;
		n--;
	}
	if (n != 1)
		return;
	for (; at < end && *at && length < SMBIOS_STRING_SIZE - 1; at++)
		to[length++] = *at < ' ' || *at > '~' ? '?' : (char)*at;
	to[length] = '\0';
}

static void read_system(const uint8_t *s, const uint8_t *strings,
			const uint8_t *end, struct smbios_info *info)
{
	uint8_t length = s[STRUCTURE_LENGTH];

	if (length > SYSTEM_MANUFACTURER)
		copy_string(info->manufacturer, s[SYSTEM_MANUFACTURER], strings,
			    end);
	if (length > SYSTEM_PRODUCT)
		copy_string(info->product, s[SYSTEM_PRODUCT], strings, end);
	if (length > SYSTEM_SERIAL)
		copy_string(info->serial, s[SYSTEM_SERIAL], strings, end);
}

bool smbios_read(uint64_t entry, struct smbios_info *info, boot_reach *reach)
{
	struct table t;

	memset(info, 0, sizeof *info);
	if (!(entry && read_entry(entry, &t, reach)) && !find_entry(&t, reach))
		return false;
	for (; t.count && t.end - t.at >= STRUCTURE_HEADER; t.count--) {
		const uint8_t *s = t.at, *strings;
		uint8_t length = s[STRUCTURE_LENGTH];

		if (length < STRUCTURE_HEADER || length > t.end - s ||
		    s[STRUCTURE_TYPE] == TYPE_END)
			return false;
		strings = s + length;
		t.at = strings_end(strings, t.end);
		if (!t.at)
			return false;
		if (s[STRUCTURE_TYPE] == TYPE_SYSTEM) {
			read_system(s, strings, t.at, info);
			return true;
		}
	}
	return false;
}
