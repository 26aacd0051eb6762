/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_dir.c - names in memory, and all inodes that aren't regular files.
 *
 * A directory has its entries twice: ordered by name for lookups, and by
 * cookie, a number that only grows, for listings, which so go on at the right
 * place whatever is added or removed meanwhile.  All under fs->tree.
 */
#include "core/clock.h"
#include "core/heap.h"
#include "io/devfs.h"
#include "io/ramfs.h"
#include "io/ramfs_inode.h"
#include "lib/string.h"

#define FIRST_COOKIE 2 /* after "." and ".." */
#define ENTRY_SIZE 20  /* what an entry counts in a directory's st_size */
#define LINK_MODE 0777 /* of symbolic links */
#define NEW_DIRECTORY_LINKS 2 /* its name and its "." */

#define BY_NAME(n) container_of(n, struct ramfs_entry, by_name)
#define BY_COOKIE(n) container_of(n, struct ramfs_entry, by_cookie)

static int compare(struct vfs_name name, const struct ramfs_entry *e)
{
	size_t n = name.length < e->length ? name.length : e->length;
	int order = memcmp(name.text, e->text, n);

	if (order)
		return order;
	return name.length < e->length ? -1 : name.length > e->length;
}

static void populate(struct inode *dir)
{
	void (*fn)(struct inode *) = ramfs_of(dir)->dir.populate;

	if (fn) {
		ramfs_of(dir)->dir.populate = NULL;
		fn(dir);
	}
}

static struct ramfs_entry *find(struct inode *dir, struct vfs_name name)
{
	struct tree_node *n;

	populate(dir);
	n = ramfs_of(dir)->dir.by_name.root;
	while (n) {
		int order = compare(name, BY_NAME(n));

		if (order == 0)
			return BY_NAME(n);
		n = order < 0 ? n->left : n->right;
	}
	return NULL;
}

/* --- entries -------------------------------------------------------------- */

static struct ramfs_entry *new_entry(struct vfs_name name)
{
	struct ramfs_entry *e = heap_alloc(sizeof(*e) + name.length);

	if (!e)
		return NULL;
	e->length = (uint16_t)name.length;
	memcpy(e->text, name.text, name.length);
	list_init(&e->of_inode);
	return e;
}

/* The entry leads to the inode from now on. */
static void attach(struct ramfs_entry *e, struct inode *inode)
{
	e->inode = inode_get(inode);
	list_append(&ramfs_of(inode)->names, &e->of_inode);
	if (inode_is_directory(inode)) {
		struct inode *old = inode->parent;

		inode->parent = inode_get(e->dir);
		e->dir->links++;
		inode_put(old);
	} else {
		inode->links++;
	}
	inode->linkable = false;
	inode_touch(inode, TOUCH_CTIME);
}

/*
 * It leads nowhere; the reference goes to the caller.  A directory keeps its
 * count of links, for it has one name or none.
 */
static struct inode *detach(struct ramfs_entry *e)
{
	struct inode *inode = e->inode;

	list_remove(&e->of_inode);
	if (inode_is_directory(inode)) {
		e->dir->links--;
	} else {
		inode->links--;
	}
	inode_touch(inode, TOUCH_CTIME);
	e->inode = NULL;
	return inode;
}

/* The name is gone for good. */
static void drop(struct ramfs_entry *e)
{
	struct inode *inode = detach(e);

	if (inode_is_directory(inode))
		inode->links = 0;
	inode_put(inode);
}

static void insert_entry(struct inode *dir, struct ramfs_entry *e)
{
	struct ramfs_inode *r = ramfs_of(dir);
	struct tree_node **link = &r->dir.by_name.root, *parent = NULL;
	struct vfs_name name = {e->text, e->length};

	while (*link) {
		parent = *link;
		link = compare(name, BY_NAME(parent)) < 0 ? &parent->left
							  : &parent->right;
	}
	tree_insert(&r->dir.by_name, &e->by_name, parent, link);
	parent = tree_last(&r->dir.by_cookie);
	e->cookie = r->dir.next_cookie++;
	e->dir = dir;
	tree_insert(&r->dir.by_cookie, &e->by_cookie, parent,
		    parent ? &parent->right : &r->dir.by_cookie.root);
	dir->size += ENTRY_SIZE;
	inode_touch(dir, TOUCH_MTIME | TOUCH_CTIME);
}

