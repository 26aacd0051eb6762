/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_open.c - system calls that open or make a file by its path.
 */
#include "provide/files.h"
#include "provide/wrap.h"

/* Only console.c's, if it is there. */
__attribute__((__weak__)) long provide_console_open(const char *path,
						    unsigned flags);

/* A console of a provider's by the names of the target's. -ENXIO: no. */
static long open_console(long path, uint32_t flags)
{
	if (!provide_console_open || provide_bad(path))
		return -ENXIO;
	return provide_console_open((const char *)path, flags);
}

static long open_at(struct provide_path *p, long dirfd, long path, long flags,
		    long mode)
{
	long r = path_find(p, dirfd, path, 0);

	if (r)
		return r;
	if (p->mount)
		return file_open(p, (uint32_t)flags, (uint32_t)mode);
	r = open_console(p->name, (uint32_t)flags);
	return r == -ENXIO ? -ENOSYS : r;
}

WRAP_ALWAYS3(open, path, flags, mode)
{
	struct provide_path p;
	long r = open_at(&p, AT_FDCWD, path, flags, mode);

	return r == -ENOSYS && !p.mount ? target(open, p.name, flags, mode) : r;
}

WRAP_ALWAYS4(openat, dirfd, path, flags, mode)
{
	struct provide_path p;
	long r = open_at(&p, dirfd, path, flags, mode);

	return r == -ENOSYS && !p.mount
		   ? target(openat, p.dirfd, p.name, flags, mode)
		   : r;
}

WRAP_ALWAYS2(creat, path, mode)
{
	const long flags = O_CREAT | O_WRONLY | O_TRUNC;
	struct provide_path p;
	long r = open_at(&p, AT_FDCWD, path, flags, mode);

	return r == -ENOSYS && !p.mount ? target(creat, p.name, mode) : r;
}

/* Opens, does nothing or truncates, closes. */
static long open_for(const struct provide_path *p, uint32_t flags,
		     uint32_t mode, int64_t size)
{
	const struct halvm_files_provider *t = mount_enter(p->mount);
	halvm_handle h = 0;
	long r;

	if (!t)
		return -EDEADLK;
	r = file_result(
	    t->open(p->text, flags, mode & 07777 & ~umask_now(), &h), 0);
	if (r)
		return r;
	if (!h)
		return -EIO;
	if (size >= 0)
		r = t->truncate ? file_result(t->truncate(h, (uint64_t)size), 0)
				: -EROFS;
	t->close(h);
	return r;
}

WRAP_ALWAYS2(truncate, path, size)
{
	struct provide_path p;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(truncate, p.name, size);
	return size < 0 ? -EINVAL : open_for(&p, O_WRONLY, 0, size);
}

WRAP2(ftruncate, fd, size)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	const struct halvm_files_provider *t;
	uint32_t flags;
	long r = -EINVAL;

	if (!f)
		return target(ftruncate, fd, size);
	flags = provide_flags(f);
	t = mount_enter(f->mount);
	if (flags & O_PATH)
		r = -EBADF;
	else if (!t)
		r = -EDEADLK;
	else if (size >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		r = t->truncate
			? file_result(t->truncate(f->handle, (uint64_t)size), 0)
			: -EROFS;
	provide_put(f);
	return r;
}

static long make_node(struct provide_path *p, long mode)
{
	uint32_t type = (uint32_t)mode & S_IFMT;

	if (type && type != S_IFREG)
		return -EPERM;
	if (p->folder)
		return -ENOENT;
	return open_for(p, O_CREAT | O_EXCL | O_WRONLY, (uint32_t)mode, -1);
}

WRAP_ALWAYS3(mknod, path, mode, device)
{
	struct provide_path p;
	long r = path_find(&p, AT_FDCWD, path, PATH_LAST);

	if (r)
		return r;
	return p.mount ? make_node(&p, mode)
		       : target(mknod, p.name, mode, device);
}

WRAP4(mknodat, dirfd, path, mode, device)
{
	struct provide_path p;
	long r = path_find(&p, dirfd, path, PATH_LAST);

	if (r)
		return r;
	return p.mount ? make_node(&p, mode)
		       : target(mknodat, p.dirfd, p.name, mode, device);
}
