/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Disks in QEMU's format qcow2, version 3: without compression, clusters of
 * zeros left out. Source: QEMU's docs/interop/qcow2.txt.
 */
#ifndef HALVM_DRIVER_QCOW2_H
#define HALVM_DRIVER_QCOW2_H

#include <stdio.h>

#include "disk.h"

/* Errors of `out` are the caller's to look for. */
void qcow2_write(FILE *out, const struct disk *d);

#endif
