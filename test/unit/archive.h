/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * archive.h - for tests of the root archive: a cpio archive written in memory,
 * and a ramfs emptied.
 */
#ifndef TEST_ARCHIVE_H
#define TEST_ARCHIVE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/panic.h"
#include "io/ramfs.h"

/*
 * In place of host_panic.c: messages about damaged archives are counted, not
 * shown.
 */
void (*panic_output)(const char *text, size_t n);
void (*log_output)(const char *text, size_t n);
void (*status_output)(int status);
enum log_level log_level = LOG_WARNING;
static unsigned log_lines;

void panic(const struct trap_frame *frame, const char *fmt, ...)
{
	(void)frame;
	fprintf(stderr, "panic: %s\n", fmt);
	abort();
}

void log_line(enum log_level level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
	log_lines++;
}

struct archive {
	char bytes[65536];
	size_t size;
};

static inline void archive_pad(struct archive *a)
{
	while (a->size % 4)
		a->bytes[a->size++] = '\0';
}

/* A member; links > 1 and the same ino make hard links. */
static inline void archive_add(struct archive *a, const char *name,
			       unsigned mode, unsigned ino, unsigned links,
			       const void *data, size_t size)
{
	a->size += (size_t)sprintf(a->bytes + a->size,
				   "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X"
				   "%08X%08X%08X%08X",
				   ino, mode, 7, 8, links, 1000000 + ino,
				   (unsigned)size, 0, 1, 1, 3,
				   (unsigned)strlen(name) + 1, 0);
	memcpy(a->bytes + a->size, name, strlen(name) + 1);
	a->size += strlen(name) + 1;
	archive_pad(a);
	memcpy(a->bytes + a->size, data, size);
	a->size += size;
	archive_pad(a);
}

static inline void archive_end(struct archive *a)
{
	archive_add(a, "TRAILER!!!", 0, 0, 1, "", 0);
}

/* Takes one name of a directory. */
struct one_name {
	struct directory_sink sink; /* first */
	char text[VFS_NAME_MAX];
	size_t length;
};

static inline bool take_name(struct directory_sink *sink, struct vfs_name name,
			     uint64_t ino, uint32_t mode, uint64_t next)
{
	struct one_name *one = (struct one_name *)sink;

	(void)ino;
	(void)mode;
	(void)next;
	if (one->length)
		return false;
	memcpy(one->text, name.text, name.length);
	one->length = name.length;
	return true;
}

/* Removes all below dir. */
static inline void ramfs_clear(struct inode *dir)
{
	for (;;) {
		struct one_name one = {.sink.add = take_name};
		struct vfs_name name = {one.text, 0};
		uint64_t pos = 2;
		struct inode *inode;

		dir->ops->list(dir, &pos, &one.sink);
		name.length = one.length;
		if (!name.length || dir->ops->lookup(dir, name, &inode))
			return;
		if (inode_is_directory(inode))
			ramfs_clear(inode);
		dir->ops->remove(dir, name, inode);
		inode_put(inode);
	}
}

#endif
