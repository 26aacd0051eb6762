/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * path.c - whose file is it that a path names?
 *
 * A path is walked component by component, from where it begins: the root, the
 * working folder or a directory's descriptor.  Two texts are kept: `normal`,
 * absolute and with ".." taken out together with what is before it, decides
 * which mount the path is in; `raw` is what came after the mount was entered,
 * ".." and all, for the provider to resolve with its symbolic links.
 *
 * Hence, of links: one of the target's that leads into a mount isn't followed
 * there, and "link/.." counts as leading out of a mount if link is at its root.
 */
#include "provide/files.h"
#include "lib/string.h"

size_t path_component(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != '/')
		n++;
	return n;
}

struct walk {
	const struct provide_mount *mount;
	char *normal, *raw;
	size_t n, raw_n;
	bool entered; /* any mount */
	bool dot;     /* the last component is "." */
	bool dots;    /* or ".." */
};

static void look(struct walk *w)
{
	const struct provide_mount *m = mount_of(w->normal, w->n);

	if (m == w->mount)
		return;
	w->mount = m;
	if (!m)
		return;
	w->entered = true;
	w->raw_n = w->n - m->length;
	memcpy(w->raw, w->normal + m->length, w->raw_n);
}

static long append(char *text, size_t *at, const char *name, size_t n)
{
	if (n >= PROVIDE_PATH_MAX || *at + 1 + n >= PROVIDE_PATH_MAX)
		return -ENAMETOOLONG;
	text[*at] = '/';
	memcpy(text + *at + 1, name, n);
	*at += n + 1;
	return 0;
}

static long step(struct walk *w, const char *name, size_t n)
{
	long error = 0;

	w->dots = n <= 2 && name[0] == '.' && name[n - 1] == '.';
	w->dot = n == 1 && name[0] == '.';
	if (w->dot)
		return 0;
	if (w->mount)
		error = append(w->raw, &w->raw_n, name, n);
	if (n == 2 && name[0] == '.' && name[1] == '.') {
		while (w->n > 0 && w->normal[--w->n] != '/')
			;
	} else if (!error) {
		error = append(w->normal, &w->n, name, n);
	}
	if (!error)
		look(w);
	return error;
}

static long steps(struct walk *w, const char *path, size_t most)
{
	const char *end = path + most;
	long error = 0;

	while (!error && path < end && *path) {
		size_t n = path_component(path);

		if (n > (size_t)(end - path))
			n = (size_t)(end - path);
		if (n)
			error = step(w, path, n);
		path += n;
		while (path < end && *path == '/')
			path++;
	}
	return error;
}

static long begin_at(struct walk *w, const struct provide_file *f)
{
	const struct provide_mount *m = f->mount;
	long error = 0;

	if (m)
		error = steps(w, m->table->mount, m->length);
	return error ? error : steps(w, f->path, PROVIDE_PATH_MAX);
}

/* The target's directory, if the path may lead into a mount. 1: it can't. */
static long begin_below(struct walk *w, long dirfd, const char *path)
{
	char link[32] = "/proc/self/fd/", digits[12], folder[1024];
	size_t at = 14, k = 0;
	unsigned value = (unsigned)dirfd;
	long n;

	if ((int)dirfd < 0 || !mounts_mentioned(path))
		return 1;
	do
		digits[k++] = (char)('0' + value % 10);
	while (value /= 10);
	while (k)
		link[at++] = digits[--k];
	link[at] = 0;
	n = target(readlink, (long)link, (long)folder, sizeof(folder));
	if (n <= 0 || n >= (long)sizeof(folder) || folder[0] != '/')
		return 1;
	return steps(w, folder, (size_t)n);
}

