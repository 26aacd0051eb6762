/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * serial.c - the serial port of a PC, for machines that have one.
 */
#include "boot/machine.h"
#include "dev/serial/uart.h"

struct console *boot_serial(void)
{
	static const struct bus_device com1 = {
	    .kind = BUS_PORTS,
	    .base = UART_COM1_PORT,
	    .size = UART_PORTS,
	    .irq = UART_COM1_IRQ,
	};

	return uart_open(&com1);
}
