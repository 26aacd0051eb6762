/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing .vmx: see vm.h. A file of lines KEY = "VALUE"; in a value, | and two
 * hexadecimal digits stand for a byte.
 */
#include "config.h"
#include "vm.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

static void put(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s = \"", key);
	for (const unsigned char *p = (const void *)value; *p; p++) {
		if (*p < ' ' || *p == '"' || *p == '|' || *p == 0x7f)
			fprintf(out, "|%02X", *p);
		else
			fputc(*p, out);
	}
	fputs("\"\n", out);
}

static void put_number(FILE *out, const char *key, uint64_t value)
{
	fprintf(out, "%s = \"%llu\"\n", key, (unsigned long long)value);
}

/* The root port is where a PCI Express device such as pvscsi is. */
static void put_fixed(FILE *out)
{
	static const char *const lines[][2] = {
	    {"pciBridge0.present", "TRUE"},
	    {"pciBridge4.present", "TRUE"},
	    {"pciBridge4.virtualDev", "pcieRootPort"},
	    {"pciBridge4.functions", "8"},
	    {"vmci0.present", "FALSE"},
	    {"hpet0.present", "TRUE"},
	    {"floppy0.present", "FALSE"},
	    {"sound.present", "FALSE"},
	    {"usb.present", "FALSE"},
	    {"scsi0.present", "TRUE"},
	    {"scsi0.virtualDev", "pvscsi"},
	    {"scsi0:0.present", "TRUE"},
	    {"scsi0:0.deviceType", "scsi-hardDisk"},
	    /* No tools: power off is power off. */
	    {"powerType.powerOff", "hard"},
	    {"powerType.reset", "hard"},
	    /* Moved or copied, as most are: that isn't worth a question. */
	    {"uuid.action", "create"},
	    {"tools.syncTime", "FALSE"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		put(out, lines[i][0], lines[i][1]);
}

static void put_serial(FILE *out, const struct vm *vm)
{
	char *file = vm_file_name(vm->name);
	char *name = xasprintf("%s.serial", file);
	const char *serial = vm->serial ? vm->serial : name;
	bool pipe = str_starts(serial, "pipe:");

	put(out, "serial0.present", "TRUE");
	put(out, "serial0.startConnected", "TRUE");
	put(out, "serial0.fileType", pipe ? "pipe" : "file");
	put(out, "serial0.fileName", pipe ? serial + 5 : serial);
	if (pipe) {
		put(out, "serial0.pipe.endPoint", "server");
		put(out, "serial0.tryNoRxLoss", "TRUE");
	}
	put(out, "serial0.yieldOnMsrRead", "TRUE");
	free(name);
	free(file);
}

static void put_network(FILE *out, const char *network)
{
	static const char *const kinds[] = {"bridged", "hostonly", "nat"};
	bool known = false;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		known = known || strcmp(network, kinds[i]) == 0;
	put(out, "ethernet0.present", "TRUE");
	put(out, "ethernet0.virtualDev", "vmxnet3");
	put(out, "ethernet0.addressType", "generated");
	put(out, "ethernet0.startConnected", "TRUE");
	/* Of Workstation's networks, or of ESXi's by their names. */
	if (known)
		put(out, "ethernet0.connectionType", network);
	else
		put(out, "ethernet0.networkName", network);
}

void vmx_write(FILE *out, const struct vm *vm, const char *disk)
{
	put(out, ".encoding", "UTF-8");
	put(out, "config.version", "8");
	put_number(out, "virtualHW.version", VM_HARDWARE);
	put(out, "displayName", vm->name);
	put(out, "guestOS", "other-64");
	put(out, "firmware", vm->efi ? "efi" : "bios");
	if (vm->efi)
		put(out, "uefi.secureBoot.enabled", "FALSE");
	put_number(out, "numvcpus", vm->cpus);
	put_number(out, "memSize", vm_mebibytes(vm));
	put_fixed(out);
	put(out, "scsi0:0.fileName", disk);
	put_serial(out, vm);
	if (vm->network)
		put_network(out, vm->network);
}
