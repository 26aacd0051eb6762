/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * platform.c - the vmware target's platform: a PC with BIOS or EFI, ACPI and
 * PCI, VMware's or another.  Nothing of it depends on VMware's own devices.
 */
#include "arch/page_init.h"
#include "pc/pc.h"
#include "machine.h"

static struct vmware_machine machine;

void platform_log(const char *text, size_t n)
{
	pc_log(text, n);
}

_Noreturn void platform_start(uint64_t magic, uint64_t information,
			      uint64_t tsc)
{
	struct boot_info *info = pc_boot_info(magic, information, tsc);

	/* Not in RAM, so out of reach when the final tables are there. */
	firmware_read(info, page_early);
	boot_main(info);
}

const struct vmware_machine *vmware_machine(void)
{
	return &machine;
}

void platform_init(const struct boot_info *info, void (*on_timer)(void))
{
	hypervisor_find(&firmware.smbios, &machine);
	machine.product = firmware.smbios.product;
	machine.acpi_error = firmware.acpi_error;
	if (firmware.acpi.can_power_off)
		machine.power_off_port = firmware.acpi.pm1a_control;
	if (!firmware.acpi_error)
		pc_irq_setup(&firmware.acpi);
	pc_timer_init(on_timer, machine.apic_hz);
	vmware_clock_init(info, &machine);
}
