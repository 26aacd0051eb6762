/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_open.c - from a path to an inode, and to an open file.
 */
#include "io/devfs.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/vfs.h"
#include "io/vfs_dir.h"
#include "io/vfs_name.h"
#include "io/vfs_walk.h"
#include "lib/string.h"

#define PATH_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

int (*vfs_open_console)(uint32_t flags, struct file **file);
int (*vfs_open_fifo)(struct inode *inode, uint32_t flags, struct file **file);

/* --- O_PATH: a file that only names an inode ------------------------------ */

static void release_path(struct file *f)
{
	inode_put(f->inode);
}

static const struct file_ops path_ops = {
    .release = release_path,
};

static int open_path(struct inode *inode, uint32_t flags, struct file **file)
{
	struct file *f = file_create(&path_ops, NULL, flags & PATH_FLAGS);

	if (!f)
		return -ENOMEM;
	f->inode = inode_get(inode);
	*file = f;
	return 0;
}

/* --- by kind -------------------------------------------------------------- */

static int open_directory(struct inode *inode, uint32_t flags,
			  struct file **file)
{
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT)
		return -EISDIR;
	if (inode->ops->open)
		return inode->ops->open(inode, flags, file);
	return vfs_open_directory(inode, flags, file);
}

static int open_regular(struct inode *inode, uint32_t flags, struct file **file)
{
	int error = 0;

	if (inode->fs->read_only && !inode->ops->writable &&
	    (flags & O_ACCMODE) != O_RDONLY)
		return -EROFS;
	if (!inode->ops->open)
		return -EINVAL;
	if (flags & O_TRUNC && inode->ops->set_size)
		error = inode_set_size(inode, 0);
	return error ? error : inode->ops->open(inode, flags, file);
}

int vfs_open_inode(struct inode *inode, uint32_t flags, struct file **file)
{
	if (flags & O_PATH)
		return open_path(inode, flags, file);
	switch (inode->mode & S_IFMT) {
	case S_IFDIR:
		return open_directory(inode, flags, file);
	case S_IFREG:
		return open_regular(inode, flags, file);
	case S_IFCHR:
		return devfs_open(inode, flags, file);
	case S_IFIFO:
		return vfs_open_fifo ? vfs_open_fifo(inode, flags, file)
				     : -ENXIO;
	case S_IFLNK:
		return -ELOOP;
	case 0: /* what a descriptor without an inode stands for */
		return inode->ops->open(inode, flags, file);
	default:
		return -ENXIO;
	}
}

/* --- by path -------------------------------------------------------------- */

/* Follows w->name on as long as it leads to links and `follow` holds. */
static int resolve(struct walk *w, bool follow, struct inode **found)
{
	for (;;) {
		struct inode *link;
		int error = walk_to_last(w);

		if (!error)
			error = walk_lookup(w, found);
		if (error)
			return error;
		if (!inode_is_link(*found) || !(follow || w->directory))
			return 0;
		link = *found;
		error = walk_follow(w, link, found);
		inode_put(link);
		if (error)
			return error == 1 ? 0 : error;
	}
}

int vfs_lookup(struct inode *base, const char *path, unsigned flags,
	       struct inode **found)
{
	struct walk w;
	int error;

	if (!*path && flags & VFS_EMPTY) {
		*found = inode_get(base);
		return 0;
	}
	error = walk_start(&w, base, path);
	if (!error)
		error = resolve(&w, flags & VFS_FOLLOW, found);
	if (!error && w.directory && !inode_is_directory(*found)) {
		inode_put(*found);
		error = -ENOTDIR;
	}
	walk_end(&w);
	return error;
}

/* w's last name, made if there is none. */
static int find_or_create(struct walk *w, uint32_t flags, uint32_t mode,
			  struct inode **found, bool *created)
{
	struct vfs_new what = {.mode = S_IFREG | mode};
	int error;

