/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Machines that boot from a disk: see run.h.
 *
 * The image and all that it is told lie on a disk of disk.h's kind, a temporary
 * file. The machine looks like VMware's as far as QEMU can do that: the
 * backdoor port, the names in SMBIOS, a disk on a controller that VMware has,
 * and nothing of QEMU's own to end it by. A guest powers off by ACPI.
 */
#include "config.h"
#include "run_qemu.h"

#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where Debian's package ovmf has it: the whole of it, for -bios. */
#define OVMF_FILE "/usr/share/ovmf/OVMF.fd"
/* OVMF 2022.11 finds no room for itself in less. */
enum { UEFI_MEMORY_MIN = 48u << 20 };

/*
 * A guest knows VMware by these names in SMBIOS, and by a serial number that
 * is the machine's UUID in this form (VMware's knowledge base, 1009458).
 */
#define UUID "564d4861-4c56-4d20-0000-000000000001"
#define SERIAL "VMware-56 4d 48 61 4c 56 4d 20-00 00 00 00 00 00 00 01"
#define SMBIOS                                                                 \
	"type=1,manufacturer=VMware,, Inc.,product=VMware Virtual Platform,"   \
	"version=None,serial=" SERIAL ",uuid=" UUID

/* Room for arguments and environment (runtime: the module's longest, 1 MiB). */
enum { DISK_LINE_MAX = (1 << 20) - 1 };

static const char *firmware_file(void)
{
	const char *env = getenv("HALVM_OVMF");
	const char *path = env && *env ? env : OVMF_FILE;

	if (access(path, R_OK) == 0)
		return path;
	if (env && *env)
		die(EXIT_FAILED, "HALVM_OVMF names '%s', which can't be read",
		    path);
	die(EXIT_FAILED,
	    "--firmware=uefi: there is no '%s'; install OVMF (Debian: the "
	    "package ovmf), or set HALVM_OVMF to its path",
	    path);
}

static enum run_controller controller(const struct run_args *a)
{
	if (a->controller != CONTROLLER_AUTO)
		return a->controller;
	return a->firmware == FIRMWARE_UEFI ? CONTROLLER_AHCI
					    : CONTROLLER_PVSCSI;
}

/* Q35 has AHCI in the place of IDE. */
static bool is_q35(const char *machine)
{
	return strncmp(machine, "q35", 3) == 0 ||
	       strncmp(machine, "pc-q35", 6) == 0;
}

static void refuse_disk(const struct run_plan *p)
{
	const struct run_args *a = p->args;

	if (a->controller != CONTROLLER_AUTO || a->firmware != FIRMWARE_AUTO)
		die(EXIT_USAGE,
		    "%s: '%s' is for %s, whose images boot without a disk",
		    a->controller != CONTROLLER_AUTO ? "--disk-controller"
						     : "--firmware",
		    a->image, p->target->name);
}

void run_disk_check(const struct run_plan *p)
{
	const struct run_args *a = p->args;
	enum run_controller c = controller(a);

	if (!target_boots_disk(p->target)) {
		refuse_disk(p);
		return;
	}
	char *machine = target_machine(p->target, a->machine);

	if (a->console == CONSOLE_VIRTIO)
		die(EXIT_USAGE,
		    "--console=virtio: a machine for %s has a serial port only",
		    p->target->name);
	if (a->firmware == FIRMWARE_UEFI &&
	    (c == CONTROLLER_PVSCSI || c == CONTROLLER_LSI))
		die(EXIT_USAGE,
		    "--disk-controller=%s: UEFI has no driver for it; "
		    "--firmware=uefi boots from ahci or ide",
		    c == CONTROLLER_LSI ? "lsi" : "pvscsi");
	if (c == CONTROLLER_IDE && is_q35(machine))
		die(EXIT_USAGE,
		    "--disk-controller=ide: the machine %s has none, pc has",
		    machine);
	if (a->firmware == FIRMWARE_UEFI &&
	    run_memory_size(a->memory) < UEFI_MEMORY_MIN)
		die(EXIT_FAILED, "--memory=%s: UEFI needs %uM at least",
		    a->memory, UEFI_MEMORY_MIN >> 20);
	free(machine);
}

