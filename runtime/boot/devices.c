/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devices.c - which device feeds which layer, on any machine.
 */
#include "boot/boot.h"
#include "boot/machine.h"
#include "core/panic.h"
#include "io/stdio.h"

#define TELLERS_MAX 2

static void (*tellers[TELLERS_MAX])(int status);
static unsigned teller_count;

static void tell(int status)
{
	for (unsigned i = 0; i < teller_count; i++)
		tellers[i](status);
}

void boot_tell_status(void (*fn)(int status))
{
	if (teller_count == 0 && status_output)
		tellers[teller_count++] = status_output;
	if (teller_count < TELLERS_MAX)
		tellers[teller_count++] = fn;
	status_output = tell;
}

void boot_devices(const struct boot_options *options)
{
	struct stdio_config config = {
	    .framed = options->framed,
	    .rows = options->rows,
	    .columns = options->columns,
	};
	int error;

	config.console = machine_console(options);
	for (int i = 0; i < 3; i++) {
		config.is_pipe[i] = options->is_pipe[i];
		config.is_closed[i] = options->is_closed[i];
	}
	if (stdio_init(&config))
		panic(NULL, "no memory for the console");
	error = stdio_start();
	if (error)
		log_line(LOG_WARNING, "%s: no interrupt, no input: error %d",
			 config.console->name, -error);
	machine_start(options);
}
