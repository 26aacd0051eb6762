/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * reset.c - the ends of the machine that need no firmware, each tried because
 * another machine lacks what the one before it is.
 */
#include "arch/io.h"
#include "pc/pc.h"

/* 8042: pulse the reset line. */
#define KEYBOARD_COMMAND 0x64
#define KEYBOARD_RESET 0xfe
/* Reset control register of the PC chip sets: full reset. */
#define RESET_CONTROL 0xcf9
#define RESET_FULL 0x0e

static void triple_fault(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((__packed__)) none = {0, 0};

	__asm__ volatile("lidt %0; ud2" : : "m"(none));
}

_Noreturn void pc_reset(void)
{
	port_out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
	port_out8(RESET_CONTROL, RESET_FULL);
	triple_fault();
	for (;;)
		__asm__ volatile("cli; hlt");
}
