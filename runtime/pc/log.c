/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * log.c - words before, and without, any driver.
 */
#include "arch/io.h"
#include "pc/pc.h"

/* QEMU's isa-debugcon; reading the port returns its number. */
#define DEBUGCON 0xe9
/* The first 16550: data, and line status with "transmitter empty". */
#define COM1_DATA 0x3f8
#define COM1_STATUS 0x3fd
#define COM1_EMPTY 0x20
#define COM1_POLLS 100000

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

void pc_log(const char *text, size_t n)
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

_Noreturn void pc_fail(const char *why)
{
	log_string("halvm: panic: ");
	log_string(why);
	log_string("\n");
	platform_shutdown(SHUTDOWN_PANIC, STATUS_PANIC);
}
