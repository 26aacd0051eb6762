/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_io.c - system calls that read and write, of descriptors of any kind.
 */
#include "provide/provide.h"
#include "provide/wrap.h"

#define RWF_ALL (RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_APPEND)

long provide_vector_size(const struct abi_iovec *v, unsigned count)
{
	size_t sum = 0;

	if (count > ABI_IOV_MAX)
		return -EINVAL;
	for (unsigned i = 0; i < count; i++) {
		if (v[i].size > (size_t)INT64_MAX - sum)
			return -EINVAL;
		sum += v[i].size;
	}
	return sum > ABI_RW_MAX ? (long)ABI_RW_MAX : (long)sum;
}

static long check(const struct provide_file *f, const struct provide_io *io,
		  bool writes)
{
	uint32_t flags = provide_flags(f);
	uint32_t mode = flags & O_ACCMODE;
	long n;

	if (flags & O_PATH || mode == (writes ? O_RDONLY : O_WRONLY))
		return -EBADF;
	if (io->at != PROVIDE_AT_POSITION && f->kind != PROVIDE_FILE)
		return -ESPIPE;
	if (io->at < 0 && io->at != PROVIDE_AT_POSITION)
		return -EINVAL;
	if (io->how & ~(uint32_t)RWF_ALL)
		return -EOPNOTSUPP;
	if (io->count && provide_bad((long)io->vec))
		return -EFAULT;
	n = provide_vector_size(io->vec, io->count);
	for (unsigned i = 0; n > 0 && i < io->count; i++)
		if (io->vec[i].size && provide_bad((long)io->vec[i].base))
			return -EFAULT;
	return n < 0 ? n : 0;
}

long provide_transfer(struct provide_file *f, const struct provide_io *io,
		      bool writes)
{
	long r = check(f, io, writes);

	if (r == 0)
		r = writes ? f->ops->write(f, io) : f->ops->read(f, io);
	return r;
}

/* Of a buffer; the description's reference goes. */
static long one(struct provide_file *f, long buf, long n, int64_t at,
		bool writes)
{
	struct abi_iovec v = {(void *)buf, (size_t)n};
	struct provide_io io = {&v, 1, at, 0};
	long r;

	if (v.size > ABI_RW_MAX)
		v.size = ABI_RW_MAX;
	r = provide_transfer(f, &io, writes);
	provide_put(f);
	return r;
}

static long many(struct provide_file *f, long vec, long count, int64_t at,
		 long how, bool writes)
{
	struct provide_io io = {(const struct abi_iovec *)vec, (unsigned)count,
				at, (uint32_t)how};
	long r = -EINVAL;

	if (count >= 0 && count <= ABI_IOV_MAX)
		r = provide_transfer(f, &io, writes);
	provide_put(f);
	return r;
}

/* An offset of a call: a negative one is none. */
static int64_t place(long offset)
{
	return offset < 0 ? -1 : offset;
}

WRAP3(read, fd, buf, n)
{
	struct provide_file *f = provide_get(fd);

	return f ? one(f, buf, n, PROVIDE_AT_POSITION, false)
		 : target(read, fd, buf, n);
}

WRAP3(write, fd, buf, n)
{
	struct provide_file *f = provide_get(fd);

	return f ? one(f, buf, n, PROVIDE_AT_POSITION, true)
		 : target(write, fd, buf, n);
}

WRAP4(pread64, fd, buf, n, offset)
{
	struct provide_file *f = provide_get(fd);

	return f ? one(f, buf, n, place(offset), false)
		 : target(pread64, fd, buf, n, offset);
}

WRAP4(pwrite64, fd, buf, n, offset)
{
	struct provide_file *f = provide_get(fd);

	return f ? one(f, buf, n, place(offset), true)
		 : target(pwrite64, fd, buf, n, offset);
}

WRAP3(readv, fd, vec, count)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, PROVIDE_AT_POSITION, 0, false)
		 : target(readv, fd, vec, count);
}

WRAP3(writev, fd, vec, count)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, PROVIDE_AT_POSITION, 0, true)
		 : target(writev, fd, vec, count);
}

/* On a 64-bit machine the low half of the offset is all of it. */
WRAP5(preadv, fd, vec, count, offset, high)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, place(offset), 0, false)
		 : target(preadv, fd, vec, count, offset, high);
}

WRAP5(pwritev, fd, vec, count, offset, high)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, place(offset), 0, true)
		 : target(pwritev, fd, vec, count, offset, high);
}

/* Here -1 is the description's position. */
static int64_t place2(long offset)
{
	return offset == -1 ? PROVIDE_AT_POSITION : place(offset);
}

WRAP6(preadv2, fd, vec, count, offset, high, how)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, place2(offset), how, false)
		 : target(preadv2, fd, vec, count, offset, high, how);
}

WRAP6(pwritev2, fd, vec, count, offset, high, how)
{
	struct provide_file *f = provide_get(fd);

	return f ? many(f, vec, count, place2(offset), how, true)
		 : target(pwritev2, fd, vec, count, offset, high, how);
}