static void free_entry(struct ramfs_entry *e)
{
	struct inode *dir = e->dir;

	tree_remove(&ramfs_of(dir)->dir.by_name, &e->by_name);
	tree_remove(&ramfs_of(dir)->dir.by_cookie, &e->by_cookie);
	dir->size -= ENTRY_SIZE;
	inode_touch(dir, TOUCH_MTIME | TOUCH_CTIME);
	heap_free(e);
}

/* --- inodes --------------------------------------------------------------- */

static const struct inode_ops *ops_for(uint32_t mode)
{
	if (S_ISREG(mode))
		return &ramfs_file_ops;
	return S_ISDIR(mode) ? &ramfs_dir_ops : &ramfs_other_ops;
}

int ramfs_new(struct fs *fs, const struct vfs_new *what, struct inode **made)
{
	bool link = S_ISLNK(what->mode);
	struct ramfs_inode *r = heap_zalloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	inode_init(&r->inode, ops_for(what->mode), fs,
		   link ? S_IFLNK | LINK_MODE : what->mode, clock_wall());
	r->inode.ino = inode_next_number();
	r->inode.rdev = what->rdev;
	list_init(&r->names);
	if (S_ISDIR(what->mode)) {
		r->dir.next_cookie = FIRST_COOKIE;
		r->inode.links = NEW_DIRECTORY_LINKS;
	} else if (link) {
		r->inode.size = strlen(what->target);
		r->link.target = heap_alloc(r->inode.size);
		if (!r->link.target) {
			heap_free(r);
			return -ENOMEM;
		}
		memcpy(r->link.target, what->target, r->inode.size);
	}
	*made = &r->inode;
	return 0;
}

void ramfs_release(struct inode *inode)
{
	struct ramfs_inode *r = ramfs_of(inode);

	if (S_ISREG(inode->mode))
		ramfs_file_free(r);
	else if (inode_is_link(inode))
		heap_free(r->link.target);
	heap_free(r);
}

int ramfs_name_of(struct inode *inode, struct inode **dir,
		  struct vfs_name *name)
{
	struct list *names = &ramfs_of(inode)->names;
	struct ramfs_entry *e;

	if (list_empty(names))
		return -ENOENT;
	e = container_of(names->next, struct ramfs_entry, of_inode);
	*dir = e->dir;
	name->text = e->text;
	name->length = e->length;
	return 0;
}

/* --- the directory's operations ------------------------------------------- */

static int lookup(struct inode *dir, struct vfs_name name, struct inode **found)
{
	struct ramfs_entry *e = find(dir, name);

	if (!e)
		return -ENOENT;
	*found = inode_get(e->inode);
	return 0;
}

static int link(struct inode *dir, struct vfs_name name, struct inode *inode)
{
	struct ramfs_entry *e = new_entry(name);

	if (!e)
		return -ENOSPC;
	insert_entry(dir, e);
	attach(e, inode);
	return 0;
}

/* A directory with S_ISGID gives its group on (inode(7)). */
static int create(struct inode *dir, struct vfs_name name,
		  const struct vfs_new *what, struct inode **made)
{
	int error = ramfs_new(dir->fs, what, made);

	if (error)
		return error;
	if (dir->mode & S_ISGID) {
		(*made)->gid = dir->gid;
		if (inode_is_directory(*made))
			(*made)->mode |= S_ISGID;
	}
	if (!name.length) {
		(*made)->linkable = true;
		return 0;
	}
	error = link(dir, name, *made);
	if (error) {
		inode_put(*made);
		*made = NULL;
	}
	return error;
}

