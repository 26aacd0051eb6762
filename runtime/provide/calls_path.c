/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_path.c - system calls that make, move and remove names.  What a
 * provider hasn't got is answered as by a file system that can't be written to,
 * or has no links.
 */
#include "provide/files.h"
#include "provide/wrap.h"

/* A path whose name is made or removed, and its provider. 1: the target's. */
static long find_last(struct provide_path *p, long dirfd, long path,
		      const struct halvm_files_provider **t)
{
	long r = path_find(p, dirfd, path, PATH_LAST);

	if (r)
		return r;
	if (!p->mount)
		return 1;
	*t = mount_enter(p->mount);
	return *t ? 0 : -EDEADLK;
}

static long make_directory(struct provide_path *p, long dirfd, long path,
			   long mode)
{
	const struct halvm_files_provider *t;
	long r = find_last(p, dirfd, path, &t);

	if (r)
		return r;
	if (path_is_root(p))
		return -EEXIST;
	if (!t->make_directory)
		return -EROFS;
	return file_result(
	    t->make_directory(p->text, (unsigned)mode & 01777 & ~umask_now()),
	    0);
}

WRAP_ALWAYS2(mkdir, path, mode)
{
	struct provide_path p;
	long r = make_directory(&p, AT_FDCWD, path, mode);

	return r == 1 ? target(mkdir, p.name, mode) : r;
}

WRAP3(mkdirat, dirfd, path, mode)
{
	struct provide_path p;
	long r = make_directory(&p, dirfd, path, mode);

	return r == 1 ? target(mkdirat, p.dirfd, p.name, mode) : r;
}

enum { DOT = 1, DOT_DOT };

/* The last component is one of "." and "..", and is there; or an error. */
static long dots(const struct provide_path *p)
{
	const char *last = p->text;
	struct halvm_file_status s;
	long r;

	for (const char *c = p->text; *c; c++)
		if (*c == '/')
			last = c + 1;
	if (last[0] != '.' || (last[1] && (last[1] != '.' || last[2])))
		return 0;
	r = path_status(p, 0, &s);
	return r ? r : last[1] ? DOT_DOT : DOT;
}

static long remove_directory(struct provide_path *p, long dirfd, long path)
{
	const struct halvm_files_provider *t;
	long r = find_last(p, dirfd, path, &t);

	if (r)
		return r;
	if (path_is_root(p))
		return -EBUSY;
	r = dots(p);
	if (r)
		return r == DOT ? -EINVAL : r == DOT_DOT ? -ENOTEMPTY : r;
	return t->remove_directory
		   ? file_result(t->remove_directory(p->text), 0)
		   : -EROFS;
}

static long remove_name(struct provide_path *p, long dirfd, long path)
{
	const struct halvm_files_provider *t;
	struct halvm_file_status s;
	long r = find_last(p, dirfd, path, &t);

	if (r)
		return r;
	r = dots(p);
	if (path_is_root(p) || r > 0)
		return -EISDIR;
	if (r)
		return r;
	if (p->folder) {
		r = path_status(p, 0, &s);
		return r ? r : S_ISDIR(s.mode) ? -EISDIR : -ENOTDIR;
	}
	return t->unlink ? file_result(t->unlink(p->text), 0) : -EROFS;
}

WRAP_ALWAYS1(rmdir, path)
{
	struct provide_path p;
	long r = remove_directory(&p, AT_FDCWD, path);

	return r == 1 ? target(rmdir, p.name) : r;
}

WRAP_ALWAYS1(unlink, path)
{
	struct provide_path p;
	long r = remove_name(&p, AT_FDCWD, path);

	return r == 1 ? target(unlink, p.name) : r;
}

WRAP3(unlinkat, dirfd, path, how)
{
	struct provide_path p;
	long r = how & AT_REMOVEDIR ? remove_directory(&p, dirfd, path)
				    : remove_name(&p, dirfd, path);

	return r == 1 ? target(unlinkat, p.dirfd, p.name, how) : r;
}

/* Two paths, of one provider, or of the target (1). */
static long find_two(struct provide_path *a, struct provide_path *b, long fd_a,
		     long path_a, long fd_b, long path_b, unsigned how_a)
{
	long r = path_find(a, fd_a, path_a, how_a);

	if (r == 0)
		r = path_find(b, fd_b, path_b, PATH_LAST);
	if (r)
		return r;
	if (a->mount != b->mount)
		return -EXDEV;
	return a->mount ? 0 : 1;
}

