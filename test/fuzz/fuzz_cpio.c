/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the root archive (runtime/io/cpio.c, ramfs_unpack.c): whatever it
 * holds, it is unpacked or refused, all of its tree can be read, and nothing is
 * lost.
 */
#include "archive.h"

#include "core/pages.h"
#include "host.h"
#include "io/file.h"
#include "io/ramfs_unpack.h"
#include "io/vfs.h"

#define ARENA (8UL << 20)
#define DEPTH_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_file(struct inode *inode)
{
	static char buf[8192];
	struct abi_iovec vec = {buf, sizeof(buf)};
	struct uio to = {
	    .vec = &vec, .count = 1, .left = sizeof(buf), .kernel = true};
	struct abi_stat st;
	struct file *f;

	inode_stat(inode, &st);
	if (!S_ISREG(inode->mode) || vfs_open_inode(inode, O_RDONLY, &f))
		return;
	if (file_read(f, &to, NULL) < 0)
		abort();
	file_put(f);
}

struct reader {
	struct directory_sink sink; /* first */
	struct inode *dir;
	unsigned depth;
};

static bool read_entry(struct directory_sink *sink, struct vfs_name name,
		       uint64_t ino, uint32_t mode, uint64_t next)
{
	struct reader *r = (struct reader *)sink;
	struct reader below = {.sink.add = read_entry, .depth = r->depth + 1};
	struct inode *inode;
	uint64_t pos = 2;

	if (r->dir->ops->lookup(r->dir, name, &inode) || inode->ino != ino ||
	    inode->mode != mode || next <= 2)
		abort();
	read_file(inode);
	below.dir = inode;
	if (S_ISDIR(mode) && r->depth < DEPTH_MAX)
		inode->ops->list(inode, &pos, &below.sink);
	inode_put(inode);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fs fs;
	static bool started;
	struct reader r = {.sink.add = read_entry};
	uint64_t pos = 2;
	size_t free;
	long objects;

	if (!started) {
		host_ram_start(ARENA);
		pages_add(0, ARENA);
		host_threads_start();
		started = true;
	}
	free = pages_available();
	objects = host_heap_objects;
	r.dir = ramfs_mount(&fs, "tmpfs", 1);
	ramfs_unpack(r.dir, data, size);
	r.dir->ops->list(r.dir, &pos, &r.sink);
	ramfs_clear(r.dir);
	inode_put(r.dir);
	if (host_heap_objects != objects || pages_available() != free)
		abort();
	return 0;
}
