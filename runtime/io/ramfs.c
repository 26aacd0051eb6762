/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs.c - regular files in memory: reading, writing, sizes.
 *
 * A page that isn't in the map holds the image's bytes, or zeros.  All but
 * opening runs under inode->lock, so that a write is seen whole or not at all.
 */
#include "io/ramfs.h"
#include "arch/user.h"
#include "core/heap.h"
#include "core/pages.h"
#include "core/signal.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/ramfs_inode.h"
#include "io/vfs.h"
#include "lib/string.h"

#define PAGE_MASK (PAGE_SIZE - 1)
#define BLOCKS_PER_PAGE 8 /* of 512 bytes */
#define FIONREAD 0x541b	  /* asm-generic/ioctls.h */

static int read_part(struct ramfs_inode *r, struct uio *to, uint64_t pos,
		     size_t n)
{
	size_t offset = pos & PAGE_MASK, size = 0;
	uint64_t index = pos >> PAGE_SHIFT;
	const unsigned char *from = page_map_find(&r->file.pages, index);
	int error = 0;

	if (from)
		return uio_write(to, from + offset, n);
	from = ramfs_image_page(r, index, &size);
	size = size > offset ? ramfs_min(size - offset, n) : 0;
	if (size)
		error = uio_write(to, from + offset, size);
	if (!error && n > size)
		error = uio_write_zeros(to, n - size);
	return error;
}

static long ramfs_read(struct file *f, struct uio *to, uint64_t *pos)
{
	struct inode *inode = f->inode;
	size_t done = 0;
	int error = 0;

	mutex_lock(&inode->lock);
	while (to->left && *pos < inode->size && !error) {
		size_t n = ramfs_min(PAGE_SIZE - (*pos & PAGE_MASK), to->left);

		n = ramfs_min(n, inode->size - *pos);
		error = read_part(ramfs_of(inode), to, *pos, n);
		if (!error) {
			*pos += n;
			done += n;
		}
	}
	mutex_unlock(&inode->lock);
	inode_touch_read(inode, file_flags(f));
	return done ? (long)done : error;
}