static long rename_at(struct provide_path *from, struct provide_path *to,
		      long fd_from, long path_from, long fd_to, long path_to,
		      long how)
{
	const struct halvm_files_provider *t;
	struct halvm_file_status s;
	long r =
	    find_two(from, to, fd_from, path_from, fd_to, path_to, PATH_LAST);

	if (r)
		return r;
	if (how & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	r = dots(from);
	if (r == 0)
		r = dots(to);
	if (path_is_root(from) || path_is_root(to) || r > 0) {
		r = path_parent(from);
		if (r == 0)
			r = path_parent(to);
		return r ? r : -EBUSY;
	}
	if (r)
		return r;
	if (from->folder || to->folder) {
		r = path_status(from, 0, &s);
		if (r || !S_ISDIR(s.mode))
			return r ? r : -ENOTDIR;
	}
	t = mount_enter(from->mount);
	if (!t)
		return -EDEADLK;
	return t->rename
		   ? file_result(t->rename(from->text, to->text, (unsigned)how),
				 0)
		   : -EROFS;
}

WRAP_ALWAYS2(rename, from, to)
{
	struct provide_path a, b;
	long r = rename_at(&a, &b, AT_FDCWD, from, AT_FDCWD, to, 0);

	return r == 1 ? target(rename, a.name, b.name) : r;
}

WRAP4(renameat, fd_from, from, fd_to, to)
{
	struct provide_path a, b;
	long r = rename_at(&a, &b, fd_from, from, fd_to, to, 0);

	return r == 1 ? target(renameat, a.dirfd, a.name, b.dirfd, b.name) : r;
}

WRAP5(renameat2, fd_from, from, fd_to, to, how)
{
	struct provide_path a, b;
	long r = rename_at(&a, &b, fd_from, from, fd_to, to, how);

	return r == 1 ? target(renameat2, a.dirfd, a.name, b.dirfd, b.name, how)
		      : r;
}

/* x/ can't be made but by mkdir. */
static long new_folder(const struct provide_path *p)
{
	struct halvm_file_status s;
	long r = p->folder ? path_status(p, 0, &s) : 0;

	return p->folder && r == 0 ? -EEXIST : r;
}

static long link_at(struct provide_path *from, struct provide_path *to,
		    long fd_from, long path_from, long fd_to, long path_to,
		    long how)
{
	const struct halvm_files_provider *t;
	long r = find_two(from, to, fd_from, path_from, fd_to, path_to, 0);

	if (r)
		return r;
	if (path_is_root(to))
		return -EEXIST;
	r = new_folder(to);
	if (r)
		return r;
	t = mount_enter(from->mount);
	if (!t)
		return -EDEADLK;
	return t->link ? file_result(t->link(from->text, to->text,
					     (how & AT_SYMLINK_FOLLOW) != 0),
				     0)
		       : -EPERM;
}

WRAP_ALWAYS2(link, from, to)
{
	struct provide_path a, b;
	long r = link_at(&a, &b, AT_FDCWD, from, AT_FDCWD, to, 0);

	return r == 1 ? target(link, a.name, b.name) : r;
}

WRAP5(linkat, fd_from, from, fd_to, to, how)
{
	struct provide_path a, b;
	struct provide_file *f = path_empty(fd_from, from, how);
	long r;

	if (f) { /* a name for an open file: as a file system without */
		provide_put(f);
		return -ENOENT;
	}
	r = link_at(&a, &b, fd_from, from, fd_to, to, how);
	return r == 1 ? target(linkat, a.dirfd, a.name, b.dirfd, b.name, how)
		      : r;
}

static long make_link(struct provide_path *p, long text, long dirfd, long path)
{
	const struct halvm_files_provider *t;
	const char *s = (const char *)text;
	long r = find_last(p, dirfd, path, &t);

	if (r)
		return r;
	if (provide_bad(text))
		return -EFAULT;
	if (path_is_root(p))
		return -EEXIST;
	if (!s[0])
		return -ENOENT;
	r = new_folder(p);
	if (r)
		return r;
	return t->symlink ? file_result(t->symlink(s, p->text), 0) : -EPERM;
}

WRAP_ALWAYS2(symlink, text, path)
{
	struct provide_path p;
	long r = make_link(&p, text, AT_FDCWD, path);

	return r == 1 ? target(symlink, text, p.name) : r;
}

WRAP_ALWAYS3(symlinkat, text, dirfd, path)
{
	struct provide_path p;
	long r = make_link(&p, text, dirfd, path);

	return r == 1 ? target(symlinkat, text, p.dirfd, p.name) : r;
}

static long read_link(const struct provide_mount *m, const char *path, long to,
		      long n)
{
	const struct halvm_files_provider *t = mount_enter(m);

	if (!t)
		return -EDEADLK;
	if ((int)n <= 0 || !t->read_link)
		return -EINVAL;
	if (provide_bad(to))
		return -EFAULT;
	return file_result(t->read_link(path, (char *)to, (size_t)(int)n),
			   (int)n);
}

WRAP_ALWAYS3(readlink, path, to, n)
{
	struct provide_path p;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	return p.mount ? read_link(p.mount, p.text, to, n)
		       : target(readlink, p.name, to, n);
}

WRAP4(readlinkat, dirfd, path, to, n)
{
	struct provide_path p;
	/* An empty path is the link that is open with O_PATH. */
	struct provide_file *f = path_empty(dirfd, path, AT_EMPTY_PATH);
	long r;

	if (f && f->kind == PROVIDE_FILE) {
		r = S_ISLNK(f->mode) ? read_link(f->mount, f->path, to, n)
				     : -ENOENT;
		provide_put(f);
		return r;
	}
	provide_put(f);
	r = path_find(&p, dirfd, path, 0);
	if (r)
		return r;
	return p.mount ? read_link(p.mount, p.text, to, n)
		       : target(readlinkat, p.dirfd, p.name, to, n);
}
