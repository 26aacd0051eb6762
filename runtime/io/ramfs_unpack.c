/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_unpack.c - a root archive's files into a ramfs.
 *
 * Names lead from the root of the archive, whether they begin with a slash or
 * not; directories that the archive leaves out are made.  A later member
 * replaces an earlier one of its name, but a directory stays one.  Members
 * with the same number and device are one file, as cpio writes hard links: one
 * of them, mostly the last, has the data.
 */
#include "io/ramfs_unpack.h"
#include "core/clock.h"
#include "core/heap.h"
#include "core/panic.h"
#include "io/cpio.h"
#include "io/ramfs.h"
#include "io/vfs.h"
#include "lib/string.h"
#include "lib/tree.h"

#define NEW_DIRECTORY (S_IFDIR | 0755)

/* A file with several names that was seen. */
struct seen {
	struct tree_node node;
	uint64_t device;
	uint32_t ino;
	struct inode *inode;
};

struct unpack {
	struct inode *root;
	struct tree seen;
	int error; /* the first */
};

static int compare(const struct cpio_entry *e, const struct seen *s)
{
	uint64_t device = (uint64_t)e->dev_major << 32 | e->dev_minor;

	if (device != s->device)
		return device < s->device ? -1 : 1;
	return e->ino < s->ino ? -1 : e->ino > s->ino;
}

/* Its record, made if there was none; NULL: no memory. */
static struct seen *find_seen(struct unpack *u, const struct cpio_entry *e)
{
	struct tree_node **link = &u->seen.root, *parent = NULL;
	struct seen *s;

	while (*link) {
		int order;

		s = container_of(*link, struct seen, node);
		order = compare(e, s);
		if (order == 0)
			return s;
		parent = *link;
		link = order < 0 ? &parent->left : &parent->right;
	}
	s = heap_zalloc(sizeof(*s));
	if (!s)
		return NULL;
	s->device = (uint64_t)e->dev_major << 32 | e->dev_minor;
	s->ino = e->ino;
	tree_insert(&u->seen, &s->node, parent, link);
	return s;
}

static void forget_seen(struct unpack *u)
{
	struct tree_node *n;

	while ((n = tree_first(&u->seen))) {
		struct seen *s = container_of(n, struct seen, node);

		tree_remove(&u->seen, n);
		inode_put(s->inode);
		heap_free(s);
	}
}

/* --- paths ---------------------------------------------------------------- */

/* The next component of *path but "."; length 0: none; -errno. */
static int next_name(const char **path, struct vfs_name *name)
{
	const char *p = *path;

	do {
		while (*p == '/')
			p++;
		name->text = p;
		while (*p && *p != '/')
			p++;
		name->length = (size_t)(p - name->text);
	} while (name->length == 1 && name->text[0] == '.');
	*path = p;
	if (name->length > VFS_NAME_MAX)
		return -ENAMETOOLONG;
	if (name->length == 2 && memcmp(name->text, "..", 2) == 0)
		return -EINVAL;
	return 0;
}

static bool is_last(const char *path)
{
	struct vfs_name name;

	return next_name(&path, &name) == 0 && !name.length;
}

/* The directory of the path's last component; borrowed. */
static int walk(struct inode *root, const char *path, struct inode **dir,
		struct vfs_name *name)
{
	*dir = root;
	for (;;) {
		struct vfs_new what = {.mode = NEW_DIRECTORY};
		struct inode *next;
		int error = next_name(&path, name);

		if (error || is_last(path))
			return error;
		error = (*dir)->ops->lookup(*dir, *name, &next);
		if (error == -ENOENT)
			error = (*dir)->ops->create(*dir, *name, &what, &next);
		if (error)
			return error;
		inode_put(next); /* its entry holds it */
		if (!inode_is_directory(next))
			return -ENOTDIR;
		*dir = next;
	}
}

/* --- members -------------------------------------------------------------- */

static void set_attributes(struct inode *inode, const struct cpio_entry *e)
{
	inode->uid = e->uid;
	inode->gid = e->gid;
	if (!inode_is_link(inode))
		inode->mode =
		    (inode->mode & S_IFMT) | (e->mode & ABI_S_IALLUGO);
	inode->atime = inode->mtime = inode->ctime =
	    (int64_t)e->mtime * (int64_t)NS_PER_SEC;
}

