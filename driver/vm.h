/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptions of a virtual machine for VMware: what hardware there is for the
 * disk of an image.
 *
 *   vm.c       names and sizes
 *   vm_vmx.c   a configuration, .vmx, beside the disk
 *   vm_ovf.c   a descriptor of the Open Virtualization Format
 *   vm_ova.c   that, its manifest and the disk in one file
 *
 * All describe the same: virtual hardware 13 (ESXi 6.5, Workstation 14, Fusion
 * 10), a paravirtual SCSI adapter with the disk, a serial port, and nothing
 * else but what a machine always has.
 */
#ifndef HALVM_DRIVER_VM_H
#define HALVM_DRIVER_VM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "disk.h"

enum { VM_HARDWARE = 13 };

struct vm {
	const char *name; /* for people: anything vm_name_check() takes */
	uint64_t memory;  /* bytes; whole MiB are given, rounded up to 4 */
	unsigned cpus;
	bool efi;
	const char *serial;  /* file, or pipe:NAME; NULL: NAME.serial */
	const char *network; /* of a vmxnet3 adapter; NULL: none */
};

/* NULL, or what is wrong with the name. */
const char *vm_name_check(const char *name);
/* The name, for files and identifiers: odd characters become -. Caller frees.
 */
char *vm_file_name(const char *name);
/* The unit of both formats. */
uint64_t vm_mebibytes(const struct vm *vm);

/* Of all of these, errors of the stream are the caller's to look for. */

/* `disk` is the disk's file, seen from the configuration's folder. */
void vmx_write(FILE *out, const struct vm *vm, const char *disk);

/* `disk` is the file's name, `len` its length. */
void ovf_write(FILE *out, const struct vm *vm, const struct disk *d,
	       const char *disk, uint64_t len);

/* An archive of the descriptor, the manifest, and the disk as VMDK. */
void ova_write(FILE *out, const struct vm *vm, const struct disk *d);

#endif
