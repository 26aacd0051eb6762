/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rw.c - system calls that read and write: read(2), readv(2), pread(2),
 * preadv2(2), sendfile(2) and their counterparts.
 *
 * A call moves at most ABI_RW_MAX bytes.  Nothing is locked here.
 */
#include "sys/sys.h"
#include "halvm/abi/uio.h"
#include "io/file.h"
#include "sys/vector.h"

typedef long rw_fn(struct file *f, struct uio *u, uint64_t *at);

/* Reads or writes one buffer. */
static long rw_one(long fd, long buf, long n, uint64_t *at, rw_fn *fn)
{
	struct abi_iovec vec = {(void *)buf, (size_t)n};
	struct uio u = {.vec = &vec, .count = 1};
	struct file *f;
	long r;

	if (vec.size > ABI_RW_MAX)
		vec.size = ABI_RW_MAX;
	u.left = vec.size;
	f = fd_get_open((int)fd);
	if (!f)
		return -EBADF;
	r = fn(f, &u, at);
	file_put(f);
	return r;
}

static long rw_vector(long fd, long vec, long count, uint64_t *at, rw_fn *fn)
{
	struct vector v;
	struct file *f = fd_get_open((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = vector_read(&v, vec, count);
	if (r == 0) {
		r = fn(f, &v.uio, at);
		vector_free(&v);
	}
	file_put(f);
	return r;
}

SYSCALL_SLEEP3(read, fd, buf, n)
{
	return rw_one(fd, buf, n, NULL, file_read);
}

SYSCALL_SLEEP3(write, fd, buf, n)
{
	return rw_one(fd, buf, n, NULL, file_write);
}

SYSCALL_SLEEP4(pread64, fd, buf, n, offset)
{
	uint64_t at = (uint64_t)offset;

	return offset < 0 ? -EINVAL : rw_one(fd, buf, n, &at, file_read);
}

SYSCALL_SLEEP4(pwrite64, fd, buf, n, offset)
{
	uint64_t at = (uint64_t)offset;

	return offset < 0 ? -EINVAL : rw_one(fd, buf, n, &at, file_write);
}

SYSCALL_SLEEP3(readv, fd, vec, count)
{
	return rw_vector(fd, vec, count, NULL, file_read);
}

SYSCALL_SLEEP3(writev, fd, vec, count)
{
	return rw_vector(fd, vec, count, NULL, file_write);
}

/* On a 64-bit machine the low half of the offset is all of it. */
SYSCALL_SLEEP5(preadv, fd, vec, count, offset, high)
{
	uint64_t at = (uint64_t)offset;

	(void)high;
	return offset < 0 ? -EINVAL : rw_vector(fd, vec, count, &at, file_read);
}

SYSCALL_SLEEP5(pwritev, fd, vec, count, offset, high)
{
	uint64_t at = (uint64_t)offset;

	(void)high;
	return offset < 0 ? -EINVAL
			  : rw_vector(fd, vec, count, &at, file_write);
}

/*
 * Files with a place are in memory: they never wait, and a flag that says not
 * to has nothing to change.  Others refuse it, as on Linux those do that can't.
 */
static long rw_flags(long fd, long how)
{
	struct file *f;
	bool waits;

	if (how & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT))
		return -EOPNOTSUPP;
	if (!(how & RWF_NOWAIT))
		return 0;
	f = fd_get_open((int)fd);
	if (!f)
		return -EBADF;
	waits = !f->has_pos;
	file_put(f);
	return waits ? -EOPNOTSUPP : 0;
}

SYSCALL_SLEEP6(preadv2, fd, vec, count, offset, high, how)
{
	uint64_t at = (uint64_t)offset;
	long r = rw_flags(fd, how);

	(void)high;
	if (r)
		return r;
	if (offset < -1)
		return -EINVAL;
	return rw_vector(fd, vec, count, offset == -1 ? NULL : &at, file_read);
}

static long sync_after(long fd, long r)
{
	struct file *f = fd_get_open((int)fd);
	int error = 0;

	if (f && f->ops->sync)
		error = f->ops->sync(f);
	if (f)
		file_put(f);
	return error ? error : r;
}

SYSCALL_SLEEP6(pwritev2, fd, vec, count, offset, high, how)
{
	uint64_t at = (uint64_t)offset;
	long r = rw_flags(fd, how);

	(void)high;
	if (r)
		return r;
	if (offset < -1)
		return -EINVAL;
	r = rw_vector(fd, vec, count, offset == -1 ? NULL : &at, file_write);
	if (r > 0 && (how & (RWF_DSYNC | RWF_SYNC)))
		r = sync_after(fd, r);
	return r;
}
