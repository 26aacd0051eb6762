/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * uio.c - copies between the runtime and scattered buffers, most of them the
 * program's.  Any context where arch/user.h may be used; no locks.
 */
#include "io/file.h"
#include "arch/user.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

enum direction { TO_UIO, FROM_UIO, ZEROS };

static int copy(const struct uio *u, char *at, void *buf, size_t n,
		enum direction direction)
{
	if (u->kernel) {
		if (direction == TO_UIO)
			memcpy(at, buf, n);
		else if (direction == FROM_UIO)
			memcpy(buf, at, n);
		else
			memset(at, 0, n);
		return 0;
	}
	if (direction == TO_UIO)
		return user_write(at, buf, n);
	if (direction == FROM_UIO)
		return user_read(buf, at, n);
	return user_zero(at, n);
}

/* buf is not used for zeros. */
static int transfer(struct uio *u, char *buf, size_t n,
		    enum direction direction)
{
	struct uio next = *u;

	next.left -= n;
	while (n > 0) {
		size_t part = next.vec->size - next.done_in_first;
		int error;

		if (part == 0) {
			next.vec++;
			next.count--;
			next.done_in_first = 0;
			continue;
		}
		if (part > n)
			part = n;
		error = copy(&next, (char *)next.vec->base + next.done_in_first,
			     buf, part, direction);
		if (error)
			return error;
		next.done_in_first += part;
		if (buf)
			buf += part;
		n -= part;
	}
	*u = next;
	return 0;
}

int uio_write(struct uio *to, const void *from, size_t n)
{
	return transfer(to, (char *)(uintptr_t)from, n, TO_UIO);
}

int uio_read(void *to, struct uio *from, size_t n)
{
	return transfer(from, to, n, FROM_UIO);
}

int uio_write_zeros(struct uio *to, size_t n)
{
	return transfer(to, NULL, n, ZEROS);
}

void uio_init_kernel(struct uio *u, struct abi_iovec *vec, void *buf, size_t n)
{
	*vec = (struct abi_iovec){buf, n};
	*u = (struct uio){
	    .vec = vec,
	    .count = 1,
	    .left = n,
	    .kernel = true,
	};
}
