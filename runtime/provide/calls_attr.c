/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_attr.c - system calls that change a file's mode, owner and times.
 *
 * Providers know these by path only.  For a descriptor it is the path by which
 * the file was opened, if that still leads to the same file; else -ENOENT.
 */
#include "halvm/abi/time.h"
#include "provide/files.h"
#include "provide/wrap.h"

#define NS 1000000000

struct change {
	enum { MODE, OWNER, TIMES } what;
	uint32_t mode, uid, gid;
	int64_t atime, mtime;
};

static long apply(const struct provide_mount *m, const char *path, bool follow,
		  const struct change *c)
{
	const struct halvm_files_provider *t = mount_enter(m);
	long r = -EROFS;

	if (!t)
		return -EDEADLK;
	if (c->what == MODE && t->set_mode)
		r = t->set_mode(path, c->mode & 07777, follow);
	else if (c->what == OWNER && t->set_owner)
		r = t->set_owner(path, c->uid, c->gid, follow);
	else if (c->what == TIMES && t->set_times)
		r = t->set_times(path, c->atime, c->mtime, follow);
	return file_result(r, 0);
}

/* 1: the target's. */
static long change_path(struct provide_path *p, long dirfd, long path,
			bool follow, const struct change *c)
{
	long r = path_find(p, dirfd, path, 0);

	if (r)
		return r;
	return p->mount ? apply(p->mount, p->text, follow, c) : 1;
}

/* The description's reference goes. */
static long change_open(struct provide_file *f, const struct change *c)
{
	uint32_t flags = provide_flags(f);
	long r = 1;

	if (f->kind == PROVIDE_FILE) {
		r = flags & O_PATH ? -EBADF : file_path(f);
		if (r == 0)
			r = apply(f->mount, f->path, true, c);
	}
	provide_put(f);
	return r;
}

WRAP_ALWAYS2(chmod, path, mode)
{
	struct change c = {.what = MODE, .mode = (uint32_t)mode};
	struct provide_path p;
	long r = change_path(&p, AT_FDCWD, path, true, &c);

	return r == 1 ? target(chmod, p.name, mode) : r;
}

WRAP2(fchmod, fd, mode)
{
	struct change c = {.what = MODE, .mode = (uint32_t)mode};
	struct provide_file *f = provide_get(fd);
	long r = f ? change_open(f, &c) : 1;

	return r == 1 ? target(fchmod, fd, mode) : r;
}

WRAP3(fchmodat, dirfd, path, mode)
{
	struct change c = {.what = MODE, .mode = (uint32_t)mode};
	struct provide_path p;
	long r = change_path(&p, dirfd, path, true, &c);

	return r == 1 ? target(fchmodat, p.dirfd, p.name, mode) : r;
}

static struct change owner(long uid, long gid)
{
	return (struct change){
	    .what = OWNER, .uid = (uint32_t)uid, .gid = (uint32_t)gid};
}

WRAP_ALWAYS3(chown, path, uid, gid)
{
	struct change c = owner(uid, gid);
	struct provide_path p;
	long r = change_path(&p, AT_FDCWD, path, true, &c);

	return r == 1 ? target(chown, p.name, uid, gid) : r;
}

WRAP_ALWAYS3(lchown, path, uid, gid)
{
	struct change c = owner(uid, gid);
	struct provide_path p;
	long r = change_path(&p, AT_FDCWD, path, false, &c);

	return r == 1 ? target(lchown, p.name, uid, gid) : r;
}

WRAP3(fchown, fd, uid, gid)
{
	struct change c = owner(uid, gid);
	struct provide_file *f = provide_get(fd);
	long r = f ? change_open(f, &c) : 1;

	return r == 1 ? target(fchown, fd, uid, gid) : r;
}

WRAP5(fchownat, dirfd, path, uid, gid, how)
{
	struct change c = owner(uid, gid);
	struct provide_file *f = path_empty(dirfd, path, how);
	struct provide_path p;
	long r;

	p.dirfd = dirfd;
	p.name = path;
	if (f)
		r = change_open(f, &c);
	else
		r = change_path(&p, dirfd, path, !(how & AT_SYMLINK_NOFOLLOW),
				&c);
	return r == 1 ? target(fchownat, p.dirfd, p.name, uid, gid, how) : r;
}

