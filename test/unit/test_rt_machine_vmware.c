/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * boot/machine_vmware.c: what a VMware host says of the command line, and is
 * told at the end.  The host is vmware_host.h's, as QEMU has none with RPCI.
 */
#include "check.h"
#include "vmware_host.h"

#include "boot/machine.h"
#include "core/heap.h"
#include "core/panic.h"
#include "dev/pci/pci.h"
#include "host.h"
#include "platform.h"
#include "vmware.h"

/* --- The rest of boot, of dev and of the platform --- */

static struct vmware_machine machine;
static void (*told)(int status);
static unsigned scans;

const struct vmware_machine *vmware_machine(void)
{
	return &machine;
}

struct console *boot_serial(void)
{
	return NULL;
}

void boot_tell_status(void (*fn)(int status))
{
	told = fn;
}

void pci_list(void)
{
	scans++;
}

/* --- Tests --- */

static struct boot_options o;
static const char *line;
static bool allocated;

static void start(void)
{
	host_reset();
	told = NULL;
	log_output = NULL;
	panic_output = NULL;
	if (allocated)
		heap_free((void *)(uintptr_t)line);
	allocated = false;
}

static void parse(const char *base)
{
	line = machine_command_line(base);
	allocated = line != base;
	boot_options_free(&o);
	if (boot_options_parse(line, &o) != 0)
		host_fail("no memory");
}

static void test_line(void)
{
	static const char base[] = "halvm.cwd=/d halvm.env=A=disk -- x y";

	start();
	parse(base);
	check(!allocated && host.opened > 0, "no variables: the disk's line");
	start();
	host.no_rpci = true;
	parse(base);
	check(!allocated && host.steps == 2, "no RPCI: asked once");
	start();
	host.absent = true;
	parse(base);
	check(!allocated && host.steps == 0, "no VMware: not asked");

	start();
	host_variable("guestinfo.halvm.args", "one \"two three\"");
	host_variable("guestinfo.halvm.env", "A=host B=2");
	host_variable("guestinfo.halvm.options", "halvm.cwd=/h");
	parse(base);
	check(o.argument_count == 3, "arguments of the host's");
	check_str(o.arguments[2], "two three", "with their quotes");
	check_str(o.environment[0], "A=host", "the host's variables first");
	check(o.environment_count == 3, "and the disk's");
	check_str(o.cwd, "/h", "options that count more");
	check(host.opened == host.closed && !host.protocol_errors,
	      "channels are closed");
}

static void test_package(void)
{
	start();
	host_variable("guestinfo.ovfEnv",
		      "<Property oe:key=\"guestinfo.halvm.args\" "
		      "oe:value=\"&quot;a b&quot; c\"/>"
		      "<Property oe:key=\"guestinfo.halvm.env\" "
		      "oe:value=\"A=package\"/>");
	host_variable("guestinfo.halvm.env", "A=host");
	parse("-- x");
	check(o.argument_count == 3, "a package's property");
	check_str(o.arguments[1], "a b", "with its quotes");
	check_str(o.environment[0], "A=host", "a variable counts more");
}

static char console[512];

static void put(const char *text, size_t n)
{
	strncat(console, text, n);
}

static void test_start(void)
{
	start();
	host_variable("guestinfo.halvm.args", "x");
	parse("");
	console[0] = '\0';
	log_output = put;
	panic_output = put;
	log_level = LOG_DEBUG;
	machine_start(&o);
	log_level = LOG_WARNING;
	check(scans == 1, "devices are listed");
	check(told, "somebody wants the exit status");
	log_output("halvm: a line\n", 14);
	check_str(console, "halvm: a line\n", "the log goes to the console");
	check_str(host.log, "halvm: a line\n", "and to the host's");
	host.log[0] = '\0';
	panic_output("halvm: pan", 10);
	check_str(host.log, "", "pieces of a panic wait for the line's end");
	panic_output("ic\nmore", 7);
	check_str(host.log, "halvm: panic\n", "a line of a panic");
	panic_output("\n", 1);
	check_str(host.log, "halvm: panic\nmore\n", "and the next");
	check_str(console, "halvm: a line\nhalvm: panic\nmore\n",
		  "all of it on the console");

	told(42);
	check_str(host.set_name, "guestinfo.halvm.exit-status", "exit status");
	check_str(host.set_value, "42", "its number");
	host.refuse_set = true;
	told(STATUS_PANIC);
	check(host.opened == host.closed, "refused: nothing happens");
}

static void test_elsewhere(void)
{
	start();
	host.no_rpci = true;
	parse("");
	log_output = put;
	machine_start(&o);
	check(!told && log_output == put && !panic_output,
	      "without RPCI nobody is told");
}

int main(void)
{
	machine.product = "VMware7,1";
	machine.power_off_port = 0x1004;
	test_line();
	test_package();
	test_start();
	test_elsewhere();
	start();
	boot_options_free(&o);
	return check_done();
}
