/* SPDX-License-Identifier: BSD-3-Clause */
/* Xenstore, as a program of dom0 reads it. */
#ifndef HALVM_DRIVER_XENSTORE_H
#define HALVM_DRIVER_XENSTORE_H

/*
 * The value of a node, as a string that the caller frees; NULL if it isn't
 * there or can't be read, with errno ENOENT or what was in the way.
 */
char *xenstore_read(const char *path);

#endif
