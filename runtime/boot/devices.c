/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devices.c - which device feeds which layer.
 */
#include "boot/devices.h"

#include "dev/serial/uart.h"
#include "halvm/abi/errno.h"
#include "io/stdio.h"

static struct console *find_serial(void)
{
	static const struct bus_device com1 = {
	    .kind = BUS_PORTS,
	    .base = UART_COM1_PORT,
	    .size = 8,
	    .irq = UART_COM1_IRQ,
	};

	return uart_open(&com1);
}

int devices_init(const struct boot_options *options)
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
	error = stdio_init(&config);
	if (error)
		return error;
	boot_options_report(options);
	error = stdio_start();
	if (error)
		log_line(LOG_WARNING, "no input: %s", config.console->name);
	return 0;
}
