/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs.h - the file system in memory.
 *
 * Names live in ordered trees; contents in pages by index, made when they are
 * first written, or in a read-only image (a part of the root archive) until
 * then.  The functions with fs->tree held are for those who fill a tree
 * before, or while, others see it.
 */
#ifndef IO_RAMFS_H
#define IO_RAMFS_H

#include "io/inode.h"

/* Fills in all but fs->tree; once or more often. */
void ramfs_init(struct fs *fs, const char *type, uint64_t device);
/* The root directory of a new ramfs; NULL: no memory. */
struct inode *ramfs_mount(struct fs *fs, const char *type, uint64_t device);

/* With fs->tree held, by C strings; inodes are borrowed; NULL: none. */
struct inode *ramfs_find(struct inode *dir, const char *name);
/* What is there, or a new one; NULL: no memory. */
struct inode *ramfs_add(struct inode *dir, const char *name,
			const struct vfs_new *what);
/*
 * A directory whose entries `populate` adds when it is first looked into,
 * with fs->tree held; names that are there stay.
 */
void ramfs_set_populate(struct inode *dir, void (*populate)(struct inode *dir));
/* A new regular file's content: read in place, copied when written. */
void ramfs_set_image(struct inode *file, const void *data, size_t size);

/* A regular file without a name. */
struct inode *ramfs_new_file(struct fs *fs, uint32_t mode);

/* The operations of a directory, for those who know its kind. */
extern const struct inode_ops ramfs_dir_ops;

#endif
