/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * shutdown.c - the end of the machine: by ACPI.
 *
 * A machine that can't switch itself off halts.  It isn't reset: it would boot
 * again from its disk, and again.
 */
#include "arch/cpu.h"
#include "arch/io.h"
#include "arch/page_init.h"
#include "pc/pc.h"
#include "machine.h"

static uint16_t debug_exit;

void platform_set_debug_exit(uint16_t port)
{
	debug_exit = port;
}

static _Noreturn void halt(void)
{
	static const char text[] =
	    "halvm: the machine can't be switched off; it stands still\n";

	platform_log(text, sizeof text - 1);
	for (;;)
		__asm__ volatile("cli; hlt");
}

_Noreturn void platform_shutdown(enum shutdown_reason reason, int status)
{
	irq_disable();
	/* The loader's information was damaged: the early tables still hold. */
	if (!firmware.was_read)
		firmware_read(NULL, page_early);
	if (reason == SHUTDOWN_REBOOT) {
		acpi_reset(&firmware.acpi);
		pc_reset();
	}
	if (debug_exit)
		port_out8(debug_exit, (uint8_t)status);
	acpi_power_off(&firmware.acpi);
	halt();
}
