/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_open.c - open, creat, openat, memfd_create, lseek, flock, umask.
 */
#include "arch/user.h"
#include "core/process.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/memfd.h"
#include "sys/path.h"
#include "sys/sys.h"

#define MODE_BITS 07777
#define UMASK_BITS 0777

static long open_at(long dir, long path, long flags, long mode)
{
	struct sys_path p;
	struct file *f;
	int error, fd = fd_reserve(0);

	if (fd < 0)
		return fd;
	error = sys_path_get(&p, dir, path);
	if (!error && !p.base && !p.text[0])
		error = -ENOENT;
	if (!error)
		error = vfs_open(p.base, p.text, (uint32_t)flags,
				 (uint32_t)mode & MODE_BITS, &f);
	sys_path_put(&p);
	if (error) {
		fd_unreserve(fd);
		return error;
	}
	fd_fill(fd, f, flags & O_CLOEXEC);
	return fd;
}

SYSCALL_SLEEP3(open, path, flags, mode)
{
	return open_at(AT_FDCWD, path, flags, mode);
}

SYSCALL_SLEEP4(openat, dir, path, flags, mode)
{
	return open_at(dir, path, flags, mode);
}

SYSCALL_SLEEP2(creat, path, mode)
{
	return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

SYSCALL_SLEEP2(memfd_create, name, flags)
{
	char text[MEMFD_NAME_MAX + 1];
	struct file *f;
	long n = user_read_string(text, (const char *)name, sizeof(text));
	int error;

	if (n < 0)
		return n == -ENAMETOOLONG ? -EINVAL : n;
	error = memfd_create((uint32_t)flags, &f);
	return error ? error : fd_install(f, 0, flags & MFD_CLOEXEC);
}

SYSCALL_SLEEP3(lseek, fd, offset, whence)
{
	struct file *f = fd_get_open((int)fd);
	long r = -ESPIPE;

	if (!f)
		return -EBADF;
	if (f->ops->seek) {
		mutex_lock(&f->pos_lock);
		r = f->ops->seek(f, offset, (int)whence);
		mutex_unlock(&f->pos_lock);
	}
	file_put(f);
	return r;
}

SYSCALL_SLEEP2(flock, fd, operation)
{
	struct file *f = fd_get_open((int)fd);
	int error;

	if (!f)
		return -EBADF;
	error = lock_file(f, (int)operation);
	file_put(f);
	return error;
}

SYSCALL1(umask, mask)
{
	return __atomic_exchange_n(&process.umask, (uint32_t)mask & UMASK_BITS,
				   __ATOMIC_RELAXED);
}