static bool is_empty(struct inode *inode)
{
	return !inode_is_directory(inode) ||
	       (populate(inode), !ramfs_of(inode)->dir.by_name.root);
}

static int remove(struct inode *dir, struct vfs_name name, struct inode *inode)
{
	struct ramfs_entry *e = find(dir, name);

	if (!e || e->inode != inode)
		return -ENOENT;
	if (!is_empty(inode))
		return -ENOTEMPTY;
	drop(e);
	free_entry(e);
	return 0;
}

static void exchange_entries(struct ramfs_entry *a, struct ramfs_entry *b)
{
	struct inode *was_a = detach(a), *was_b = detach(b);

	attach(a, was_b);
	attach(b, was_a);
	inode_put(was_a);
	inode_put(was_b);
	inode_touch(a->dir, TOUCH_MTIME | TOUCH_CTIME);
	inode_touch(b->dir, TOUCH_MTIME | TOUCH_CTIME);
}

static int rename(struct inode *from, struct vfs_name old_name,
		  struct inode *to, struct vfs_name new_name, bool exchange)
{
	struct ramfs_entry *a = find(from, old_name), *b = find(to, new_name);
	struct inode *inode;

	if (!a || (exchange && !b))
		return -ENOENT;
	if (exchange) {
		exchange_entries(a, b);
		return 0;
	}
	if (b && !is_empty(b->inode))
		return -ENOTEMPTY;
	if (!b) {
		b = new_entry(new_name);
		if (!b)
			return -ENOSPC;
		insert_entry(to, b);
	} else {
		drop(b);
		inode_touch(to, TOUCH_MTIME | TOUCH_CTIME);
	}
	inode = detach(a);
	attach(b, inode);
	inode_put(inode);
	free_entry(a);
	return 0;
}

static int list(struct inode *dir, uint64_t *pos, struct directory_sink *sink)
{
	struct tree_node *n, *next = NULL;

	populate(dir);
	n = ramfs_of(dir)->dir.by_cookie.root;
	while (n) {
		if (BY_COOKIE(n)->cookie >= *pos) {
			next = n;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	for (n = next; n; n = tree_next(n)) {
		struct ramfs_entry *e = BY_COOKIE(n);
		struct vfs_name name = {e->text, e->length};

		if (!sink->add(sink, name, e->inode->ino, e->inode->mode,
			       e->cookie + 1))
			break;
		*pos = e->cookie + 1;
	}
	return 0;
}

static void other_stat(struct inode *inode, struct abi_stat *st)
{
	if (S_ISCHR(inode->mode))
		devfs_stat(inode, st);
}

static long read_link(struct inode *inode, char *to, size_t size)
{
	if (size > inode->size)
		size = inode->size;
	memcpy(to, ramfs_of(inode)->link.target, size);
	return (long)size;
}

struct inode *ramfs_find(struct inode *dir, const char *name)
{
	struct vfs_name n = {name, strlen(name)};
	struct ramfs_entry *e = find(dir, n);

	return e ? e->inode : NULL;
}

struct inode *ramfs_add(struct inode *dir, const char *name,
			const struct vfs_new *what)
{
	struct vfs_name n = {name, strlen(name)};
	struct inode *inode = ramfs_find(dir, name);

	if (!inode && !create(dir, n, what, &inode))
		inode_put(inode); /* its entry holds it */
	return inode;
}

void ramfs_set_populate(struct inode *dir, void (*fn)(struct inode *dir))
{
	ramfs_of(dir)->dir.populate = fn;
}

const struct inode_ops ramfs_dir_ops = {
    .lookup = lookup,
    .create = create,
    .link = link,
    .remove = remove,
    .rename = rename,
    .list = list,
    .name_of = ramfs_name_of,
    .release = ramfs_release,
};

const struct inode_ops ramfs_other_ops = {
    .stat = other_stat,
    .name_of = ramfs_name_of,
    .read_link = read_link,
    .release = ramfs_release,
};
