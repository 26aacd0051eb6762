/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine_xen.c - what a PVH guest of Xen has: a console, and xenstore, by
 * which dom0 asks for its end and is told the exit status.
 */
#include "boot/machine.h"
#include "core/panic.h"
#include "core/signal.h"
#include "dev/xen/control.h"
#include "dev/xen/store.h"
#include "dev/xen/xen_console.h"
#include "halvm/abi/signal.h"

const char *machine_command_line(const char *line)
{
	return line;
}

struct console *machine_console(const struct boot_options *options)
{
	struct console *c = xen_console_open();

	if (!c)
		panic(NULL, "the domain has no console");
	if (options->console != CONSOLE_AUTO)
		log_line(LOG_WARNING, "halvm.console: there is only xen0");
	return c;
}

/* xl shutdown and xl reboot; in interrupt context. */
static void end_requested(void)
{
	signal_send(NULL, ABI_SIGTERM, NULL);
}

void machine_start(const struct boot_options *options)
{
	int error = xenstore_open();

	(void)options;
	if (!error)
		error = xenstore_start();
	if (error) {
		log_line(LOG_WARNING, "no xenstore: error %d", -error);
		return;
	}
	xen_control_start(end_requested);
	boot_tell_status(xen_control_tell_status);
}
