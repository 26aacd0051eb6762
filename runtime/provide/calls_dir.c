/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * calls_dir.c - directories, the working folder, and places in files.
 */
#include "halvm/abi/dirent.h"
#include "lib/string.h"
#include "provide/files.h"
#include "provide/wrap.h"

/* -EIO unless the entries fill the bytes; *end: where the list goes on. */
static long check_entries(const char *at, long size, int64_t *end)
{
	const long least = sizeof(struct abi_dirent64) + 2;
	struct abi_dirent64 e;

	for (long done = 0; done < size; done += e.record_size) {
		const char *name = at + done + sizeof(e);

		if (size - done < least)
			return -EIO;
		memcpy(&e, at + done, sizeof(e));
		if (e.record_size < least || e.record_size > size - done ||
		    !name[0] || !memchr(name, 0, e.record_size - sizeof(e)))
			return -EIO;
		*end = e.next;
	}
	return size;
}

/* Entries in getdents64's form, from the description's position on. */
static long list(struct provide_file *f, long to, long n)
{
	const struct halvm_files_provider *t;
	int64_t at, next;
	long r;

	if (provide_flags(f) & O_PATH)
		return -EBADF;
	if (!S_ISDIR(f->mode))
		return -ENOTDIR;
	if (provide_bad(to))
		return -EFAULT;
	t = mount_enter(f->mount);
	if (!t)
		return -EDEADLK;
	if (!t->list)
		return -ENOTDIR;
	n = (long)(n & UINT32_MAX);
	do {
		at = __atomic_load_n(&f->position, __ATOMIC_ACQUIRE);
		r = t->list(f->handle, (uint64_t)at, (void *)to, (size_t)n);
		r = file_result(r, n);
		if (r > 0)
			r = check_entries((const char *)to, r, &next);
	} while (r > 0 && !__atomic_compare_exchange_n(&f->position, &at, next,
						       false, __ATOMIC_ACQ_REL,
						       __ATOMIC_ACQUIRE));
	return r;
}

WRAP3(getdents64, fd, to, n)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	long r;

	if (!f)
		return target(getdents64, fd, to, n);
	r = list(f, to, n);
	provide_put(f);
	return r;
}

/* The older form has the name one byte earlier, and the type at the end. */
static void make_older(char *at, long size)
{
	struct abi_dirent64 e;

	for (long done = 0; done < size; done += e.record_size) {
		char *record = at + done;

		memcpy(&e, record, sizeof(e));
		memmove(record + sizeof(struct abi_dirent), record + sizeof(e),
			e.record_size - sizeof(e));
		record[e.record_size - 1] = (char)e.type;
	}
}

WRAP3(getdents, fd, to, n)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	long r;

	if (!f)
		return target(getdents, fd, to, n);
	r = list(f, to, n);
	if (r > 0)
		make_older((char *)to, r);
	provide_put(f);
	return r;
}

static int64_t position(const struct provide_file *f)
{
	return __atomic_load_n(&f->position, __ATOMIC_ACQUIRE);
}

/* All of a file counts as data. */
static long seek_in(struct provide_file *f, int64_t offset, long whence)
{
	struct halvm_file_status s = {0};
	int64_t at, to;
	long r;

	if (whence == SEEK_END || whence == SEEK_DATA || whence == SEEK_HOLE) {
		if (S_ISDIR(f->mode) && whence != SEEK_END)
			return -EINVAL;
		r = file_status(f, &s);
		if (r)
			return r;
	}
	if (whence == SEEK_DATA || whence == SEEK_HOLE) {
		if (offset < 0 || offset >= (int64_t)s.size)
			return -ENXIO;
		if (whence == SEEK_HOLE)
			offset = (int64_t)s.size;
		whence = SEEK_SET;
	}
	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		return -EINVAL;
	do {
		at = position(f);
		to = whence == SEEK_CUR ? at
		     : whence == SEEK_END
			 ? (S_ISDIR(f->mode) ? INT64_MAX : (int64_t)s.size)
			 : 0;
		if (__builtin_add_overflow(to, offset, &to))
			return -EOVERFLOW;
		if (to < 0)
			return -EINVAL;
	} while (!__atomic_compare_exchange_n(
	    &f->position, &at, to, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
	return to;
}

WRAP3(lseek, fd, offset, whence)
{
	struct provide_file *f = provide_get(fd);
	long r = -ESPIPE;

	if (!f)
		return target(lseek, fd, offset, whence);
	if (provide_flags(f) & O_PATH)
		r = -EBADF;
	else if (f->kind == PROVIDE_FILE)
		r = seek_in(f, offset, whence);
	provide_put(f);
	return r;
}

/* The provider's folder becomes the working folder. */
static long go(const struct provide_mount *m, const char *text)
{
	struct provide_file *f = provide_new(PROVIDE_PLACE, NULL);
	long r;

	if (!f)
		return -ENOMEM;
	f->mount = m;
	r = path_keep(f, text);
	if (r) {
		provide_put(f);
		return r;
	}
	place_set(f);
	return 0;
}

WRAP_ALWAYS1(chdir, path)
{
	struct provide_path p;
	struct halvm_file_status s;
	long r = path_find(&p, AT_FDCWD, path, 0);

	if (r)
		return r;
	if (!p.mount) {
		r = target(chdir, p.name);
		if (r == 0 && mounts_any())
			place_refresh();
		return r;
	}
	r = path_status(&p, 1, &s);
	if (r || !S_ISDIR(s.mode))
		return r ? r : -ENOTDIR;
	path_shorten(&p);
	return go(p.mount, p.text);
}

WRAP1(fchdir, fd)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	long r = -ENOTDIR;

	if (!f) {
		r = target(fchdir, fd);
		if (r == 0 && mounts_any())
			place_refresh();
		return r;
	}
	if (S_ISDIR(f->mode))
		r = go(f->mount, f->path);
	provide_put(f);
	return r;
}

WRAP_ALWAYS2(getcwd, to, size)
{
	struct provide_file *f = mounts_any() ? place_get() : NULL;
	const struct provide_mount *m;
	size_t n, head;
	long r = -ERANGE;

	if (!f)
		return target(getcwd, to, size);
	m = f->mount;
	n = strlen(f->path);
	if (!m && !mount_of(f->path, n == 1 ? 0 : n)) {
		provide_put(f);
		return target(getcwd, to, size);
	}
	head = m ? m->length : 0;
	if (head && n == 1)
		n = 0; /* the mount point itself */
	if (provide_bad(to)) {
		r = -EFAULT;
	} else if (head + n + 1 <= (size_t)size) {
		if (head)
			memcpy((char *)to, m->table->mount, head);
		memcpy((char *)to + head, f->path, n);
		((char *)to)[head + n] = 0;
		r = (long)(head + n + 1);
	}
	provide_put(f);
	return r;
}
