/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/abi/uio.h - vectors of buffers, as in Linux on x86-64 (linux/uio.h,
 * linux/fs.h; readv(2)).
 */
#ifndef HALVM_ABI_UIO_H
#define HALVM_ABI_UIO_H

#include <stddef.h>

struct abi_iovec {
	void *base;
	size_t size;
};

#define ABI_IOV_MAX 1024

/* No call moves more bytes than this: INT_MAX, by pages. */
#define ABI_RW_MAX 0x7ffff000UL

/* Flags of preadv2 and pwritev2. */
#define RWF_HIPRI 1
#define RWF_DSYNC 2
#define RWF_SYNC 4
#define RWF_NOWAIT 8
#define RWF_APPEND 16

#endif
