/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_inode.h - what the parts of ramfs share: its inodes, and the pages of
 * a file.
 */
#ifndef IO_RAMFS_INODE_H
#define IO_RAMFS_INODE_H

#include "io/inode.h"
#include "lib/tree.h"

/*
 * A map from page index to page: a radix tree that is as high as the largest
 * index needs.  The caller locks.
 */
struct page_map {
	void *root; /* height 0: page 0 itself */
	unsigned height;
	size_t pages; /* that are there */
};

/* The page, or NULL. */
unsigned char *page_map_find(const struct page_map *map, uint64_t index);
/*
 * Puts a page where none is; -ENOMEM.  page_map_clear gives pages back, of
 * indices first <= i < end.
 */
int page_map_insert(struct page_map *map, uint64_t index, unsigned char *page);
void page_map_clear(struct page_map *map, uint64_t first, uint64_t end);
/* The smallest index >= first that has a page; UINT64_MAX. */
uint64_t page_map_next(const struct page_map *map, uint64_t first);

struct ramfs_entry {
	struct tree_node by_name, by_cookie;
	struct list of_inode; /* among the names of its inode */
	struct inode *dir, *inode;
	uint64_t cookie; /* its place in listings */
	uint16_t length;
	char text[];
};

struct ramfs_inode {
	struct inode inode; /* first */
	struct list names;  /* of ramfs_entry, by of_inode */
	union {
		struct {
			struct page_map pages;
			/* What absent pages hold, up to image_size. */
			const unsigned char *image;
			uint64_t image_size;
		} file;
		struct {
			struct tree by_name, by_cookie;
			uint64_t next_cookie;
			void (*populate)(struct inode *dir);
		} dir;
		struct {
			char *target; /* inode.size bytes */
		} link;
	};
};

static inline struct ramfs_inode *ramfs_of(struct inode *inode)
{
	return (struct ramfs_inode *)inode;
}

/* --- ramfs_space.c: pages of a file; inode->lock is held --- */

static inline uint64_t ramfs_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Pages that files may take, and leave the machine its reserve. */
size_t ramfs_free_pages(void);
/* The image's bytes in a page, and how many; NULL if there are none. */
const unsigned char *ramfs_image_page(const struct ramfs_inode *r,
				      uint64_t index, size_t *size);
/*
 * The page to write to; -ENOSPC.  One that is made for it has the image's
 * bytes, or is `fresh`: zeros, or with `whole` (all will be written) anything.
 */
int ramfs_get_page(struct ramfs_inode *r, uint64_t index, bool whole,
		   unsigned char **found, bool *fresh);
int ramfs_set_size(struct inode *inode, uint64_t size);
int ramfs_allocate(struct inode *inode, unsigned how, uint64_t start,
		   uint64_t size);

/* A new inode of any kind, without a name; -ENOMEM. */
int ramfs_new(struct fs *fs, const struct vfs_new *what, struct inode **made);
/* Gives back the content of a file. */
void ramfs_file_free(struct ramfs_inode *r);

extern const struct inode_ops ramfs_file_ops;
/* Symbolic links, devices, sockets, FIFOs. */
extern const struct inode_ops ramfs_other_ops;

/* The common operations. */
int ramfs_name_of(struct inode *inode, struct inode **dir,
		  struct vfs_name *name);
void ramfs_release(struct inode *inode);

#endif