/* Nothing is written to a disk that isn't ours. */
static void drive(const struct run_plan *p, struct strlist *argv)
{
	const struct run_disk_file *f = p->file;
	char *file = run_option_value(p->disk);

	strlist_push(argv, "-drive");
	if (f && f->size)
		strlist_pushf(argv,
			      "if=none,id=disk,driver=%s,snapshot=on,"
			      "file.driver=raw,file.offset=%llu,file.size=%llu,"
			      "file.file.driver=file,file.file.filename=%s",
			      f->format, (unsigned long long)f->at,
			      (unsigned long long)f->size, file);
	else
		strlist_pushf(argv, "if=none,id=disk,format=%s,%sfile=%s",
			      f ? f->format : "raw",
			      f && !f->is_cd ? "snapshot=on," : "", file);
	free(file);
}

static void disk_device(struct strlist *argv, const char *protocol,
			const char *kind, const char *bus)
{
	strlist_push(argv, "-device");
	strlist_pushf(argv, "%s-%s,bus=%s.0,drive=disk,bootindex=0", protocol,
		      kind, bus);
}

static void drive_options(const struct run_plan *p, const char *machine,
			  struct strlist *argv)
{
	const char *kind = p->file && p->file->is_cd ? "cd" : "hd";

	drive(p, argv);
	switch (controller(p->args)) {
	case CONTROLLER_AUTO:
	case CONTROLLER_PVSCSI:
		run_push2(argv, "-device", "pvscsi,id=disks");
		disk_device(argv, "scsi", kind, "disks");
		break;
	case CONTROLLER_LSI:
		run_push2(argv, "-device", "lsi53c895a,id=disks");
		disk_device(argv, "scsi", kind, "disks");
		break;
	case CONTROLLER_AHCI:
		if (!is_q35(machine))
			run_push2(argv, "-device", "ich9-ahci,id=disks");
		disk_device(argv, "ide", kind,
			    is_q35(machine) ? "ide" : "disks");
		break;
	case CONTROLLER_IDE:
		disk_device(argv, "ide", kind, "ide");
		break;
	}
}

void run_disk_options(const struct run_plan *p, const char *machine,
		      struct strlist *argv)
{
	run_push2(argv, "-uuid", UUID);
	run_push2(argv, "-smbios", SMBIOS);
	if (p->args->firmware == FIRMWARE_UEFI)
		run_push2(argv, "-bios", firmware_file());
	/* A disk that doesn't boot makes a reset, and so the machine's end. */
	run_push2(argv, "-boot", "menu=off,strict=on,reboot-timeout=0");
	drive_options(p, machine, argv);
}

static char *guest_line(const struct run_plan *p)
{
	return run_guest_line(p, " halvm.console=serial0", DISK_LINE_MAX);
}

char *run_disk_make(const struct run_plan *p)
{
	char *path = path_join(temp_dir(), "disk.raw");
	char *line = guest_line(p);
	struct disk_contents c = {
	    .image = p->image,
	    .root = p->initrd,
	    .command_line = line,
	    .reboot = true,
	    .firmware =
		p->args->firmware == FIRMWARE_UEFI ? DISK_EFI : DISK_BIOS,
	};

	disk_write(&c, path);
	free(line);
	return path;
}

char *run_disk_dry(const struct run_plan *p, struct strlist *argv)
{
	char *path = xasprintf("%s.raw", p->image);
	char *line = guest_line(p);

	strlist_push(argv, "halvm-image");
	strlist_push(argv, "--format=raw");
	strlist_push(argv, p->args->firmware == FIRMWARE_UEFI
			       ? "--firmware=uefi"
			       : "--firmware=bios");
	strlist_push(argv, "--reboot");
	strlist_pushf(argv, "--command-line=%s", line);
	if (p->initrd)
		strlist_pushf(argv, "--root=%s", p->initrd);
	strlist_pushf(argv, "--output=%s", path);
	strlist_push(argv, p->image);
	free(line);
	return path;
}
