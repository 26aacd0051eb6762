/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_walk.c - following a path (path_resolution(7)).
 *
 * No lock is held between components.  A link's text gets a frame of its own;
 * where a path goes on after a link, its frame remembers it.  Frames live
 * until the walk ends, since w->name may lie in one.
 */
#include "io/vfs_walk.h"
#include "core/heap.h"
#include "io/vfs.h"
#include "lib/string.h"

#define LINKS_MAX 40 /* path_resolution(7) */

struct walk_frame {
	struct walk_frame *next;  /* in w->frames */
	struct walk_frame *outer; /* next text to go on with */
	const char *resume;	  /* in the text that had the link */
	char text[];
};

int walk_start(struct walk *w, struct inode *base, const char *path)
{
	memset(w, 0, sizeof(*w));
	if (!*path)
		return -ENOENT;
	w->at = *path == '/' ? vfs_root() : inode_get(base);
	w->rest = path;
	return w->at ? 0 : -ENOMEM;
}

void walk_end(struct walk *w)
{
	inode_put(w->at);
	while (w->frames) {
		struct walk_frame *next = w->frames->next;

		heap_free(w->frames);
		w->frames = next;
	}
}

bool walk_is_dot(struct vfs_name name)
{
	return name.length == 1 && name.text[0] == '.';
}

bool walk_is_dotdot(struct vfs_name name)
{
	return name.length == 2 && name.text[0] == '.' && name.text[1] == '.';
}

/* Skips slashes, and goes on where links ended; is there more? */
static bool more(struct walk *w)
{
	for (;;) {
		while (*w->rest == '/')
			w->rest++;
		if (*w->rest || !w->outer)
			return *w->rest;
		w->rest = w->outer->resume;
		w->outer = w->outer->outer;
	}
}

/* Takes the next component. */
static int take(struct walk *w)
{
	const char *start = w->rest;

	while (*w->rest && *w->rest != '/')
		w->rest++;
	w->name.text = start;
	w->name.length = (size_t)(w->rest - start);
	if (w->name.length > VFS_NAME_MAX)
		return -ENAMETOOLONG;
	return inode_is_directory(w->at) ? 0 : -ENOTDIR;
}

/* What is mounted on it, in its place. */
static struct inode *cross(struct inode *inode)
{
	struct inode *top;

	while ((top = __atomic_load_n(&inode->mounted, __ATOMIC_ACQUIRE))) {
		inode_get(top);
		inode_put(inode);
		inode = top;
	}
	return inode;
}

static struct inode *parent_of(struct inode *dir)
{
	struct inode *parent;

	while (dir->covers)
		dir = dir->covers;
	mutex_lock(&dir->fs->tree);
	parent = inode_get(dir->parent ? dir->parent : dir);
	mutex_unlock(&dir->fs->tree);
	return cross(parent);
}

int vfs_lookup_held(struct inode *dir, struct vfs_name name,
		    struct inode **found)
{
	return dir->ops->lookup ? dir->ops->lookup(dir, name, found) : -ENOTDIR;
}

int walk_lookup(struct walk *w, struct inode **found)
{
	int error;

	if (!w->name.length || walk_is_dot(w->name)) {
		*found = inode_get(w->at);
		return 0;
	}
	if (walk_is_dotdot(w->name)) {
		*found = parent_of(w->at);
		return 0;
	}
	mutex_lock(&w->at->fs->tree);
	error = vfs_lookup_held(w->at, w->name, found);
	mutex_unlock(&w->at->fs->tree);
	if (!error)
		*found = cross(*found);
	return error;
}

/* The text of a link in a frame of its own. */
static int read_frame(struct inode *link, struct walk_frame **frame)
{
	size_t room = link->size ? link->size + 1 : VFS_PATH_MAX;
	struct walk_frame *f;
	long n;

	if (!link->ops->read_link)
		return -EINVAL;
	if (room > VFS_PATH_MAX)
		return -ENAMETOOLONG;
	f = heap_alloc(sizeof(*f) + room);
	if (!f)
		return -ENOMEM;
	n = link->ops->read_link(link, f->text, room - 1);
	if (n <= 0) {
		heap_free(f);
		return n ? (int)n : -ENOENT;
	}
	f->text[n] = '\0';
	*frame = f;
	return 0;
}

static int enter_root(struct walk *w)
{
	struct inode *root = vfs_root();

	if (!root)
		return -ENOMEM;
	inode_put(w->at);
	w->at = root;
	return 0;
}

int walk_follow(struct walk *w, struct inode *link, struct inode **jump)
{
	struct walk_frame *f = NULL;
	int error;

	if (++w->links > LINKS_MAX)
		return -ELOOP;
	if (link->ops->follow) {
		error = link->ops->follow(link, jump);
		return error ? error : 1;
	}
	error = read_frame(link, &f);
	if (error)
		return error;
	f->next = w->frames;
	w->frames = f;
	if (more(w)) {
		f->resume = w->rest;
		f->outer = w->outer;
		w->outer = f;
	}
	w->rest = f->text;
	inode_touch_read(link, 0);
	return *w->rest == '/' ? enter_root(w) : 0;
}

/* Into w->name, which isn't the last component. */
static int enter(struct walk *w)
{
	struct inode *found, *jump;
	int error = walk_lookup(w, &found);

	if (error)
		return error;
	if (inode_is_link(found)) {
		error = walk_follow(w, found, &jump);
		inode_put(found);
		if (error <= 0)
			return error;
		found = jump;
	}
	inode_put(w->at);
	w->at = found;
	return 0;
}

int walk_to_last(struct walk *w)
{
	int error;

	w->name.length = 0;
	if (!more(w))
		return 0;
	for (;;) {
		const char *end;

		error = take(w);
		if (error)
			return error;
		end = w->rest;
		if (!more(w)) {
			w->directory |= *end == '/';
			return 0;
		}
		error = enter(w);
		if (error)
			return error;
	}
}
