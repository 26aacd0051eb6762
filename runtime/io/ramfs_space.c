/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_space.c - the space of files in memory: pages made and given back.
 * All under inode->lock.
 */
#include "core/pages.h"
#include "io/ramfs_inode.h"
#include "lib/string.h"

#define PAGE_MASK (PAGE_SIZE - 1)

/*
 * Pages that files don't take, above the allocator's reserve and what is
 * promised to the program: 1/32 of the machine, 16 MiB at most.  A program that
 * fills /tmp shall see ENOSPC and have memory left to say so.
 */
#define KEEP_SHARE 32
#define KEEP_MAX 4096

size_t ramfs_free_pages(void)
{
	size_t total = pages_total(), free = pages_available();
	size_t slack = total < PAGES_SMALL ? PAGES_SLACK : 0;
	size_t keep = total / KEEP_SHARE, promised = pages_promised();

	keep = (keep < KEEP_MAX ? keep : KEEP_MAX) + pages_reserve();
	keep += promised > slack ? promised - slack : 0;
	return free > keep ? free - keep : 0;
}

const unsigned char *ramfs_image_page(const struct ramfs_inode *r,
				      uint64_t index, size_t *size)
{
	uint64_t start = index << PAGE_SHIFT;

	if (start >= r->file.image_size)
		return NULL;
	*size = ramfs_min(r->file.image_size - start, PAGE_SIZE);
	return r->file.image + start;
}

int ramfs_get_page(struct ramfs_inode *r, uint64_t index, bool whole,
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
	phys = ramfs_free_pages() ? pages_alloc(0, 0) : 0;
	if (!phys)
		return -ENOSPC;
	*found = phys_to_virt(phys);
	image = ramfs_image_page(r, index, &size);
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

static void zero_in_page(struct ramfs_inode *r, uint64_t from, uint64_t to)
{
	unsigned char *page = page_map_find(&r->file.pages, from >> PAGE_SHIFT);

	if (page && to > from)
		memset(page + (from & PAGE_MASK), 0, to - from);
}

int ramfs_set_size(struct inode *inode, uint64_t size)
{
	struct ramfs_inode *r = ramfs_of(inode);
	uint64_t end = (size + PAGE_MASK) >> PAGE_SHIFT;

	if (size < inode->size || r->file.pages.pages) {
		zero_in_page(r, size,
			     ramfs_min(end << PAGE_SHIFT, VFS_SIZE_MAX));
		if (size <= inode->size)
			page_map_clear(&r->file.pages, end, UINT64_MAX);
		r->file.image_size = ramfs_min(r->file.image_size, size);
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

	if (start >= end)
		return 0;
	/* What hides the image must be there. */
	for (i = start >> PAGE_SHIFT;
	     !error && i < image_pages && i << PAGE_SHIFT < end; i++)
		error = ramfs_get_page(r, i, false, &page, &fresh);
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

	if (last - first > have && last - first - have > ramfs_free_pages())
		return -ENOSPC;
	for (uint64_t i = first; i < last && !error; i++)
		if (i << PAGE_SHIFT >= r->file.image_size)
			error = ramfs_get_page(r, i, false, &page, &fresh);
	return error;
}

int ramfs_allocate(struct inode *inode, unsigned how, uint64_t start,
		   uint64_t size)
{
	struct ramfs_inode *r = ramfs_of(inode);
	uint64_t end = start + size;
	int error;

	if (how & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
		error = make_hole(r, start, ramfs_min(end, inode->size));
	else
		error = reserve(r, start, end);
	if (!error && !(how & FALLOC_FL_KEEP_SIZE) && end > inode->size)
		inode->size = end;
	return error;
}
