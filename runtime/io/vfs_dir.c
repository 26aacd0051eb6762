/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_dir.c - open directories: listing them.
 *
 * The place 0 is ".", 1 is "..", the rest is the file system's.
 */
#include "io/vfs_dir.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/vfs.h"

#define PLACE_DOTDOT 1
#define PLACE_FIRST 2

static long dir_read(struct file *f, struct uio *to, uint64_t *pos)
{
	(void)f;
	(void)to;
	(void)pos;
	return -EISDIR;
}

/* "." or ".."; false: the sink is full. */
static bool add_dot(struct inode *dir, uint64_t *pos,
		    struct directory_sink *sink)
{
	struct vfs_name name = {"..", *pos == PLACE_DOTDOT ? 2 : 1};
	struct inode *to = dir;

	if (*pos == PLACE_DOTDOT) {
		while (to->covers)
			to = to->covers;
		to = to->parent ? to->parent : to;
	}
	if (!sink->add(sink, name, to->ino, S_IFDIR, *pos + 1))
		return false;
	++*pos;
	return true;
}

static int dir_list(struct file *f, uint64_t *pos, struct directory_sink *sink)
{
	struct inode *dir = f->inode;
	int error = 0;

	mutex_lock(&dir->fs->tree);
	while (*pos < PLACE_FIRST && add_dot(dir, pos, sink))
		;
	if (*pos >= PLACE_FIRST && dir->ops->list)
		error = dir->ops->list(dir, pos, sink);
	mutex_unlock(&dir->fs->tree);
	inode_touch_read(dir, f->flags);
	return error;
}

static int dir_sync(struct file *f)
{
	return f->inode->ops->sync ? f->inode->ops->sync(f->inode) : 0;
}

static void dir_release(struct file *f)
{
	lock_file_released(f);
	inode_put(f->inode);
}

static const struct file_ops dir_ops = {
    .read = dir_read,
    .seek = file_seek_from,
    .sync = dir_sync,
    .list = dir_list,
    .release = dir_release,
};

int vfs_open_directory(struct inode *inode, uint32_t flags, struct file **file)
{
	struct file *f = file_create(&dir_ops, NULL, flags);

	if (!f)
		return -ENOMEM;
	f->inode = inode_get(inode);
	f->has_pos = true;
	*file = f;
	return 0;
}

int vfs_list(struct file *f, struct directory_sink *sink)
{
	if (!f->ops->list)
		return -ENOTDIR;
	if (f->inode && !f->inode->links)
		return -ENOENT;
	return f->ops->list(f, &f->pos, sink);
}
