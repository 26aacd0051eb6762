/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cpio.h - reading a cpio archive in the "newc" format (cpio(5)).
 */
#ifndef IO_CPIO_H
#define IO_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpio_entry {
	const char *name; /* NUL-terminated; as in the archive */
	size_t name_length;
	const unsigned char *data; /* in the archive */
	uint32_t size;
	uint32_t ino, mode, uid, gid, links, mtime;
	uint32_t dev_major, dev_minor, rdev_major, rdev_minor;
};

/*
 * Calls `entry` for each member up to the trailer; archives may follow each
 * other, with zeros between.  0; -EINVAL: no archive, or damaged (*at is
 * where); or the first result of `entry` that isn't 0, which ends it.
 */
int cpio_read(const void *archive, size_t size,
	      int (*entry)(void *argument, const struct cpio_entry *e),
	      void *argument, size_t *at);

#endif
