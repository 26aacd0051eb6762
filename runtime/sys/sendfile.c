/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sendfile.c - sendfile(2): from a file with a place to any other.
 */
#include "sys/sys.h"
#include "arch/user.h"
#include "core/heap.h"
#include "halvm/abi/uio.h"
#include "io/file.h"

#define PIECE 16384

static long write_piece(struct file *out, void *buf, size_t n)
{
	struct abi_iovec vec;
	struct uio u;

	uio_init_kernel(&u, &vec, buf, n);
	return file_write(out, &u, NULL);
}

/* Copies until n bytes are through, `in` ends, or something stops it. */
static long copy(struct file *out, struct file *in, uint64_t *pos, size_t n,
		 void *buf)
{
	size_t done = 0;
	long r = 0;

	while (done < n) {
		size_t part = n - done < PIECE ? n - done : PIECE;
		struct abi_iovec vec;
		struct uio u;
		uint64_t at = *pos;
		long got;

		uio_init_kernel(&u, &vec, buf, part);
		got = r = file_read(in, &u, &at);
		if (r <= 0)
			break;
		r = write_piece(out, buf, (size_t)got);
		if (r <= 0)
			break;
		done += (size_t)r;
		*pos += (uint64_t)r;
		if (r < got)
			break;
	}
	return done ? (long)done : r;
}

/* From the file's own place, which no one else moves meanwhile. */
static long copy_from_place(struct file *out, struct file *in, size_t n,
			    void *buf)
{
	uint64_t pos;
	long r;

	mutex_lock(&in->pos_lock);
	pos = in->pos;
	mutex_unlock(&in->pos_lock);
	r = copy(out, in, &pos, n, buf);
	if (r > 0) {
		mutex_lock(&in->pos_lock);
		in->pos = pos;
		mutex_unlock(&in->pos_lock);
	}
	return r;
}

static long copy_from(struct file *out, struct file *in, long offset, size_t n,
		      void *buf)
{
	int64_t at;
	uint64_t pos;
	long r;

	if (!offset)
		return copy_from_place(out, in, n, buf);
	if (user_read(&at, (void *)offset, sizeof(at)))
		return -EFAULT;
	if (at < 0)
		return -EINVAL;
	pos = (uint64_t)at;
	r = copy(out, in, &pos, n, buf);
	if (r >= 0 && user_write((void *)offset, &pos, sizeof(pos)))
		return -EFAULT;
	return r;
}

static long send_file(struct file *out, struct file *in, long offset, size_t n)
{
	void *buf;
	long r;

	if (!file_can_read(in) || !file_can_write(out))
		return -EBADF;
	if (!in->has_pos)
		return offset ? -ESPIPE : -EINVAL;
	if (file_flags(out) & O_APPEND)
		return -EINVAL;
	if (n > ABI_RW_MAX)
		n = ABI_RW_MAX;
	buf = heap_alloc(PIECE);
	if (!buf)
		return -ENOMEM;
	r = copy_from(out, in, offset, n, buf);
	heap_free(buf);
	return r;
}

SYSCALL_SLEEP4(sendfile, out_fd, in_fd, offset, n)
{
	struct file *in = fd_get_open((int)in_fd);
	struct file *out = in ? fd_get_open((int)out_fd) : NULL;
	long r = -EBADF;

	if (in && out)
		r = send_file(out, in, offset, (size_t)n);
	if (in)
		file_put(in);
	if (out)
		file_put(out);
	return r;
}