	if (!w->name.length || walk_is_dot(w->name) ||
	    walk_is_dotdot(w->name)) {
		error = walk_lookup(w, found);
	} else if (w->directory) {
		return -EISDIR;
	} else {
		struct inode *dir = w->at;

		mutex_lock(&dir->fs->tree);
		error = vfs_lookup_held(dir, w->name, found);
		if (error == -ENOENT) {
			error = vfs_create_held(dir, w->name, &what, found);
			*created = !error;
		}
		mutex_unlock(&dir->fs->tree);
		if (!error && (*found)->mounted) {
			inode_put(*found);
			error = walk_lookup(w, found);
		}
	}
	if (!error && !*created && flags & O_EXCL) {
		inode_put(*found);
		error = -EEXIST;
	}
	return error;
}

static int resolve_create(struct walk *w, uint32_t flags, uint32_t mode,
			  struct inode **found, bool *created)
{
	for (;;) {
		struct inode *link;
		int error = walk_to_last(w);

		if (!error)
			error = find_or_create(w, flags, mode, found, created);
		if (error || !inode_is_link(*found) || flags & O_NOFOLLOW)
			return error;
		link = *found;
		error = walk_follow(w, link, found);
		inode_put(link);
		if (error)
			return error == 1 ? 0 : error;
	}
}

/* open(2), O_TMPFILE: a file without a name in that directory's system. */
static int open_tmpfile(struct inode *base, const char *path, uint32_t flags,
			uint32_t mode, struct file **file)
{
	struct vfs_new what = {.mode = S_IFREG | mode};
	struct vfs_name none = {NULL, 0};
	struct inode *dir, *inode = NULL;
	int error;

	if ((flags & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	error = vfs_lookup(base, path, VFS_FOLLOW, &dir);
	if (error)
		return error;
	error = inode_is_directory(dir) ? 0 : -ENOTDIR;
	if (!error) {
		mutex_lock(&dir->fs->tree);
		error = vfs_create_held(dir, none, &what, &inode);
		mutex_unlock(&dir->fs->tree);
	}
	if (!error) {
		inode->linkable = !(flags & O_EXCL);
		error =
		    vfs_open_inode(inode, flags & ~(uint32_t)O_TMPFILE, file);
	}
	inode_put(inode);
	inode_put(dir);
	return error;
}

int vfs_open(struct inode *base, const char *path, uint32_t flags,
	     uint32_t mode, struct file **file)
{
	struct inode *inode = NULL;
	bool created = false;
	struct walk w;
	int error;

	if (flags & O_PATH)
		flags &= PATH_FLAGS;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return open_tmpfile(base, path, flags, mode, file);
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	error = walk_start(&w, base, path);
	if (!error && flags & O_CREAT)
		error = resolve_create(&w, flags, mode, &inode, &created);
	else if (!error)
		error = resolve(&w, !(flags & O_NOFOLLOW), &inode);
	if (!error) {
		if ((w.directory || flags & O_DIRECTORY) &&
		    !inode_is_directory(inode))
			error = -ENOTDIR;
		else
			error = vfs_open_inode(
			    inode, created ? flags & ~(uint32_t)O_TRUNC : flags,
			    file);
		inode_put(inode);
	}
	walk_end(&w);
	return error;
}

/* --- what stat says of open files ----------------------------------------- */

#define ANONYMOUS_DEVICE ABI_DEV(0, 14)
#define ANONYMOUS_MODE 0600

int vfs_file_stat(struct file *f, struct abi_stat *st)
{
	if (f->ops->stat)
		return f->ops->stat(f, st);
	if (f->inode) {
		inode_stat(f->inode, st);
		return 0;
	}
	memset(st, 0, sizeof(*st));
	st->dev = ANONYMOUS_DEVICE;
	st->ino = st->nlink = 1;
	st->mode = ANONYMOUS_MODE;
	st->block_size = PAGE_SIZE;
	return 0;
}

void vfs_file_statfs(struct file *f, struct abi_statfs *st)
{
	if (f->inode) {
		inode_statfs(f->inode, st);
		return;
	}
	memset(st, 0, sizeof(*st));
	st->type = ANON_INODE_FS_MAGIC;
	st->block_size = st->fragment_size = PAGE_SIZE;
	st->name_max = VFS_NAME_MAX;
	st->flags = ST_VALID;
}
