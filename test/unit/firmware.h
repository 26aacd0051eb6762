/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * firmware.h - a machine's memory for tests of what firmware leaves there:
 * ranges with holes between, each an allocation of exactly its size, so that
 * ASan sees a read past its end.
 */
#ifndef TEST_FIRMWARE_H
#define TEST_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRMWARE_RANGES 64

static struct {
	uint64_t base;
	size_t size;
	uint8_t *bytes;
} firmware_range[FIRMWARE_RANGES];
static unsigned firmware_count;

static inline void firmware_clear(void)
{
	while (firmware_count)
		free(firmware_range[--firmware_count].bytes);
}

/* A range of zeros. */
static inline uint8_t *firmware_add(uint64_t base, size_t size)
{
	uint8_t *bytes = calloc(1, size ? size : 1);

	if (!bytes || firmware_count == FIRMWARE_RANGES)
		abort();
	firmware_range[firmware_count].base = base;
	firmware_range[firmware_count].size = size;
	firmware_range[firmware_count++].bytes = bytes;
	return bytes;
}

/* For boot_reach. */
static inline const void *firmware_reach(uint64_t address, size_t size)
{
	for (unsigned i = 0; i < firmware_count; i++) {
		uint64_t at = address - firmware_range[i].base;

		if (address >= firmware_range[i].base &&
		    at <= firmware_range[i].size &&
		    size <= firmware_range[i].size - at)
			return firmware_range[i].bytes + at;
	}
	return NULL;
}

static inline void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value & 0xffff);
	put16(at + 2, value >> 16);
}

static inline void put64(uint8_t *at, uint64_t value)
{
	put32(at, (uint32_t)value);
	put32(at + 4, (uint32_t)(value >> 32));
}

/* Makes the sum of n bytes 0 by the one at `place`. */
static inline void set_checksum(uint8_t *bytes, size_t n, size_t place)
{
	uint8_t sum = 0;

	bytes[place] = 0;
	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + bytes[i]);
	bytes[place] = (uint8_t)-sum;
}

/* --- ACPI --- */

#define TABLE_HEADER 36
#define TABLE_CHECKSUM 9
#define RSDP_BYTES 36

static inline void table_sign(uint8_t *table)
{
	uint32_t size = (uint32_t)(table[4] | table[5] << 8 | table[6] << 16);

	set_checksum(table, size, TABLE_CHECKSUM);
}

/* A table with a payload, signed. */
static inline uint8_t *table_add(uint64_t base, const char *signature,
				 const void *payload, size_t size)
{
	uint8_t *table = firmware_add(base, TABLE_HEADER + size);

	memcpy(table, signature, 4);
	put32(table + 4, (uint32_t)(TABLE_HEADER + size));
	if (size)
		memcpy(table + TABLE_HEADER, payload, size);
	table_sign(table);
	return table;
}

/* A root pointer to two lists; xsdt = 0: of version 1. */
static inline uint8_t *rsdp_add(uint64_t base, uint32_t rsdt, uint64_t xsdt)
{
	uint8_t *rsdp = firmware_add(base, xsdt ? RSDP_BYTES : 20);

	memcpy(rsdp, "RSD PTR ", 8);
	put32(rsdp + 16, rsdt);
	if (xsdt) {
		rsdp[15] = 2;
		put32(rsdp + 20, RSDP_BYTES);
		put64(rsdp + 24, xsdt);
	}
	set_checksum(rsdp, 20, 8);
	if (xsdt)
		set_checksum(rsdp, RSDP_BYTES, 32);
	return rsdp;
}

#endif
