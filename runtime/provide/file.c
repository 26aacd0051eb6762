/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file.c - files of a provider as such: opened, closed, and what they are.
 */
#include "provide/files.h"
#include "lib/string.h"

#define NS 1000000000

/* What F_SETFL changes, and F_GETFL tells. */
#define KEPT                                                                   \
	(O_ACCMODE | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC | O_ASYNC |      \
	 O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME |       \
	 O_PATH)

static struct abi_timespec64 time_of(int64_t ns)
{
	struct abi_timespec64 t = {ns / NS, ns % NS};

	if (t.nsec < 0) {
		t.sec--;
		t.nsec += NS;
	}
	return t;
}

void status_fill(const struct provide_mount *m,
		 const struct halvm_file_status *s, struct abi_stat *to)
{
	memset(to, 0, sizeof(*to));
	to->dev = m->dev;
	to->ino = s->inode;
	to->nlink = s->links;
	to->mode = s->mode;
	to->uid = s->uid;
	to->gid = s->gid;
	to->size = (int64_t)s->size;
	to->block_size = 4096;
	to->blocks = (int64_t)s->blocks;
	to->atime = time_of(s->atime);
	to->mtime = time_of(s->mtime);
	to->ctime = time_of(s->ctime);
}

/* Sizes beyond what off_t holds would be negative ones. */
static long checked(long r, const struct halvm_file_status *s)
{
	r = file_result(r, 0);
	return r == 0 && s->size > INT64_MAX ? -EOVERFLOW : r;
}

long path_status(const struct provide_path *p, int follow,
		 struct halvm_file_status *s)
{
	const struct halvm_files_provider *t = mount_enter(p->mount);

	memset(s, 0, sizeof(*s));
	if (!t)
		return -EDEADLK;
	return checked(t->path_status(p->text, follow, s), s);
}

long file_status(struct provide_file *f, struct halvm_file_status *s)
{
	const struct halvm_files_provider *t = mount_enter(f->mount);

	memset(s, 0, sizeof(*s));
	if (!t)
		return -EDEADLK;
	if (f->handle)
		return checked(t->status(f->handle, s), s);
	return checked(
	    t->path_status(f->path, !(provide_flags(f) & O_NOFOLLOW), s), s);
}

long file_path(struct provide_file *f)
{
	const struct halvm_files_provider *t = mount_enter(f->mount);
	struct halvm_file_status s = {0};
	long r = -EDEADLK;

	if (t)
		r = checked(t->path_status(
				f->path, !(provide_flags(f) & O_NOFOLLOW), &s),
			    &s);

	if (r == 0 && s.inode != f->inode)
		r = -ENOENT;
	return r;
}

static long op_status(struct provide_file *f, struct abi_stat *to)
{
	struct halvm_file_status s;
	long r = file_status(f, &s);

	if (r == 0)
		status_fill(f->mount, &s, to);
	return r;
}

static bool op_release(struct provide_file *f)
{
	const struct halvm_files_provider *t;

	file_unlock(f);
	if (!f->handle)
		return true;
	/* Not mount_enter: that makes up for late closings. */
	t = f->mount->table;
	if (t->may_enter() != 1)
		return false;
	t->close(f->handle);
	f->handle = 0;
	return true;
}

const struct provide_ops provide_file_ops = {
    .read = file_read,
    .write = file_write,
    .release = op_release,
    .status = op_status,
};

/* /dev/null as the target's, or what stands in for it. */
static long placeholder(uint32_t flags)
{
	long fd = target(
	    open, (long)"/dev/null",
	    flags & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_PATH),
	    0);

	if (fd == -ENOENT || fd == -EACCES)
		fd = target(memfd_create, (long)"provider",
			    flags & O_CLOEXEC ? 1 : 0);
	return fd;
}

/*
 * O_PATH.  A handle, if it can be had, tells more of the file than its path,
 * which may change; links have none.
 */
static long open_path(struct provide_file *f, const struct provide_path *p,
		      const struct halvm_files_provider *t, uint32_t flags)
{
	struct halvm_file_status s;
	halvm_handle h = 0;
	long r = path_status(p, !(flags & O_NOFOLLOW), &s);

	if (r == 0 && !S_ISLNK(s.mode) &&
	    t->open(p->text, O_RDONLY | (flags & O_DIRECTORY), 0, &h) == 0)
		f->handle = h;
	return r;
}

/* Enters the provider's open. */
static long enter_open(struct provide_file *f, const struct provide_path *p,
		       uint32_t flags, uint32_t mode)
{
	const struct halvm_files_provider *t = mount_enter(p->mount);
	halvm_handle h = 0;
	long r;

	if (!t)
		return -EDEADLK;
	if (flags & O_PATH)
		return open_path(f, p, t, flags);
	r = file_result(t->open(p->text,
				flags & ~(uint32_t)(O_CLOEXEC | O_LARGEFILE),
				mode, &h),
			0);
	if (r == 0 && h == 0)
		r = -EIO;
	if (r == 0)
		f->handle = h;
	return r;
}

/* What it is that was opened, and whether it may be so. */
static long examine(struct provide_file *f, uint32_t flags)
{
	struct halvm_file_status s;
	long r = file_status(f, &s);

	if (r)
		return r;
	f->mode = s.mode;
	f->inode = s.inode;
	if (S_ISDIR(s.mode))
		return flags & (O_ACCMODE | O_TRUNC) ? -EISDIR : 0;
	if (flags & O_DIRECTORY)
		return -ENOTDIR;
	return S_ISLNK(s.mode) && !(flags & O_PATH) ? -ELOOP : 0;
}

long file_open(struct provide_path *p, uint32_t flags, uint32_t mode)
{
	struct provide_file *f;
	long r = 0;

	if ((flags & O_TMPFILE) == O_TMPFILE)
		return -EOPNOTSUPP;
	if (flags & O_PATH)
		flags &= O_PATH | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;
	if (p->slash && flags & O_CREAT) {
		r = path_parent(p);
		return r ? r : -EISDIR;
	}
	f = provide_new(PROVIDE_FILE, &provide_file_ops);
	if (!f)
		return -ENFILE;
	f->mount = p->mount;
	f->table = p->mount->table;
	f->flags = (flags & KEPT) | (flags & O_PATH ? 0 : O_LARGEFILE);
	r = path_keep(f, p->text);
	if (r == 0)
		r = enter_open(f, p, flags, mode & 07777 & ~umask_now());
	if (r == 0)
		r = examine(f, flags);
	if (r) {
		provide_put(f);
		return r;
	}
	if (S_ISDIR(f->mode)) {
		path_shorten(p);
		memcpy(f->path, p->text, strlen(p->text) + 1);
	}
	return provide_install(placeholder(flags), f);
}
