/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vector.h - vectors of buffers that the program hands over: readv(2),
 * sendmsg(2).
 */
#ifndef SYS_VECTOR_H
#define SYS_VECTOR_H

#include "io/file.h"

#define VECTOR_FEW 8

struct vector {
	struct uio uio;
	struct abi_iovec few[VECTOR_FEW];
	struct abi_iovec *many; /* of the heap, or NULL */
};

/*
 * Copies `count` entries from the program's memory, cutting what is beyond
 * ABI_RW_MAX bytes.  0, -EINVAL (count, or a size that isn't a ssize_t),
 * -EFAULT, -ENOMEM; then there is nothing to free.
 */
long vector_read(struct vector *v, long vec, long count);
void vector_free(struct vector *v);

#endif
