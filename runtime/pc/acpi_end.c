/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * acpi_end.c - switching the machine off and resetting it as ACPI says
 * (6.4, 7.4.2.6 for S5, 4.8.3.6 for the reset).
 */
#include "arch/cpu.h"
#include "arch/io.h"
#include "pc/acpi.h"

/* PM1 control register, 4.8.3.2.1. */
#define SCI_ENABLED 0x0001u
#define SLEEP_TYPE_MASK 0x1c00u
#define SLEEP_TYPE_SHIFT 10
#define SLEEP_ENABLE 0x2000u

/* So often is looked whether the firmware is done; some 100 ms. */
#define ENABLE_POLLS 100000
/* And so long is waited for the end. */
#define END_POLLS 1000000

/* Configuration mechanism 1 (PCI 3.0, 3.2.2.3.2). */
#define PCI_CONFIG_ADDRESS 0xcf8
#define PCI_CONFIG_DATA 0xcfc
#define PCI_CONFIG_ENABLE 0x80000000u

/* Firmware that has the registers in its own hands is asked to let go. */
static void take_registers(const struct acpi_info *acpi)
{
	if (!acpi->smi_command || !acpi->acpi_enable ||
	    port_in16(acpi->pm1a_control) & SCI_ENABLED)
		return;
	port_out8(acpi->smi_command, acpi->acpi_enable);
	for (unsigned i = 0; i < ENABLE_POLLS; i++)
		if (port_in16(acpi->pm1a_control) & SCI_ENABLED)
			return;
}

static void put_type(uint16_t port, uint8_t type, unsigned enable)
{
	unsigned value;

	if (!port)
		return;
	value = port_in16(port) & ~(SLEEP_TYPE_MASK | SLEEP_ENABLE);
	value |= (unsigned)type << SLEEP_TYPE_SHIFT | enable;
	port_out16(port, (uint16_t)value);
}

static void wait(void)
{
	for (unsigned i = 0; i < END_POLLS; i++)
		cpu_relax();
}

void acpi_power_off(const struct acpi_info *acpi)
{
	if (!acpi->can_power_off)
		return;
	take_registers(acpi);
	/* Both types first: the machine sleeps when the last is enabled. */
	put_type(acpi->pm1a_control, acpi->sleep_type_a, 0);
	put_type(acpi->pm1b_control, acpi->sleep_type_b, 0);
	put_type(acpi->pm1a_control, acpi->sleep_type_a, SLEEP_ENABLE);
	put_type(acpi->pm1b_control, acpi->sleep_type_b, SLEEP_ENABLE);
	wait();
}

void acpi_reset(const struct acpi_info *acpi)
{
	uint64_t at = acpi->reset.address;

	if (!acpi->can_reset)
		return;
	switch (acpi->reset.space) {
	case ACPI_PORTS:
		port_out8((uint16_t)at, acpi->reset_value);
		break;
	case ACPI_PCI:
		/* Of bus 0: device, function, register, 16 bits each. */
		port_out32(PCI_CONFIG_ADDRESS,
			   PCI_CONFIG_ENABLE | (at >> 32 & 0x1f) << 11 |
			       (at >> 16 & 7) << 8 | (at & 0xfc));
		port_out8((uint16_t)(PCI_CONFIG_DATA + (at & 3)),
			  acpi->reset_value);
		break;
	default:
		return;
	}
	wait();
}
