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

/*
 * Pages that files don't take, above the allocator's own reserve: 1/32 of the
 * machine, 16 MiB at most.  A program that fills /tmp shall see ENOSPC and
 * have memory left to say so.
 */
#define KEEP_SHARE 32
#define KEEP_MAX 4096

static size_t pages_for_files(void)
{
	size_t keep = pages_total() / KEEP_SHARE, free = pages_available();

	keep = (keep < KEEP_MAX ? keep : KEEP_MAX) + pages_reserve();
	return free > keep ? free - keep : 0;
}

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The bytes of the image in page `index`, and how many; NULL if none. */
static const unsigned char *image_page(const struct ramfs_inode *r,
				       uint64_t index, size_t *size)
{
	uint64_t start = index << PAGE_SHIFT;

	if (start >= r->file.image_size)
		return NULL;
	*size = min64(r->file.image_size - start, PAGE_SIZE);
	return r->file.image + start;
}

/*
 * The page to write to.  A fresh one has the image's bytes, else, with `whole`
 * (all of it will be overwritten), anything, else zeros.
 */
static int get_page(struct ramfs_inode *r, uint64_t index, bool whole,
		    unsigned char **found, bool *fresh)
{
	const unsigned char *image;
	size_t size = 0;
	phys_t phys;
	int error;

	*fresh = false;
	*found = page_map_find(&r->file.pages, index);
	if (*found)
		return 0;
	phys = pages_for_files() ? pages_alloc(0, 0) : 0;
	if (!phys)
		return -ENOSPC;
	*found = phys_to_virt(phys);
	image = image_page(r, index, &size);
	if (image)
		memcpy(*found, image, size);
	if (image || !whole)
		memset(*found + size, 0, PAGE_SIZE - size);
	error = page_map_insert(&r->file.pages, index, *found);
	if (error)
		pages_free(phys, 0);
	*fresh = !image;
	return error ? -ENOSPC : 0;
}

static int read_part(struct ramfs_inode *r, struct uio *to, uint64_t pos,
		     size_t n)
{
	size_t offset = pos & PAGE_MASK, size = 0;
	uint64_t index = pos >> PAGE_SHIFT;
	const unsigned char *from = page_map_find(&r->file.pages, index);
	int error = 0;

	if (from)
		return uio_write(to, from + offset, n);
	from = image_page(r, index, &size);
	size = size > offset ? min64(size - offset, n) : 0;
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
		size_t n = min64(PAGE_SIZE - (*pos & PAGE_MASK), to->left);

		n = min64(n, inode->size - *pos);
		error = read_part(ramfs_of(inode), to, *pos, n);
		if (!error) {
			*pos += n;
			done += n;
		}
	}
	mutex_unlock(&inode->lock);
	inode_touch_read(inode, f->flags);
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
	return min64(n, min64(vfs_size_limit, VFS_SIZE_MAX) - pos);
}

