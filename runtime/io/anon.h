/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * anon.h - what stat says of files that no file system knows: pipes, sockets,
 * eventfds.
 */
#ifndef IO_ANON_H
#define IO_ANON_H

#include "arch/page.h"
#include "halvm/abi/stat.h"
#include "lib/string.h"

/* Linux's for the anonymous inode of eventfd and its kin. */
#define ANON_MODE 0600
/* A device number of its own, so that st_dev and st_ino name the file. */
#define ANON_DEVICE 10

/* Their number is their object's address: it is nobody else's meanwhile. */
static inline int anon_stat(struct abi_stat *st, uint32_t mode,
			    const void *object)
{
	memset(st, 0, sizeof(*st));
	st->dev = ANON_DEVICE;
	st->ino = (uintptr_t)object & INT64_MAX;
	st->nlink = 1;
	st->mode = mode;
	st->block_size = PAGE_SIZE;
	return 0;
}

#endif
