/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * shutdown.c - the end of the machine: by QEMU's isa-debug-exit, by ACPI, by
 * the reset of keyboard controller and chip set, at last by a triple fault,
 * each tried because another machine lacks what the one before it is.
 */
#include "arch/cpu.h"
#include "arch/io.h"
#include "kvm.h"

/* PM1a control block of QEMU's PIIX4 and ICH9 (hw/acpi); sleep type 0 is S5. */
#define ACPI_PM1A_CONTROL 0x604
#define ACPI_SLEEP_ENABLE 0x2000
/* 8042: pulse the reset line. */
#define KEYBOARD_COMMAND 0x64
#define KEYBOARD_RESET 0xfe
/* Reset control register of the PC chip sets: full reset. */
#define RESET_CONTROL 0xcf9
#define RESET_FULL 0x0e

static uint16_t debug_exit;

void platform_set_debug_exit(uint16_t port)
{
	debug_exit = port;
}

static void triple_fault(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((__packed__)) none = {0, 0};

	__asm__ volatile("lidt %0; ud2" : : "m"(none));
}

_Noreturn void platform_shutdown(enum shutdown_reason reason, int status)
{
	irq_disable();
	if (reason != SHUTDOWN_REBOOT) {
		if (debug_exit)
			port_out8(debug_exit, (uint8_t)status);
		port_out16(ACPI_PM1A_CONTROL, ACPI_SLEEP_ENABLE);
	}
	port_out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
	port_out8(RESET_CONTROL, RESET_FULL);
	triple_fault();
	for (;;)
		__asm__ volatile("cli; hlt");
}