static int write_part(struct inode *inode, struct uio *from, uint64_t pos,
		      size_t n)
{
	size_t offset = pos & PAGE_MASK;
	unsigned char *page;
	bool fresh;
	int error = get_page(ramfs_of(inode), pos >> PAGE_SHIFT, n == PAGE_SIZE,
			     &page, &fresh);

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
	if (f->flags & O_APPEND)
		*pos = inode->size;
	left = writable(inode, *pos, from->left);
	while (left > 0 && !error) {
		size_t n =
		    min64(PAGE_SIZE - (*pos & PAGE_MASK), (uint64_t)left);

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
	return (long)min64(pos, size);
}

static long ramfs_seek(struct file *f, int64_t offset, int whence)
{
	struct inode *inode = f->inode;
	int64_t base = 0, to;

	mutex_lock(&inode->lock);
	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		offset = seek_data(ramfs_of(inode), (uint64_t)offset,
				   whence == SEEK_HOLE);
	else if (whence == SEEK_CUR)
		base = (int64_t)f->pos;
	else if (whence == SEEK_END)
		base = (int64_t)inode->size;
	else if (whence != SEEK_SET)
		offset = -EINVAL;
	mutex_unlock(&inode->lock);
	if (whence > SEEK_END || whence < 0) {
		if (offset < 0)
			return offset;
	} else if (__builtin_add_overflow(base, offset, &to) && offset > 0) {
		return -EOVERFLOW;
	}
	to = base + offset;
	if (to < 0)
		return -EINVAL;
	f->pos = (uint64_t)to;
	return to;
}

static long ramfs_ioctl(struct file *f, unsigned long request,
			uintptr_t argument)
{
	uint64_t size = f->inode->size, pos = f->pos;
	int32_t left = (int32_t)min64(size > pos ? size - pos : 0, INT32_MAX);

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

/* Zeros in the page that holds [from, to), if there is one. */
static void zero_in_page(struct ramfs_inode *r, uint64_t from, uint64_t to)
{
	unsigned char *page = page_map_find(&r->file.pages, from >> PAGE_SHIFT);

	if (page && to > from)
		memset(page + (from & PAGE_MASK), 0, to - from);
}

static int set_size(struct inode *inode, uint64_t size)
{
	struct ramfs_inode *r = ramfs_of(inode);
	uint64_t end = (size + PAGE_MASK) >> PAGE_SHIFT;

	if (size < inode->size || r->file.pages.pages) {
		zero_in_page(r, size, min64(end << PAGE_SHIFT, VFS_SIZE_MAX));
		if (size <= inode->size)
			page_map_clear(&r->file.pages, end, UINT64_MAX);
		r->file.image_size = min64(r->file.image_size, size);
	}
	inode->size = size;
	return 0;
}

/* Reads as zeros from then on; FALLOC_FL_PUNCH_HOLE and _ZERO_RANGE. */
static int make_hole(struct ramfs_inode *r, uint64_t start, uint64_t end)
{
	uint64_t first = (start + PAGE_MASK) >> PAGE_SHIFT;
	uint64_t last = end >> PAGE_SHIFT, i;
	uint64_t image_pages = (r->file.image_size + PAGE_MASK) >> PAGE_SHIFT;
	unsigned char *page;
	bool fresh;
	int error = 0;

	/* What hides the image must be there. */
	for (i = start >> PAGE_SHIFT;
	     !error && i < image_pages && i << PAGE_SHIFT < end; i++)
		error = get_page(r, i, false, &page, &fresh);
	if (error)
		return error;
	if (start >> PAGE_SHIFT == end >> PAGE_SHIFT) {
		zero_in_page(r, start, end);
		return 0;
	}
	zero_in_page(r, start, first << PAGE_SHIFT);
	zero_in_page(r, last << PAGE_SHIFT, end);
	for (i = first; i < last && i < image_pages; i++)
		zero_in_page(r, i << PAGE_SHIFT, (i + 1) << PAGE_SHIFT);
	page_map_clear(&r->file.pages, i, last);
	return 0;
}

static int reserve(struct ramfs_inode *r, uint64_t start, uint64_t end)
{
	uint64_t first = start >> PAGE_SHIFT;
	uint64_t last = (end + PAGE_MASK) >> PAGE_SHIFT;
	uint64_t have = r->file.pages.pages +
			((r->file.image_size + PAGE_MASK) >> PAGE_SHIFT);
	unsigned char *page;
	bool fresh;
	int error = 0;

	if (last - first > have && last - first - have > pages_for_files())
		return -ENOSPC;
	for (uint64_t i = first; i < last && !error; i++)
		if (i << PAGE_SHIFT >= r->file.image_size)
			error = get_page(r, i, false, &page, &fresh);
	return error;
}

static int allocate(struct inode *inode, unsigned how, uint64_t start,
		    uint64_t size)
{
	struct ramfs_inode *r = ramfs_of(inode);
	uint64_t end = start + size;
	int error;

	if (how & FALLOC_FL_PUNCH_HOLE)
		error = make_hole(r, start, min64(end, inode->size));
	else if (how & FALLOC_FL_ZERO_RANGE)
		error = make_hole(r, start, min64(end, inode->size));
	else
		error = reserve(r, start, end);
	if (!error && !(how & FALLOC_FL_KEEP_SIZE) && end > inode->size)
		inode->size = end;
	return error;
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
	st->blocks_free = st->blocks_available = pages_for_files();
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
    .set_size = set_size,
    .allocate = allocate,
    .stat = file_stat,
    .release = ramfs_release,
};
