/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_status.c - system calls that ask what a file is: stat(2) and its kin,
 * statx(2), access(2), statfs(2).
 */
#include "halvm/abi/statfs.h"
#include "lib/string.h"
#include "provide/files.h"
#include "provide/wrap.h"

/* What the file system is called (statfs's f_type): "HaLV". */
#define PROVIDER_MAGIC 0x48614c56

struct provide_file *path_empty(long dirfd, long path, long how)
{
	if (!(how & AT_EMPTY_PATH) || provide_bad(path) || *(const char *)path)
		return NULL;
	return provide_get(dirfd);
}

/* Follows a link in any case if the path says that it is a folder. */
static long stat_path(struct provide_path *p, bool follow, struct abi_stat *to)
{
	struct halvm_file_status s;
	long r = path_status(p, follow || p->folder, &s);

	if (r == 0 && p->folder && !S_ISDIR(s.mode))
		r = -ENOTDIR;
	if (r == 0)
		status_fill(p->mount, &s, to);
	return r;
}

/* The result of an open one; its reference goes.  -ENOSYS: the target's. */
static long stat_open(struct provide_file *f, struct abi_stat *to)
{
	long r = f->ops->status ? f->ops->status(f, to) : -ENOSYS;

	provide_put(f);
	return r;
}

WRAP_ALWAYS2(stat, path, to)
{
	struct provide_path p;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(stat, p.name, to);
	return provide_bad(to) ? -EFAULT
			       : stat_path(&p, true, (struct abi_stat *)to);
}

WRAP_ALWAYS2(lstat, path, to)
{
	struct provide_path p;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(lstat, p.name, to);
	return provide_bad(to) ? -EFAULT
			       : stat_path(&p, false, (struct abi_stat *)to);
}

WRAP2(fstat, fd, to)
{
	struct provide_file *f = provide_get(fd);
	long r = -ENOSYS;

	if (f && provide_bad(to)) {
		provide_put(f);
		return -EFAULT;
	}
	if (f)
		r = stat_open(f, (struct abi_stat *)to);
	return r == -ENOSYS ? target(fstat, fd, to) : r;
}

/* By path or descriptor. -ENOSYS: the target's, p says whose. */
static long stat_any(struct provide_path *p, long dirfd, long path, long how,
		     struct abi_stat *to)
{
	struct provide_file *f = path_empty(dirfd, path, how);
	long r;

	p->dirfd = dirfd;
	p->name = path;
	if (f)
		return stat_open(f, to);
	r = path_find(p, dirfd, path, 0);
	if (r)
		return r;
	if (!p->mount)
		return -ENOSYS;
	r = stat_path(p, !(how & AT_SYMLINK_NOFOLLOW), to);
	return r == -ENOSYS ? -EIO : r;
}

WRAP4(newfstatat, dirfd, path, to, how)
{
	struct provide_path p;
	struct abi_stat s;
	long r = stat_any(&p, dirfd, path, how, &s);

	if (r == -ENOSYS)
		return target(newfstatat, p.dirfd, p.name, to, how);
	if (r == 0 && provide_bad(to))
		return -EFAULT;
	if (r == 0)
		memcpy((void *)to, &s, sizeof(s));
	return r;
}

static struct abi_statx_timestamp stamp(struct abi_timespec64 t)
{
	return (struct abi_statx_timestamp){t.sec, (uint32_t)t.nsec, 0};
}

static void statx_fill(struct abi_statx *x, const struct abi_stat *s)
{
	memset(x, 0, sizeof(*x));
	x->mask = STATX_BASIC_STATS;
	x->block_size = (uint32_t)s->block_size;
	x->nlink = (uint32_t)s->nlink;
	x->uid = s->uid;
	x->gid = s->gid;
	x->mode = (uint16_t)s->mode;
	x->ino = s->ino;
	x->size = (uint64_t)s->size;
	x->blocks = (uint64_t)s->blocks;
	x->atime = stamp(s->atime);
	x->ctime = stamp(s->ctime);
	x->mtime = stamp(s->mtime);
	x->rdev_major = ABI_DEV_MAJOR(s->rdev);
	x->rdev_minor = ABI_DEV_MINOR(s->rdev);
	x->dev_major = ABI_DEV_MAJOR(s->dev);
	x->dev_minor = ABI_DEV_MINOR(s->dev);
}

