/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * acpi_table.h - between acpi.c and acpi_aml.c: one table in memory.
 */
#ifndef PC_ACPI_TABLE_H
#define PC_ACPI_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include "pc/loader.h"

/* The header that all have, ACPI 6.4, 5.2.6. */
#define ACPI_HEADER_SIZE 36
#define ACPI_HEADER_LENGTH 4
/* Real ones have some 100 KiB at most. */
#define ACPI_TABLE_MAX (1u << 22)
#define ACPI_SSDTS_MAX 32

struct acpi_table {
	const uint8_t *bytes; /* with the header */
	uint32_t size;
};

static inline uint32_t acpi_get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint64_t acpi_get64(const uint8_t *p)
{
	return acpi_get32(p) | (uint64_t)acpi_get32(p + 4) << 32;
}

/* False: out of reach, or its length or checksum is wrong. */
bool acpi_table_read(uint64_t address, struct acpi_table *t, boot_reach *reach);

/* The two sleep types, 0..7, of the package \_S5 in a table of AML. */
bool acpi_find_s5(const struct acpi_table *t, uint8_t *type_a, uint8_t *type_b);

#endif