static int64_t now(void)
{
	struct abi_timespec t = {0, 0};

	target(clock_gettime, ABI_CLOCK_REALTIME, (long)&t);
	return t.sec * NS + t.nsec;
}

/* Times that int64_t ns can't hold become the nearest. */
static int64_t in_ns(int64_t sec, int64_t nsec)
{
	if (sec > INT64_MAX / NS - 1)
		return INT64_MAX - 1;
	if (sec < INT64_MIN / NS + 1)
		return INT64_MIN;
	return sec * NS + nsec;
}

static long one_time(const struct abi_timespec *t, int64_t *ns)
{
	if (t->nsec == UTIME_NOW)
		*ns = now();
	else if (t->nsec == UTIME_OMIT)
		*ns = HALVM_TIME_OMIT;
	else if (t->nsec < 0 || t->nsec >= NS)
		return -EINVAL;
	else
		*ns = in_ns(t->sec, t->nsec);
	return 0;
}

static long two_times(struct change *c, long times)
{
	const struct abi_timespec *t = (const struct abi_timespec *)times;
	long r;

	c->what = TIMES;
	if (!t) {
		c->atime = c->mtime = now();
		return 0;
	}
	if (provide_bad(times))
		return -EFAULT;
	r = one_time(&t[0], &c->atime);
	return r ? r : one_time(&t[1], &c->mtime);
}

WRAP4(utimensat, dirfd, path, times, how)
{
	struct provide_path p;
	struct provide_file *f;
	struct change c = {0};
	long error = two_times(&c, times), r;

	p.dirfd = dirfd;
	p.name = path;
	f = path ? path_empty(dirfd, path, how) : provide_get(dirfd);
	if (f && error) {
		provide_put(f);
		return error;
	}
	if (f) {
		r = change_open(f, &c);
	} else {
		r = path_find(&p, dirfd, path, 0);
		if (r == 0)
			r = !p.mount ? 1
			    : error  ? error
				     : apply(p.mount, p.text,
					     !(how & AT_SYMLINK_NOFOLLOW), &c);
	}
	return r == 1 ? target(utimensat, p.dirfd, p.name, times, how) : r;
}

/* Microseconds, of utimes and futimesat. */
static long two_timevals(struct change *c, long times)
{
	const struct abi_timeval *t = (const struct abi_timeval *)times;

	c->what = TIMES;
	if (!t)
		return two_times(c, 0);
	if (provide_bad(times))
		return -EFAULT;
	if (t[0].usec < 0 || t[0].usec >= NS / 1000 || t[1].usec < 0 ||
	    t[1].usec >= NS / 1000)
		return -EINVAL;
	c->atime = in_ns(t[0].sec, t[0].usec * 1000);
	c->mtime = in_ns(t[1].sec, t[1].usec * 1000);
	return 0;
}

WRAP_ALWAYS2(utimes, path, times)
{
	struct provide_path p;
	struct change c = {0};
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(utimes, p.name, times);
	r = two_timevals(&c, times);
	return r ? r : apply(p.mount, p.text, true, &c);
}

WRAP3(futimesat, dirfd, path, times)
{
	struct provide_file *f = path ? NULL : provide_get(dirfd);
	struct provide_path p;
	struct change c = {0};
	long error = 0, r;

	if (f) {
		error = two_timevals(&c, times);
		r = change_open(f, &c);
		return r == 1 ? target(futimesat, dirfd, path, times)
			      : (error ? error : r);
	}
	r = path_find(&p, dirfd, path, 0);
	if (r)
		return r;
	if (!p.mount)
		return target(futimesat, p.dirfd, p.name, times);
	r = two_timevals(&c, times);
	return r ? r : apply(p.mount, p.text, true, &c);
}

WRAP_ALWAYS2(utime, path, times)
{
	const int64_t *t = (const int64_t *)times;
	struct provide_path p;
	struct change c = {.what = TIMES};
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount)
		return target(utime, p.name, times);
	if (t && provide_bad(times))
		return -EFAULT;
	c.atime = t ? in_ns(t[0], 0) : now();
	c.mtime = t ? in_ns(t[1], 0) : now();
	return apply(p.mount, p.text, true, &c);
}
