/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * platform.c - the kvm target's platform: QEMU's PC machines (microvm, pc,
 * q35) with or without KVM below.
 */
#include "arch/apic.h"
#include "arch/clocks.h"
#include "arch/cpu.h"
#include "arch/io.h"
#include "arch/page_init.h"
#include "kvm.h"

/* QEMU's isa-debugcon; reading the port returns its number. */
#define DEBUGCON 0xe9
/* The first 16550: data, and line status with "transmitter empty". */
#define COM1_DATA 0x3f8
#define COM1_STATUS 0x3fd
#define COM1_EMPTY 0x20
#define COM1_POLLS 100000

#define STATUS_BOOT_FAILED STATUS_PANIC

static void log_char(char c, bool debugcon)
{
	if (debugcon) {
		port_out8(DEBUGCON, (uint8_t)c);
		return;
	}
	for (unsigned i = 0; i < COM1_POLLS; i++)
		if (port_in8(COM1_STATUS) & COM1_EMPTY)
			break;
	port_out8(COM1_DATA, (uint8_t)c);
}

void platform_log(const char *text, size_t n)
{
	bool debugcon = port_in8(DEBUGCON) == DEBUGCON;

	for (size_t i = 0; i < n; i++)
		log_char(text[i], debugcon);
}

static void log_string(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	platform_log(text, n);
}

/* entry.S */
_Noreturn void kvm_start(uint64_t magic, uint64_t information, uint64_t tsc);
_Noreturn void kvm_start(uint64_t magic, uint64_t information, uint64_t tsc)
{
	static struct boot_info info;
	const char *error;

	info.command_line = "";
	info.entry_tsc = tsc;
	error = magic == MULTIBOOT2_MAGIC
		    ? multiboot2_read(information, &info, page_early)
		    : pvh_read(information, &info, page_early);
	if (error) {
		log_string("halvm: panic: ");
		log_string(error);
		log_string("\n");
		platform_shutdown(SHUTDOWN_PANIC, STATUS_BOOT_FAILED);
	}
	boot_main(&info);
}

void platform_init(const struct boot_info *info, void (*on_timer)(void))
{
	pic_disable();
	if (!lapic_init()) {
		log_string("halvm: panic: the machine has no local APIC\n");
		platform_shutdown(SHUTDOWN_PANIC, STATUS_BOOT_FAILED);
	}
	kvm_clock_init(info, on_timer);
}
