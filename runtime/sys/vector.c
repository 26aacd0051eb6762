/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vector.c - vectors of buffers that the program hands over.
 */
#include "sys/vector.h"
#include "arch/user.h"
#include "core/heap.h"
#include "halvm/abi/errno.h"

long vector_read(struct vector *v, long vec, long count)
{
	struct abi_iovec *to = v->few;
	size_t left = 0;

	if (count < 0 || count > ABI_IOV_MAX)
		return -EINVAL;
	v->many = NULL;
	if (count > VECTOR_FEW) {
		v->many = heap_alloc((size_t)count * sizeof(*to));
		if (!v->many)
			return -ENOMEM;
		to = v->many;
	}
	if (user_read(to, (const void *)vec, (size_t)count * sizeof(*to))) {
		vector_free(v);
		return -EFAULT;
	}
	for (long i = 0; i < count; i++) {
		if (to[i].size > INT64_MAX) {
			vector_free(v);
			return -EINVAL;
		}
		if (to[i].size > ABI_RW_MAX - left)
			to[i].size = ABI_RW_MAX - left;
		left += to[i].size;
	}
	v->uio = (struct uio){
	    .vec = to,
	    .count = (unsigned)count,
	    .left = left,
	};
	return 0;
}

void vector_free(struct vector *v)
{
	heap_free(v->many);
}
