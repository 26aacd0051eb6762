/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Disks in VMware's format VMDK, as one file with its descriptor in it. Source:
 * VMware, "Virtual Disk Format 5.0".
 */
#ifndef HALVM_DRIVER_VMDK_H
#define HALVM_DRIVER_VMDK_H

#include <stdio.h>

#include "disk.h"

enum vmdk_kind {
	VMDK_SPARSE, /* monolithicSparse: to run from */
	VMDK_STREAM  /* streamOptimized: compressed, to move; OVF's */
};

/*
 * `name` is the file's own, which its descriptor names. The content's numbers
 * follow from what is on the disk. Errors of `out` are the caller's to look
 * for.
 */
void vmdk_write(FILE *out, const struct disk *d, enum vmdk_kind kind,
		const char *name);

#endif
