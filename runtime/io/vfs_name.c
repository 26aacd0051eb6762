/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_name.c - making, linking and removing names.
 *
 * A name is looked up and changed in one critical section of fs->tree, so two
 * who make the same name don't both succeed.
 */
#include "io/vfs_name.h"
#include "core/process.h"
#include "io/vfs.h"
#include "io/vfs_walk.h"
#include "lib/string.h"

int vfs_can_change(const struct inode *dir)
{
	if (dir->fs->read_only)
		return -EROFS;
	if (!inode_is_directory(dir))
		return -ENOTDIR;
	return dir->links ? 0 : -ENOENT;
}

int vfs_create_held(struct inode *dir, struct vfs_name name,
		    const struct vfs_new *what, struct inode **made)
{
	struct vfs_new masked = *what;
	int error = vfs_can_change(dir);

	if (error)
		return error;
	if (!dir->ops->create)
		return -EPERM;
	masked.mode &= ~(process.umask & ABI_S_IALLUGO);
	return dir->ops->create(dir, name, &masked, made);
}

static bool is_special(const struct walk *w)
{
	return !w->name.length || walk_is_dot(w->name) ||
	       walk_is_dotdot(w->name);
}

static int start(struct walk *w, struct inode *base, const char *path)
{
	int error = walk_start(w, base, path);

	return error ? error : walk_to_last(w);
}

/* 0: w's last name is free; -EEXIST, -ENOENT (a slash after it). */
static int is_free(struct walk *w, bool directory)
{
	struct inode *found;
	int error = vfs_lookup_held(w->at, w->name, &found);

	if (!error) {
		inode_put(found);
		return -EEXIST;
	}
	if (error == -ENOENT)
		error = w->directory && !directory ? -ENOENT : 0;
	return error;
}

int vfs_make(struct inode *base, const char *path, const struct vfs_new *what,
	     struct inode **made)
{
	struct inode *inode = NULL;
	struct walk w;
	int error = start(&w, base, path);

	if (!error && is_special(&w))
		error = -EEXIST;
	if (!error) {
		mutex_lock(&w.at->fs->tree);
		error = is_free(&w, S_ISDIR(what->mode));
		if (!error)
			error = vfs_create_held(w.at, w.name, what, &inode);
		mutex_unlock(&w.at->fs->tree);
	}
	walk_end(&w);
	if (!error && made)
		*made = inode;
	else if (!error)
		inode_put(inode);
	return error;
}

static int link_held(struct walk *w, struct inode *inode)
{
	int error = is_free(w, false);

	if (!error && w->at->fs != inode->fs)
		error = -EXDEV;
	if (!error)
		error = vfs_can_change(w->at);
	if (error)
		return error;
	if (inode_is_directory(inode))
		return -EPERM;
	if (!inode->links && !inode->linkable)
		return -ENOENT;
	if (inode->links == UINT32_MAX)
		return -EMLINK;
	return w->at->ops->link ? w->at->ops->link(w->at, w->name, inode)
				: -EPERM;
}

int vfs_link(struct inode *inode, struct inode *base, const char *path)
{
	struct walk w;
	int error = start(&w, base, path);

	if (!error && is_special(&w))
		error = -EEXIST;
	if (!error) {
		mutex_lock(&w.at->fs->tree);
		error = link_held(&w, inode);
		mutex_unlock(&w.at->fs->tree);
	}
	walk_end(&w);
	return error;
}

static bool is_mount(const struct inode *inode)
{
	return inode->mounted || inode->covers;
}

static int special_remove_error(const struct walk *w, bool directory)
{
	if (!directory)
		return -EISDIR;
	if (walk_is_dot(w->name))
		return -EINVAL;
	return w->name.length ? -ENOTEMPTY : -EBUSY;
}

static int remove_held(struct walk *w, struct inode *inode, bool directory)
{
	int error = vfs_can_change(w->at);

	if (error)
		return error;
	if (directory && !inode_is_directory(inode))
		return -ENOTDIR;
	if (!directory && inode_is_directory(inode))
		return -EISDIR;
	if (!directory && w->directory)
		return -ENOTDIR;
	if (is_mount(inode))
		return -EBUSY;
	return w->at->ops->remove ? w->at->ops->remove(w->at, w->name, inode)
				  : -EPERM;
}

int vfs_remove(struct inode *base, const char *path, bool directory)
{
	struct inode *inode = NULL;
	struct walk w;
	int error = start(&w, base, path);

	if (!error && is_special(&w))
		error = special_remove_error(&w, directory);
	if (!error) {
		mutex_lock(&w.at->fs->tree);
		error = vfs_lookup_held(w.at, w.name, &inode);
		if (!error)
			error = remove_held(&w, inode, directory);
		mutex_unlock(&w.at->fs->tree);
	}
	inode_put(inode);
	walk_end(&w);
	return error;
}

/* --- rename --------------------------------------------------------------- */

/* Is `dir` the directory `top` or below it? */
static bool is_below(const struct inode *dir, const struct inode *top)
{
	for (; dir; dir = dir->parent)
		if (dir == top)
			return true;
	return false;
}

/* What rename(2) forbids; `new` is NULL if the name is free. */
static int check_rename(const struct walk *from, const struct inode *old,
			const struct walk *to, const struct inode *new,
			unsigned flags)
{
	bool exchange = flags & RENAME_EXCHANGE;
	bool slash = from->directory || (to->directory && !exchange);

	if (new &&flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (slash && !inode_is_directory(old))
		return -ENOTDIR;
	if (exchange && to->directory && !inode_is_directory(new))
		return -ENOTDIR;
	if (inode_is_directory(old) && is_below(to->at, old))
		return -EINVAL;
	if (new &&inode_is_directory(new) && is_below(from->at, new))
		return exchange ? -EINVAL : -ENOTEMPTY;
	if (new && !exchange &&
	    inode_is_directory(old) != inode_is_directory(new))
		return inode_is_directory(old) ? -ENOTDIR : -EISDIR;
	if (is_mount(old) || (new &&is_mount(new)))
		return -EBUSY;
	return 0;
}

static int rename_held(struct walk *from, struct walk *to, unsigned flags,
		       struct inode **old, struct inode **new)
{
	int error = vfs_lookup_held(from->at, from->name, old);

	if (!error)
		error = vfs_can_change(from->at);
	if (!error)
		error = vfs_can_change(to->at);
	if (error)
		return error;
	error = vfs_lookup_held(to->at, to->name, new);
	if (error == -ENOENT && !(flags & RENAME_EXCHANGE))
		error = 0;
	if (!error)
		error = check_rename(from, *old, to, *new, flags);
	if (error || *old == *new)
		return error;
	if (!from->at->ops->rename)
		return -EPERM;
	return from->at->ops->rename(from->at, from->name, to->at, to->name,
				     flags & RENAME_EXCHANGE);
}

int vfs_rename(struct inode *old_base, const char *old_path,
	       struct inode *new_base, const char *new_path, unsigned flags)
{
	struct inode *old = NULL, *new = NULL;
	struct walk from, to = {.at = NULL};
	int error;

	if (flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE) ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	error = start(&from, old_base, old_path);
	if (!error)
		error = start(&to, new_base, new_path);
	if (!error && from.at->fs != to.at->fs)
		error = -EXDEV;
	if (!error && (is_special(&from) || is_special(&to)))
		error = flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (!error) {
		mutex_lock(&from.at->fs->tree);
		error = rename_held(&from, &to, flags, &old, &new);
		mutex_unlock(&from.at->fs->tree);
	}
	inode_put(old);
	inode_put(new);
	walk_end(&from);
	walk_end(&to);
	return error;
}
