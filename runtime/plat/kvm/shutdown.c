/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * shutdown.c - the end of the machine: by QEMU's isa-debug-exit, by ACPI, by
 * reset, each tried because another machine lacks what the one before it is.
 */
#include "arch/cpu.h"
#include "arch/io.h"
#include "kvm.h"
#include "pc/pc.h"

/* PM1a control block of QEMU's PIIX4 and ICH9 (hw/acpi); sleep type 0 is S5. */
#define ACPI_PM1A_CONTROL 0x604
#define ACPI_SLEEP_ENABLE 0x2000

static uint16_t debug_exit;

void platform_set_debug_exit(uint16_t port)
{
	debug_exit = port;
}

_Noreturn void platform_shutdown(enum shutdown_reason reason, int status)
{
	irq_disable();
	if (reason != SHUTDOWN_REBOOT) {
		if (debug_exit)
			port_out8(debug_exit, (uint8_t)status);
		port_out16(ACPI_PM1A_CONTROL, ACPI_SLEEP_ENABLE);
	}
	pc_reset();
}
