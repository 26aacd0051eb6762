/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_copy.c - system calls that move a file's bytes elsewhere: sendfile(2),
 * copy_file_range(2), mmap(2), and those that bring them home: fsync(2).
 */
#include "halvm/abi/mman.h"
#include "provide/files.h"
#include "provide/wrap.h"

#define COPY_SIZE 65536

/* One of the two may be the target's: then its description is NULL. */
static long read_some(long fd, struct provide_file *f, void *to, size_t n,
		      int64_t at)
{
	struct abi_iovec v = {to, n};
	struct provide_io io = {&v, 1, at, 0};

	return f ? provide_transfer(f, &io, false)
		 : target(pread64, fd, (long)to, (long)n, at);
}

static long write_some(long fd, struct provide_file *f, void *from, size_t n)
{
	struct abi_iovec v = {from, n};
	struct provide_io io = {&v, 1, PROVIDE_AT_POSITION, 0};

	return f ? provide_transfer(f, &io, true)
		 : target(write, fd, (long)from, (long)n);
}

/* Bytes from *at on, till it would block or the end; *at moves on. */
static long copy(long out, struct provide_file *to, long in,
		 struct provide_file *from, int64_t *at, size_t n)
{
	char *buffer = provide_alloc(COPY_SIZE);
	size_t done = 0;
	long r = 0;

	if (!buffer)
		return -ENOMEM;
	while (done < n) {
		size_t part = n - done < COPY_SIZE ? n - done : COPY_SIZE;

		r = read_some(in, from, buffer, part, *at);
		if (r > 0)
			r = write_some(out, to, buffer, (size_t)r);
		if (r <= 0)
			break;
		done += (size_t)r;
		*at += r;
	}
	provide_free(buffer, COPY_SIZE);
	return done ? (long)done : r;
}

static long send(long out, struct provide_file *to, long in,
		 struct provide_file *from, int64_t *offset, size_t n)
{
	int64_t at;
	long r;

	if (from && from->kind != PROVIDE_FILE)
		return -EINVAL;
	if (to && provide_flags(to) & O_APPEND)
		return -EINVAL;
	if (offset)
		at = *offset;
	else
		at = from ? __atomic_load_n(&from->position, __ATOMIC_ACQUIRE)
			  : target(lseek, in, 0, SEEK_CUR);
	if (at < 0)
		return -EINVAL;
	r = copy(out, to, in, from, &at, n);
	if (r <= 0)
		return r;
	if (offset)
		*offset = at;
	else if (from)
		__atomic_store_n(&from->position, at, __ATOMIC_RELEASE);
	else
		target(lseek, in, at, SEEK_SET);
	return r;
}

WRAP4(sendfile, out, in, offset, n)
{
	struct provide_file *to = provide_get(out), *from = provide_get(in);
	size_t size = (size_t)n < ABI_RW_MAX ? (size_t)n : ABI_RW_MAX;
	long r;

	if (!to && !from)
		return target(sendfile, out, in, offset, n);
	if (offset && provide_bad(offset))
		r = -EFAULT;
	else
		r = send(out, to, in, from, (int64_t *)offset, size);
	provide_put(to);
	provide_put(from);
	return r;
}

/* Callers fall back on read and write. */
WRAP6(copy_file_range, in, in_at, out, out_at, n, how)
{
	struct provide_file *from = provide_get(in), *to = provide_get(out);
	bool ours = from || to;

	provide_put(from);
	provide_put(to);
	return ours ? -EXDEV
		    : target(copy_file_range, in, in_at, out, out_at, n, how);
}

/* Reads the file into new memory, as far as it goes. */
static long fill(struct provide_file *f, char *to, size_t n, int64_t at)
{
	size_t done = 0;
	long r = 1;

	while (done < n && r > 0) {
		r = read_some(-1, f, to + done, n - done, at + (int64_t)done);
		if (r > 0)
			done += (size_t)r;
	}
	return r < 0 ? r : 0;
}

/* A copy: what others write to the file later doesn't show. */
static long map(struct provide_file *f, long address, long n, long protection,
		long how, long offset)
{
	long type = how & ABI_MAP_TYPE, p, r;
	uint32_t flags = provide_flags(f);

	if (flags & O_PATH)
		return -EBADF;
	if (n <= 0 || offset < 0 || offset & 4095)
		return -EINVAL;
	if ((flags & O_ACCMODE) == O_WRONLY)
		return -EACCES;
	if (f->kind != PROVIDE_FILE || !S_ISREG(f->mode) ||
	    (type != ABI_MAP_PRIVATE && protection & ABI_PROT_WRITE))
		return -ENODEV;
	how = (how & ~ABI_MAP_TYPE) | ABI_MAP_PRIVATE | ABI_MAP_ANONYMOUS;
	p = target(mmap, address, n, ABI_PROT_READ | ABI_PROT_WRITE, how, -1,
		   0);
	if (p < 0 && p >= -4095)
		return p;
	r = fill(f, (char *)p, (size_t)n, offset);
	if (r == 0 && protection != (ABI_PROT_READ | ABI_PROT_WRITE))
		r = target(mprotect, p, n, protection);
	if (r == 0)
		return p;
	target(munmap, p, n);
	return r;
}

WRAP_ALWAYS6(mmap, address, n, protection, how, fd, offset)
{
	struct provide_file *f =
	    how & ABI_MAP_ANONYMOUS ? NULL : provide_get(fd);
	long r;

	if (!f)
		return target(mmap, address, n, protection, how, fd, offset);
	r = map(f, address, n, protection, how, offset);
	provide_put(f);
	return r;
}

WRAP4(fallocate, fd, how, offset, n)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);

	if (!f)
		return target(fallocate, fd, how, offset, n);
	provide_put(f);
	return -EOPNOTSUPP;
}

/* 1: the target's. */
static long sync_file(long fd, int only_data)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	const struct halvm_files_provider *t;
	long r = 0;

	if (!f)
		return 1;
	t = mount_enter(f->mount);
	if (provide_flags(f) & O_PATH)
		r = -EBADF;
	else if (!t)
		r = -EDEADLK;
	else if (t->sync)
		r = file_result(t->sync(f->handle, only_data), 0);
	provide_put(f);
	return r;
}

WRAP1(fsync, fd)
{
	long r = sync_file(fd, 0);

	return r == 1 ? target(fsync, fd) : r;
}

WRAP1(fdatasync, fd)
{
	long r = sync_file(fd, 1);

	return r == 1 ? target(fdatasync, fd) : r;
}

WRAP1(syncfs, fd)
{
	long r = sync_file(fd, 0);

	return r == 1 ? target(syncfs, fd) : r;
}
