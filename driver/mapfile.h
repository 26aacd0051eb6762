/* SPDX-License-Identifier: BSD-3-Clause */
/* A whole file as read-only memory: archives are large, and mostly skipped. */
#ifndef HALVM_MAPFILE_H
#define HALVM_MAPFILE_H

#include <stdbool.h>
#include <stddef.h>

struct mapfile {
	const void *data;
	size_t len;
};

/* False and errno if it can't be read; EISDIR for a directory. */
bool mapfile_open(struct mapfile *m, const char *path);
void mapfile_close(struct mapfile *m);

#endif
