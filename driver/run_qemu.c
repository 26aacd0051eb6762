/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU's command line: see run.h.
 *
 * Nothing comes from the user's configuration of QEMU, and no device is there
 * that isn't named here: what boots today boots in the same way tomorrow.
 */
#include "config.h"
#include "run_qemu.h"

#include "guest_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the guest ends the machine: QEMU's isa-debug-exit. */
#define DEBUG_EXIT_PORT "0xf4"
/* Ports of early messages of the runtime, and of SeaBIOS. */
#define DEBUGCON_PORTS "0xe9", "0x402"

/*
 * Device slots of microvm without ACPI (QEMU's hw/i386/microvm.c): 8 windows
 * of 512 bytes, each with an interrupt of its own. A guest finds them by what
 * the command line says.
 */
enum { MMIO_BASE = 0xfeb00000, MMIO_SIZE = 512, MMIO_IRQ = 5, MMIO_SLOTS = 8 };

/*
 * A guest's command line must fit the buffer of QEMU's loader of PVH images
 * (pc-bios/optionrom/pvh_main.c), with a NUL.
 */
enum { GUEST_LINE_MAX = 4095 };

static bool is_microvm(const char *machine)
{
	return strcmp(machine, "microvm") == 0;
}

char *run_option_value(const char *text)
{
	char *out = xmalloc(2 * strlen(text) + 1), *p = out;

	for (; *text; text++) {
		if (*text == ',')
			*p++ = ',';
		*p++ = *text;
	}
	*p = '\0';
	return out;
}

void run_push2(struct strlist *argv, const char *a, const char *b)
{
	strlist_push(argv, a);
	strlist_push(argv, b);
}

static void machine_options(const struct run_plan *p, const char *machine,
			    struct strlist *argv)
{
	const struct run_args *a = p->args;
	const char *options = "";

	run_push2(argv, "-nodefaults", "-no-user-config");
	strlist_push(argv, "-machine");
	/*
	 * No ACPI tables, which the runtime doesn't read there; the devices of
	 * a PC that it does use.
	 */
	if (is_microvm(machine))
		options = ",acpi=off,pit=on,pic=on,rtc=on,isa-serial=on,"
			  "auto-kernel-cmdline=off";
	else if (p->disk)
		options = ",vmport=on";
	strlist_pushf(argv, "%s%s", machine, options);
	run_push2(argv, "-accel", p->accel == ACCEL_KVM ? "kvm" : "tcg");
	/* With the leaf of frequencies, which a machine that moves hasn't. */
	run_push2(argv, "-cpu",
		  p->accel != ACCEL_KVM ? "max"
		  : p->disk		? "host,migratable=off"
					: "host");
	run_push2(argv, "-m", a->memory);
	strlist_push(argv, "-smp");
	strlist_pushf(argv, "%u", a->cpus);
	run_push2(argv, "-display", "none");
	strlist_push(argv, "-no-reboot");
	if (!p->disk)
		run_push2(argv, "-device",
			  "isa-debug-exit,iobase=" DEBUG_EXIT_PORT ",iosize=4");
}

/* A virtio device; its slot is added to `slots` where the guest must know. */
static void virtio_device(const char *machine, const char *name, unsigned *used,
			  struct strlist *argv)
{
	strlist_push(argv, "-device");
	if (is_microvm(machine))
		strlist_pushf(argv, "%s-device,bus=virtio-mmio-bus.%u", name,
			      *used);
	else
		strlist_pushf(argv, "%s-pci", name);
	++*used;
}

static bool has_serial_console(const struct run_plan *p)
{
	return p->disk || p->args->console == CONSOLE_SERIAL;
}

static void console_options(const struct run_plan *p, const char *machine,
			    unsigned *used, struct strlist *argv)
{
	/* Ctrl-C is the guest's, if halvm-run brings it there. */
	run_push2(argv, "-chardev",
		  p->file ? "stdio,id=console" : "stdio,id=console,signal=off");
	if (has_serial_console(p)) {
		run_push2(argv, "-serial", "chardev:console");
		return;
	}
	virtio_device(machine, "virtio-serial", used, argv);
	/* A virtconsole would drop what we are slow to read. */
	run_push2(argv, "-device", "virtserialport,nr=1,chardev=console");
}

/* The firmware's and the runtime's early messages, into the log. */
static void log_options(const struct run_plan *p, struct strlist *argv)
{
	static const char *const ports[] = {DEBUGCON_PORTS};
	char *file;

	if (!p->args->log)
		return;
	file = run_option_value(p->args->log);
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		strlist_push(argv, "-chardev");
		strlist_pushf(argv, "file,id=log%zu,append=on,path=%s", i,
			      file);
		strlist_push(argv, "-device");
		strlist_pushf(argv, "isa-debugcon,iobase=%s,chardev=log%zu",
			      ports[i], i);
	}
	free(file);
}

/*
 * What the guest is told of its devices, each word with a blank before it: of
 * microvm's it finds none by itself.
 */
static char *device_words(const struct run_plan *p, const char *machine,
			  unsigned used)
{
	char *words =
	    xasprintf(" halvm.console=%s halvm.debug-exit=" DEBUG_EXIT_PORT,
		      has_serial_console(p) ? "serial0" : "virtio0");

	for (unsigned i = 0; i < used && is_microvm(machine); i++) {
		char *word = xasprintf(
		    " halvm.virtio-mmio=%d@%#x:%u", MMIO_SIZE,
		    (unsigned)MMIO_BASE + i * MMIO_SIZE, MMIO_IRQ + i);
		guest_line_text(&words, word);
		free(word);
	}
	return words;
}

/* The image as the kernel, with its command line. */
static void kernel_options(const struct run_plan *p, const char *machine,
			   unsigned used, struct strlist *argv)
{
	run_push2(argv, "-kernel", p->image);
	if (p->initrd)
		run_push2(argv, "-initrd", p->initrd);
	/* What was asked of QEMU itself may fill any slot. */
	char *devices =
	    device_words(p, machine, p->args->qemu_args.n ? MMIO_SLOTS : used);
	char *line = run_guest_line(p, devices, GUEST_LINE_MAX);
	run_push2(argv, "-append", line);
	free(line);
	free(devices);
}

void run_qemu_command(const struct run_plan *p, struct strlist *argv)
{
	static const char *const names[] = {"qemu-system-x86_64", NULL};
	const struct run_args *a = p->args;
	char *machine = target_machine(p->target, a->machine);
	unsigned used = 0;

	if (a->qemu)
		strlist_push(argv, a->qemu);
	else
		strlist_push(argv,
			     host_tool("HALVM_QEMU", names,
				       "QEMU for x86 (Debian: the package "
				       "qemu-system-x86)"));
	machine_options(p, machine, argv);
	console_options(p, machine, &used, argv);
	log_options(p, argv);
	if (a->gdb) {
		strlist_push(argv, "-S");
		strlist_push(argv, "-gdb");
		strlist_pushf(argv, "tcp:127.0.0.1:%u", a->gdb);
	}
	if (p->disk)
		run_disk_options(p, machine, argv);
	else
		kernel_options(p, machine, used, argv);
	strlist_append(argv, &a->qemu_args);
	free(machine);
}
