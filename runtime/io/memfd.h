/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memfd.h - files in memory without a name, and what seals them
 * (memfd_create(2), fcntl(2)).
 */
#ifndef IO_MEMFD_H
#define IO_MEMFD_H

#include <stdint.h>

#define MEMFD_NAME_MAX 249
#define MFD_CLOEXEC 1
#define MFD_ALLOW_SEALING 2

struct file;

/* MFD_*.  -EINVAL, -ENOMEM. */
int memfd_create(uint32_t flags, struct file **file);

/* F_GET_SEALS, F_ADD_SEALS.  -EINVAL (no such file), -EPERM. */
int memfd_get_seals(struct file *f);
int memfd_add_seals(struct file *f, uint32_t seals);

#endif
