/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine_vmware.c - the vmware target's machines: the serial port as console,
 * and where there is VMware's RPCI, the host's variables and log.
 *
 *	guestinfo.halvm.args		the program's arguments, in place of
 *					those of the command line
 *	guestinfo.halvm.env		variables, NAME=VALUE, before others
 *	guestinfo.halvm.options		options of boot/options.h, that count
 *					more than those of the command line
 *	guestinfo.halvm.exit-status	set at the end, 0..255; panic: 125
 *
 * The first three are words in the syntax of boot/options.h.  One that isn't
 * set may be a property of the same name in guestinfo.ovfEnv, where vSphere
 * puts what an OVF package was deployed with.
 */
#include "boot/command_line.h"
#include "boot/machine.h"
#include "core/heap.h"
#include "core/panic.h"
#include "dev/pci/pci.h"
#include "dev/vmware/guestinfo.h"
#include "dev/vmware/ovfenv.h"
#include "dev/vmware/rpci.h"
#include "lib/format.h"
#include "lib/string.h"
#include "vmware.h"

#define LOG_LINE 160

static bool has_rpci;
/* Told when the log has an output. */
static int args_error, env_error, options_error;

/* The variable, or else the property. */
static int get_value(const char *name, const char *document, char **value)
{
	char key[sizeof "guestinfo.halvm." + GUESTINFO_NAME_MAX];
	int error = guestinfo_get(name, value);

	if (error || *value || !document)
		return error;
	format(key, sizeof key, "guestinfo.halvm.%s", name);
	*value = ovfenv_property(document, key);
	return 0;
}

const char *machine_command_line(const char *line)
{
	char *options, *environment, *arguments, *document, *joined = NULL;

	has_rpci = rpci_present();
	if (!has_rpci)
		return line;
	if (guestinfo_get_ovf(&document))
		document = NULL;
	args_error = get_value("args", document, &arguments);
	env_error = get_value("env", document, &environment);
	options_error = get_value("options", document, &options);
	heap_free(document);
	if (arguments || environment || options) {
		struct command_line_more more = {options, environment,
						 arguments};

		joined = command_line_join(line, &more);
		if (!joined)
			panic(NULL, "no memory for the command line");
	}
	heap_free(arguments);
	heap_free(environment);
	heap_free(options);
	return joined ? joined : line;
}

struct console *machine_console(const struct boot_options *options)
{
	(void)options;
	return boot_serial();
}

static void (*console_log)(const char *text, size_t n);
static void (*console_panic)(const char *text, size_t n);

static void log_to_both(const char *text, size_t n)
{
	if (console_log)
		console_log(text, n);
	rpci_log(text, n);
}

/* A panic's text comes in pieces; the host's log has lines. */
static void panic_to_both(const char *text, size_t n)
{
	static char line[LOG_LINE];
	static size_t length;

	if (console_panic)
		console_panic(text, n);
	for (; n; n--, text++) {
		line[length++] = *text;
		if (*text == '\n' || length == sizeof line) {
			rpci_log(line, length);
			length = 0;
		}
	}
}

static void tell_host(int status)
{
	char text[8];

	format(text, sizeof text, "%d", status);
	guestinfo_set("exit-status", text);
}

static void warn(const char *name, int error)
{
	if (error)
		log_line(LOG_WARNING, "guestinfo.halvm.%s: left out: error %d",
			 name, -error);
}

static void use_rpci(void)
{
	console_log = log_output;
	log_output = log_to_both;
	console_panic = panic_output;
	panic_output = panic_to_both;
	boot_tell_status(tell_host);
	warn("args", args_error);
	warn("env", env_error);
	warn("options", options_error);
}

static const char *said(bool yes)
{
	return yes ? "yes" : "no";
}

void machine_start(const struct boot_options *options)
{
	const struct vmware_machine *m = vmware_machine();

	if (has_rpci)
		use_rpci();
	if (options->console != CONSOLE_AUTO &&
	    options->console != CONSOLE_SERIAL0)
		log_line(LOG_WARNING,
			 "halvm.console: this machine has serial0 only");
	log_line(LOG_DEBUG,
		 "VMware: by CPUID %s, by SMBIOS %s, by backdoor %s, RPCI %s",
		 said(m->by_cpuid), said(m->by_smbios), said(m->by_backdoor),
		 said(has_rpci));
	log_line(LOG_DEBUG, "machine '%s': TSC %lu Hz, APIC %lu Hz", m->product,
		 (unsigned long)m->tsc_hz, (unsigned long)m->apic_hz);
	if (m->acpi_error)
		log_line(LOG_WARNING, "%s", m->acpi_error);
	if (!m->power_off_port)
		log_line(LOG_WARNING,
			 "ACPI has no way to switch this machine off");
	else
		log_line(LOG_DEBUG, "ACPI: power off by port 0x%x",
			 m->power_off_port);
	pci_list();
}
