/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfs_etc.c - a minimal /etc: one user, this host, no name server.
 */
#include "io/vfs_etc.h"
#include "core/heap.h"
#include "core/process.h"
#include "io/ramfs.h"
#include "lib/format.h"
#include "lib/string.h"

/* %s is the host name. */
static const struct {
	const char *name, *text;
} files[] = {
    {"hostname", "%s\n"},
    {"hosts", "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n"},
    {"passwd", "root:x:0:0:root:/root:/bin/sh\n"},
    {"group", "root:x:0:\n"},
    {"resolv.conf", ""},
    {"nsswitch.conf", "hosts: files dns\n"},
};

/* Kept as long as the machine runs: a file's image is never given back. */
static char *make_text(const char *text, const char *place, size_t *size)
{
	size_t room = strlen(text) + strlen(process.host_name) + 1;
	char *made = heap_alloc(room);

	if (made)
		*size = format(made, room, "%.*s%s%s", (int)(place - text),
			       text, process.host_name, place + 2);
	return made;
}

void etc_populate(struct inode *dir)
{
	struct vfs_new what = {.mode = S_IFREG | 0644};

	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct inode *file;
		size_t size = strlen(files[i].text);
		const char *text = files[i].text, *place;

		if (ramfs_find(dir, files[i].name))
			continue;
		place = strchr(text, '%');
		if (place)
			text = make_text(text, place, &size);
		file = text ? ramfs_add(dir, files[i].name, &what) : NULL;
		if (file)
			ramfs_set_image(file, text, size);
	}
}