static int make(struct inode *dir, struct vfs_name name,
		const struct cpio_entry *e, struct inode **made)
{
	struct vfs_new what = {
	    .mode = e->mode,
	    .rdev = ABI_DEV(e->rdev_major & 0xfff, e->rdev_minor & 0xfffff),
	};
	char *target = NULL;
	int error;

	if (S_ISLNK(e->mode)) {
		if (e->size == 0 || e->size >= VFS_PATH_MAX ||
		    memchr(e->data, 0, e->size))
			return -EINVAL;
		target = heap_alloc(e->size + 1);
		if (!target)
			return -ENOMEM;
		memcpy(target, e->data, e->size);
		target[e->size] = '\0';
	}
	what.target = target;
	error = dir->ops->create(dir, name, &what, made);
	heap_free(target);
	return error;
}

/* Makes room for a member; *old is a directory that may stay, or NULL. */
static int clear_place(struct inode *dir, struct vfs_name name,
		       const struct cpio_entry *e, struct inode **old)
{
	int error = dir->ops->lookup(dir, name, old);

	if (error) {
		*old = NULL;
		return error == -ENOENT ? 0 : error;
	}
	if (inode_is_directory(*old) && S_ISDIR(e->mode))
		return 0;
	error = dir->ops->remove(dir, name, *old);
	inode_put(*old);
	*old = NULL;
	return error;
}

static bool is_known_type(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return true;
	}
	return false;
}

static int place(struct unpack *u, const struct cpio_entry *e,
		 struct inode *dir, struct vfs_name name, struct inode **inode)
{
	bool shared = e->links > 1 && !S_ISDIR(e->mode);
	struct seen *s = shared ? find_seen(u, e) : NULL;
	int error;

	if (shared && !s)
		return -ENOMEM;
	error = clear_place(dir, name, e, inode);
	if (error || *inode)
		return error;
	if (s && s->inode && ((s->inode->mode ^ e->mode) & S_IFMT) == 0) {
		*inode = inode_get(s->inode);
		return dir->ops->link(dir, name, *inode);
	}
	error = make(dir, name, e, inode);
	if (!error && s) {
		inode_put(s->inode);
		s->inode = inode_get(*inode);
	}
	return error;
}

static int unpack_member(struct unpack *u, const struct cpio_entry *e)
{
	struct inode *dir, *inode = NULL;
	struct vfs_name name;
	int64_t mtime;
	int error;

	if (!is_known_type(e->mode))
		return -EINVAL;
	error = walk(u->root, e->name, &dir, &name);
	if (error)
		return error;
	mtime = dir->mtime;
	if (!name.length) { /* "." */
		if (!S_ISDIR(e->mode))
			return -EINVAL;
		inode = inode_get(u->root);
	} else {
		error = place(u, e, dir, name, &inode);
	}
	if (!error) {
		if (S_ISREG(e->mode) && (e->size || e->links <= 1))
			ramfs_set_image(inode, e->data, e->size);
		set_attributes(inode, e);
	}
	/* A directory keeps the time that the archive gave it. */
	if (dir != inode)
		dir->mtime = dir->ctime = mtime;
	inode_put(inode);
	return error;
}

static int on_entry(void *argument, const struct cpio_entry *e)
{
	struct unpack *u = argument;
	int error = unpack_member(u, e);

	if (error) {
		log_line(LOG_ERROR, "root archive: %.128s: error %d", e->name,
			 -error);
		if (!u->error)
			u->error = error;
	}
	return error == -ENOMEM || error == -ENOSPC ? error : 0;
}

int ramfs_unpack(struct inode *root, const void *data, size_t size)
{
	struct unpack u = {.root = root};
	size_t at;
	int error = cpio_read(data, size, on_entry, &u, &at);

	if (error == -EINVAL && at == 0)
		log_line(LOG_ERROR, "root archive: not a cpio archive (newc)");
	else if (error == -EINVAL)
		log_line(LOG_ERROR, "root archive: damaged at byte %zu of %zu",
			 at, size);
	else if (error)
		log_line(LOG_ERROR, "root archive: no memory to unpack it");
	forget_seen(&u);
	return error ? error : u.error;
}