WRAP5(statx, dirfd, path, how, mask, to)
{
	struct provide_path p;
	struct abi_stat s;
	long r = stat_any(&p, dirfd, path, how, &s);

	if (r == -ENOSYS)
		return target(statx, p.dirfd, p.name, how, mask, to);
	if (r)
		return r;
	if (mask & STATX__RESERVED)
		return -EINVAL;
	if (provide_bad(to))
		return -EFAULT;
	statx_fill((struct abi_statx *)to, &s);
	return 0;
}

/*
 * There is one user: a file may be read if anybody may read it.  So the answer
 * is the same on all targets, whoever runs the program.
 */
static long access_of(const struct provide_mount *m,
		      const struct halvm_file_status *s, long wanted)
{
	const struct halvm_files_provider *t = m->table;
	struct halvm_space space = {0};

	if (wanted & ~(long)(R_OK | W_OK | X_OK))
		return -EINVAL;
	if ((wanted & R_OK && !(s->mode & 0444)) ||
	    (wanted & W_OK && !(s->mode & 0222)) ||
	    (wanted & X_OK && !(s->mode & 0111)))
		return -EACCES;
	if (wanted & W_OK && t->space && t->space(&space) == 0 &&
	    space.read_only)
		return -EROFS;
	return 0;
}

/* -ENOSYS: the target's. */
static long access_any(struct provide_path *p, long dirfd, long path,
		       long wanted, long how)
{
	struct provide_file *f = path_empty(dirfd, path, how);
	struct halvm_file_status s;
	long r = -ENOSYS;

	p->dirfd = dirfd;
	p->name = path;
	if (f) {
		if (f->kind == PROVIDE_FILE)
			r = file_status(f, &s);
		if (r == 0)
			r = access_of(f->mount, &s, wanted);
		provide_put(f);
		return r;
	}
	r = path_find(p, dirfd, path, 0);
	if (r)
		return r;
	if (!p->mount)
		return -ENOSYS;
	r = path_status(p, !(how & AT_SYMLINK_NOFOLLOW) || p->folder, &s);
	return r ? r : access_of(p->mount, &s, wanted);
}

WRAP_ALWAYS2(access, path, wanted)
{
	struct provide_path p;
	long r = access_any(&p, AT_FDCWD, path, wanted, 0);

	return r == -ENOSYS ? target(access, p.name, wanted) : r;
}

WRAP3(faccessat, dirfd, path, wanted)
{
	struct provide_path p;
	long r = access_any(&p, dirfd, path, wanted, 0);

	return r == -ENOSYS ? target(faccessat, p.dirfd, p.name, wanted) : r;
}

WRAP4(faccessat2, dirfd, path, wanted, how)
{
	struct provide_path p;
	long r = access_any(&p, dirfd, path, wanted, how);

	return r == -ENOSYS ? target(faccessat2, p.dirfd, p.name, wanted, how)
			    : r;
}

static long space_of(const struct provide_mount *m, struct abi_statfs *to)
{
	const struct halvm_files_provider *t = mount_enter(m);
	struct halvm_space s = {0};
	long r;

	if (!t)
		return -EDEADLK;
	r = t->space ? file_result(t->space(&s), 0) : 0;
	if (r)
		return r;
	memset(to, 0, sizeof(*to));
	to->type = PROVIDER_MAGIC;
	to->block_size = s.block_size ? (int64_t)s.block_size : 4096;
	to->fragment_size = to->block_size;
	to->blocks = s.blocks;
	to->blocks_free = to->blocks_available = s.free_blocks;
	to->files = s.files;
	to->files_free = s.free_files;
	to->id[0] = (int32_t)m->dev;
	to->name_max = s.name_max ? s.name_max : 255;
	to->flags = ST_VALID | (s.read_only ? ST_RDONLY : 0);
	return 0;
}

WRAP_ALWAYS2(statfs, path, to)
{
	struct provide_path p;
	struct halvm_file_status s;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(statfs, p.name, to);
	r = path_status(&p, 1, &s);
	if (r == 0 && provide_bad(to))
		r = -EFAULT;
	return r ? r : space_of(p.mount, (struct abi_statfs *)to);
}

WRAP2(fstatfs, fd, to)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	long r = -EFAULT;

	if (!f)
		return target(fstatfs, fd, to);
	if (!provide_bad(to))
		r = space_of(f->mount, (struct abi_statfs *)to);
	provide_put(f);
	return r;
}
