/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Archives that become a guest's root file system: cpio, format "newc".
 *
 * The same tree makes the same bytes: names are sorted byte by byte, inode
 * numbers count from 1, owner and group are 0, and with $SOURCE_DATE_EPOCH set
 * every time is that one. Modes are the files' own. Links to the same file
 * become files of their own; sockets, pipes and devices are left out, with a
 * warning.
 *
 * Source of the format: cpio(5); the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
#ifndef HALVM_DRIVER_CPIO_H
#define HALVM_DRIVER_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct cpio {
	FILE *out;
	uint64_t at; /* bytes written */
	uint32_t ino;
};

struct cpio_entry {
	const char *name; /* relative, without "./" */
	uint32_t mode;	  /* with the type, as st_mode */
	uint32_t mtime;
	uint32_t size; /* of the data that follows */
};

/*
 * An entry; the caller then gives its data, in any number of pieces, and ends
 * it. Errors of the output stay in `out` (ferror).
 */
void cpio_begin(struct cpio *c, const struct cpio_entry *e);
void cpio_data(struct cpio *c, const void *data, size_t n);
void cpio_end(struct cpio *c);
/* The end of the archive. */
void cpio_finish(struct cpio *c);

/*
 * The files below dir, and the end. The file that `out` writes to isn't one
 * of them. Dies if one can't be read or is 4 GiB or longer.
 */
void cpio_tree(struct cpio *c, const char *dir);
/* The same without what has one of these names right in dir; NULL ends them. */
void cpio_tree_without(struct cpio *c, const char *dir,
		       const char *const names[]);

/*
 * A directory as cpio_tree has it, an archive as it is, once it is checked.
 * Dies if it is neither, or can't be read.
 */
void cpio_from(struct cpio *c, const char *path);

/* NULL, or what is wrong with an archive; *files counts its entries. */
const char *cpio_check(const void *data, size_t len, size_t *files);

#endif
