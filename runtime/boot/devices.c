/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devices.c - which device feeds which layer.
 */
#include "boot/boot.h"
#include "core/panic.h"
#include "dev/serial/uart.h"
#include "io/stdio.h"

static struct console *find_serial(void)
{
	static const struct bus_device com1 = {
	    .kind = BUS_PORTS,
	    .base = UART_COM1_PORT,
	    .size = UART_PORTS,
	    .irq = UART_COM1_IRQ,
	};

	return uart_open(&com1);
}

void boot_devices(const struct boot_options *options)
{
	struct stdio_config config = {
	    .console = find_serial(),
	    .framed = options->framed,
	    .rows = options->rows,
	    .columns = options->columns,
	};
	int error;

	for (int i = 0; i < 3; i++)
		config.is_pipe[i] = options->is_pipe[i];
	if (stdio_init(&config))
		panic(NULL, "no memory for the console");
	error = stdio_start();
	if (error)
		log_line(LOG_WARNING, "%s: no interrupt, no input: error %d",
			 config.console->name, -error);
}