/* How many of n bytes may be written at pos. */
static long writable(struct inode *inode, uint64_t pos, size_t n)
{
	int error;

	if (inode->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (inode->seals & F_SEAL_GROW && n > 0 &&
	    (pos > inode->size || n > inode->size - pos))
		return -EPERM;
	error = n ? inode_check_size(pos + 1) : 0;
	if (error)
		return error;
	return ramfs_min(n, ramfs_min(vfs_size_limit, VFS_SIZE_MAX) - pos);
}

static int write_part(struct inode *inode, struct uio *from, uint64_t pos,
		      size_t n)
{
	size_t offset = pos & PAGE_MASK;
	unsigned char *page;
	bool fresh;
	int error = ramfs_get_page(ramfs_of(inode), pos >> PAGE_SHIFT,
				   n == PAGE_SIZE, &page, &fresh);

	if (error)
		return error;
	error = uio_read(page + offset, from, n);
	if (!error) {
		if (pos + n > inode->size)
			inode->size = pos + n;
	} else if (fresh) {
		memset(page, 0, PAGE_SIZE);
	} else if (pos + n > inode->size) {
		/* Past the end are zeros only, or growing would show them. */
		size_t keep = inode->size > pos ? inode->size - pos : 0;

		memset(page + offset + keep, 0, n - keep);
	}
	return error;
}

static long ramfs_write(struct file *f, struct uio *from, uint64_t *pos)
{
	struct inode *inode = f->inode;
	size_t done = 0;
	long left;
	int error = 0;

	mutex_lock(&inode->lock);
	if (file_flags(f) & O_APPEND)
		*pos = inode->size;
	left = writable(inode, *pos, from->left);
	while (left > 0 && !error) {
		size_t n =
		    ramfs_min(PAGE_SIZE - (*pos & PAGE_MASK), (uint64_t)left);

		error = write_part(inode, from, *pos, n);
		if (!error) {
			*pos += n;
			done += n;
			left -= (long)n;
		}
	}
	if (done)
		inode_touch(inode, TOUCH_MTIME | TOUCH_CTIME);
	mutex_unlock(&inode->lock);
	if (left < 0)
		return left;
	return done ? (long)done : error;
}

static long seek_data(struct ramfs_inode *r, uint64_t pos, bool hole)
{
	uint64_t size = r->inode.size, index;

	if (pos >= size)
		return -ENXIO;
	if (!hole) {
		if (pos < r->file.image_size)
			return (long)pos;
		index = page_map_next(&r->file.pages, pos >> PAGE_SHIFT);
		if (index >= size >> PAGE_SHIFT && index << PAGE_SHIFT >= size)
			return -ENXIO;
		index <<= PAGE_SHIFT;
		return (long)(index > pos ? index : pos);
	}
	while (pos < size && (pos < r->file.image_size ||
			      page_map_find(&r->file.pages, pos >> PAGE_SHIFT)))
		pos = (pos | PAGE_MASK) + 1;
	return (long)ramfs_min(pos, size);
}

static long ramfs_seek(struct file *f, int64_t offset, int whence)
{
	struct inode *inode = f->inode;
	int64_t found;

	switch (whence) {
	case SEEK_SET:
		return file_seek_to(f, 0, offset);
	case SEEK_CUR:
		return file_seek_to(f, (int64_t)f->pos, offset);
	case SEEK_END:
		return file_seek_to(f, (int64_t)inode->size, offset);
	case SEEK_DATA:
	case SEEK_HOLE:
		mutex_lock(&inode->lock);
		found = seek_data(ramfs_of(inode), (uint64_t)offset,
				  whence == SEEK_HOLE);
		mutex_unlock(&inode->lock);
		return found < 0 ? found : file_seek_to(f, 0, found);
	}
	return -EINVAL;
}

static long ramfs_ioctl(struct file *f, unsigned long request,
			uintptr_t argument)
{
	uint64_t size = f->inode->size, pos = f->pos;
	int32_t left =
	    (int32_t)ramfs_min(size > pos ? size - pos : 0, INT32_MAX);

	if (request != FIONREAD)
		return -ENOTTY;
	return user_write((void *)argument, &left, sizeof(left));
}

static int ramfs_truncate(struct file *f, uint64_t size)
{
	return inode_set_size(f->inode, size);
}

static int ramfs_sync(struct file *f)
{
	(void)f;
	return 0;
}

static void release_file(struct file *f)
{
	lock_file_released(f);
	inode_put(f->inode);
}

static const struct file_ops file_ops = {
    .read = ramfs_read,
    .write = ramfs_write,
    .ioctl = ramfs_ioctl,
    .seek = ramfs_seek,
    .truncate = ramfs_truncate,
    .sync = ramfs_sync,
    .close = lock_descriptor_closed,
    .release = release_file,
};

static int open_file(struct inode *inode, uint32_t flags, struct file **file)
{
	struct file *f = file_create(&file_ops, NULL, flags);

	if (!f)
		return -ENOMEM;
	f->inode = inode_get(inode);
	f->has_pos = true;
	*file = f;
	return 0;
}

static void file_stat(struct inode *inode, struct abi_stat *st)
{
	struct ramfs_inode *r = ramfs_of(inode);
	uint64_t image = (r->file.image_size + PAGE_MASK) >> PAGE_SHIFT;
	uint64_t pages = r->file.pages.pages;

	/* A page that hides one of the image counts once. */
	if (pages < image)
		pages = image;
	st->blocks = (int64_t)(pages * BLOCKS_PER_PAGE);
}

void ramfs_file_free(struct ramfs_inode *r)
{
	page_map_clear(&r->file.pages, 0, UINT64_MAX);
}

void ramfs_set_image(struct inode *file, const void *data, size_t size)
{
	struct ramfs_inode *r = ramfs_of(file);

	ramfs_file_free(r);
	r->file.image = data;
	r->file.image_size = size;
	file->size = size;
}

static void fs_stat(struct fs *fs, struct abi_statfs *st)
{
	(void)fs;
	st->blocks = pages_total();
	st->blocks_free = st->blocks_available = ramfs_free_pages();
	st->files = st->blocks;
	st->files_free = st->blocks_free;
}

void ramfs_init(struct fs *fs, const char *type, uint64_t device)
{
	fs->type = type;
	fs->device = device;
	fs->magic = TMPFS_MAGIC;
	fs->stat = fs_stat;
}

struct inode *ramfs_mount(struct fs *fs, const char *type, uint64_t device)
{
	struct vfs_new what = {.mode = S_IFDIR | 0755};
	struct inode *root;

	mutex_init(&fs->tree);
	ramfs_init(fs, type, device);
	return ramfs_new(fs, &what, &root) ? NULL : root;
}

struct inode *ramfs_new_file(struct fs *fs, uint32_t mode)
{
	struct vfs_new what = {.mode = S_IFREG | mode};
	struct inode *inode;

	return ramfs_new(fs, &what, &inode) ? NULL : inode;
}

const struct inode_ops ramfs_file_ops = {
    .name_of = ramfs_name_of,
    .open = open_file,
    .set_size = ramfs_set_size,
    .allocate = ramfs_allocate,
    .stat = file_stat,
    .release = ramfs_release,
};
