/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pit.c - channel 2 of the 8254 as a reference for other clocks; its output
 * goes to the speaker, which stays off, and to no interrupt.
 */
#include "arch/clocks.h"
#include "arch/io.h"

#define PIT_CHANNEL2 0x42
#define PIT_COMMAND 0x43
#define COMMAND_START 0xb4 /* channel 2, low then high byte, mode 2 */
#define COMMAND_LATCH 0x80 /* channel 2 */
#define PORT_B 0x61
#define PORT_B_GATE 1
#define PORT_B_SPEAKER 2

void pit_start(void)
{
	port_out8(PORT_B, (port_in8(PORT_B) & ~PORT_B_SPEAKER) | PORT_B_GATE);
	port_out8(PIT_COMMAND, COMMAND_START);
	port_out8(PIT_CHANNEL2, 0);
	port_out8(PIT_CHANNEL2, 0);
}

uint16_t pit_read(void)
{
	uint16_t low;

	port_out8(PIT_COMMAND, COMMAND_LATCH);
	low = port_in8(PIT_CHANNEL2);
	return (uint16_t)(low | port_in8(PIT_CHANNEL2) << 8);
}