/* *below: the walk begins in a folder that the target knows.  1: target's. */
static long begin(struct walk *w, long dirfd, const char *path, bool *below)
{
	struct provide_file *f;
	long r = 0;

	*below = true;
	if (path[0] == '/')
		return 0;
	f = (int)dirfd == AT_FDCWD ? place_get() : provide_get(dirfd);
	if (!f)
		return (int)dirfd == AT_FDCWD ? 1 : begin_below(w, dirfd, path);
	*below = !f->mount;
	if (f->path && (f->kind == PROVIDE_PLACE || S_ISDIR(f->mode)))
		r = begin_at(w, f);
	else
		r = -ENOTDIR;
	provide_put(f);
	return r;
}

static void finish(struct provide_path *p, struct walk *w, bool folder,
		   unsigned how)
{
	p->mount = w->mount;
	p->folder = folder || w->dot;
	p->slash = folder && !w->dots;
	w->normal[w->n] = 0;
	if (!w->mount) {
		if (w->n == 0 || folder)
			w->normal[w->n++] = '/';
		w->normal[w->n] = 0;
		p->dirfd = AT_FDCWD;
		p->name = (long)w->normal;
		return;
	}
	p->text = w->raw;
	if (w->raw_n == 0 && !(w->dot && how & PATH_LAST)) {
		w->raw[w->raw_n++] = '/';
	} else if (w->dot || (folder && !(how & PATH_LAST))) {
		w->raw[w->raw_n++] = '/';
		w->raw[w->raw_n++] = '.';
	}
	w->raw[w->raw_n] = 0;
}

long path_find(struct provide_path *p, long dirfd, long path, unsigned how)
{
	struct walk w = {.normal = p->normal, .raw = p->raw};
	const char *s = (const char *)path;
	size_t n;
	bool below;
	long r;

	p->mount = NULL;
	p->dirfd = dirfd;
	p->name = path;
	if (!mounts_any() || provide_bad(path) || !s[0])
		return 0;
	n = strnlen(s, PROVIDE_PATH_MAX);
	if (n == PROVIDE_PATH_MAX)
		return -ENAMETOOLONG;
	w.mount = mount_of("", 0);
	w.entered = w.mount != NULL;
	r = begin(&w, dirfd, s, &below);
	if (r == 0)
		r = steps(&w, s, n);
	if (r)
		return r > 0 ? 0 : r;
	if (w.mount || !below || w.entered)
		finish(p, &w, s[n - 1] == '/', how);
	return 0;
}

bool path_is_root(const struct provide_path *p)
{
	return p->text[0] == '/' && !p->text[1];
}

void path_shorten(struct provide_path *p)
{
	struct halvm_file_status as_is, shorter;
	char *text = p->normal + p->mount->length, *was = p->text;

	for (const char *s = was; *s; s += path_component(s)) {
		while (*s == '/')
			s++;
		if (s[0] == '.' && (s[1] == '/' || !s[1]))
			break;
		if (s[0] == '.' && s[1] == '.' && (s[2] == '/' || !s[2]))
			break;
		if (!*s)
			return;
	}
	if (!*text) {
		text[0] = '/';
		text[1] = 0;
	}
	if (path_status(p, 1, &as_is))
		return;
	p->text = text;
	if (path_status(p, 1, &shorter) || shorter.inode != as_is.inode)
		p->text = was;
}

long path_keep(struct provide_file *f, const char *text)
{
	size_t n = strlen(text) + 1;

	f->path = f->path_short;
	if (n > sizeof(f->path_short)) {
		f->path = provide_alloc(PROVIDE_PATH_MAX);
		if (!f->path)
			return -ENOMEM;
	}
	memcpy(f->path, text, n);
	return 0;
}

long path_parent(const struct provide_path *p)
{
	size_t n = strlen(p->text);
	struct provide_path parent;
	struct halvm_file_status s;
	long r;

	if (p->folder && n > 2 && p->text[n - 1] == '.' &&
	    p->text[n - 2] == '/')
		n -= 2;
	while (n > 1 && p->text[n - 1] != '/')
		n--;
	memcpy(parent.raw, p->text, n);
	parent.raw[n] = 0;
	parent.mount = p->mount;
	parent.text = parent.raw;
	r = path_status(&parent, 1, &s);
	return r || S_ISDIR(s.mode) ? r : -ENOTDIR;
}
