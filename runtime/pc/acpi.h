/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/acpi.h - what of ACPI's tables a unikernel needs (ACPI 6.4, 5.2): how the
 * machine is switched off and reset, where the I/O APICs are.
 *
 * The tables come from firmware and are not trusted: each is reached by its
 * own length, which has a bound, and counts only if its checksum is right.
 * AML isn't interpreted; of it just the package \_S5 is looked for.
 */
#ifndef PC_ACPI_H
#define PC_ACPI_H

#include <stdbool.h>
#include <stdint.h>
#include "pc/loader.h"

#define ACPI_IOAPICS_MAX 8
#define ACPI_ISA_LINES 16

/* Generic address (5.2.3.2). */
enum acpi_space { ACPI_MEMORY = 0, ACPI_PORTS = 1, ACPI_PCI = 2 };

struct acpi_register {
	uint8_t space; /* enum acpi_space */
	uint64_t address;
};

struct acpi_ioapic {
	uint64_t address; /* physical */
	uint32_t first;	  /* number of its first line among all */
};

/* Where an ISA interrupt arrives (5.2.12.5). */
struct acpi_line {
	uint32_t line; /* among all I/O APICs' */
	bool level, low_active;
};

struct acpi_info {
	/* Sleep state S5: write the types there; a port of 0 is none. */
	bool can_power_off;
	uint16_t pm1a_control, pm1b_control;
	uint8_t sleep_type_a, sleep_type_b; /* 0..7 */
	/* Writing acpi_enable there gives these ports to us; 0: ours already */
	uint16_t smi_command;
	uint8_t acpi_enable;

	bool can_reset;
	struct acpi_register reset;
	uint8_t reset_value;

	struct acpi_ioapic ioapic[ACPI_IOAPICS_MAX];
	unsigned ioapic_count;
	struct acpi_line isa[ACPI_ISA_LINES]; /* identity without overrides */
};

/*
 * Reads the tables below the root pointer at `rsdp`, physical; 0: looks for it
 * where a BIOS leaves it.  NULL, or why there is no ACPI; a table that is
 * absent or damaged leaves its part of *info at zero.
 */
const char *acpi_read(uint64_t rsdp, struct acpi_info *info, boot_reach *reach);

/*
 * Switch the machine off, and reset it.  They return if there is no way, or if
 * it has led nowhere.  A reset register in memory counts as none.  Any context.
 */
void acpi_power_off(const struct acpi_info *acpi);
void acpi_reset(const struct acpi_info *acpi);

#endif
