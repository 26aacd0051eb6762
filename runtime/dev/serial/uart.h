/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * uart.h - the serial port of a PC as a console: 16550 and its heirs.
 */
#ifndef DEV_SERIAL_UART_H
#define DEV_SERIAL_UART_H

#include "bus.h"
#include "console.h"

/* The first port of a PC: COM1. */
#define UART_COM1_PORT 0x3f8
#define UART_COM1_IRQ 4
#define UART_PORTS 8 /* registers */

/*
 * Sets up the port that `device` (BUS_PORTS) tells of, 8 bits, no parity, the
 * highest speed, and returns a console that can send at once; NULL if no port
 * is there.  There is one such console; call it once, before interrupts.
 */
struct console *uart_open(const struct bus_device *device);

#endif
