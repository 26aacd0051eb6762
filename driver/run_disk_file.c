/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Disks that halvm-image made, in the place of an image: see run.h.
 *
 * All that the program is given is on the disk, and its console is a plain one,
 * so this process becomes QEMU, with the serial port at its standard streams.
 * QEMU reads all formats; what it writes is dropped at the end.
 */
#include "config.h"
#include "run.h"

#include "mapfile.h"

#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512, CD_MAGIC_AT = 32769, TAR_BLOCK = 512 };

static bool has(const struct mapfile *f, size_t at, const char *magic, size_t n)
{
	return f->len >= at && f->len - at >= n &&
	       memcmp((const char *)f->data + at, magic, n) == 0;
}

/* A size in a tar's header: octal digits, blanks around them. */
static uint64_t octal(const char *text, size_t n)
{
	uint64_t v = 0;

	for (; n > 0 && *text == ' '; n--)
		text++;
	for (; n > 0 && *text >= '0' && *text <= '7'; n--)
		v = v << 3 | (uint64_t)(*text++ - '0');
	return v;
}

/* The disk in an OVA, a tar: its first file whose name ends so. */
static bool find_vmdk(const struct mapfile *f, struct run_disk_file *d)
{
	static const char end[] = ".vmdk";
	size_t at = 0;

	while (has(f, at + 257, "ustar", 5) && f->len - at >= TAR_BLOCK) {
		const char *head = (const char *)f->data + at;
		size_t name = strnlen(head, 100);
		uint64_t size = octal(head + 124, 12);

		at += TAR_BLOCK;
		if (size > f->len - at)
			return false;
		if (name > strlen(end) &&
		    memcmp(head + name - strlen(end), end, strlen(end)) == 0) {
			d->at = at;
			d->size = size;
			return true;
		}
		size = (size + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
		if (size > f->len - at)
			return false;
		at += size;
	}
	return false;
}

bool run_disk_file(const char *path, struct run_disk_file *d)
{
	struct mapfile f;
	bool known = true;

	*d = (struct run_disk_file){.format = "raw"};
	if (!mapfile_open(&f, path))
		return false; /* whoever reads it as an image says why */
	if (has(&f, 0, "QFI\xfb", 4))
		d->format = "qcow2";
	else if (has(&f, 0, "KDMV", 4))
		d->format = "vmdk";
	else if (has(&f, 257, "ustar", 5) && find_vmdk(&f, d))
		d->format = "vmdk";
	else if (has(&f, CD_MAGIC_AT, "CD001", 5))
		d->is_cd = true;
	else
		known = has(&f, SECTOR - 2, "\x55\xaa", 2) &&
			!has(&f, 0, "\177ELF", 4) && f.len % SECTOR == 0 &&
			f.len > SECTOR;
	mapfile_close(&f);
	return known;
}

void run_disk_file_check(const struct run_args *a)
{
	const char *option = a->env.n	    ? "--env"
			     : a->root	    ? "--root"
			     : a->cwd	    ? "--cwd"
			     : a->host_name ? "--host-name"
			     : a->log_level ? "--log-level"
			     : a->clear_env ? "--clear-env"
					    : NULL;

	if (option)
		die(EXIT_USAGE,
		    "%s: '%s' is a disk, which holds all that its program is "
		    "given: halvm-image is told that",
		    option, a->image);
	if (a->args.n)
		die(EXIT_USAGE,
		    "'%s' is a disk, which holds its program's arguments: "
		    "halvm-image is told them",
		    a->image);
}
