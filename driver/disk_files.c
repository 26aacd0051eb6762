/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a disk holds: the image, its command line, an archive.
 *
 * Of the image a loader needs what is loaded. Section headers, symbols and
 * what debuggers read, most of the file often, stay at home: GRUB would load
 * that, too, for a kernel to find it.
 */
#include "config.h"
#include "disk_parts.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <errno.h>

#include "bytes.h"
#include "cpio.h"
#include "epoch.h"
#include "image.h"
#include "util.h"

/* The Multiboot2 specification, version 2.0, section 3.1. */
enum { HEADER_WITHIN = 32768, HEADER_ALIGN = 8, ARCHITECTURE_I386 = 0 };
#define HEADER_MAGIC 0xe85250d6u

/* A page, or less of a tiny image: as much as has to be changed. */
enum { HEAD_MAX = 4096 };

static bool has_multiboot2(const unsigned char *p, size_t len)
{
	if (len > HEADER_WITHIN)
		len = HEADER_WITHIN;
	for (size_t at = 0; at + 16 <= len; at += HEADER_ALIGN) {
		uint32_t sum = HEADER_MAGIC + get32(p + at + 4) +
			       get32(p + at + 8) + get32(p + at + 12);

		if (get32(p + at) == HEADER_MAGIC && sum == 0)
			return get32(p + at + 4) == ARCHITECTURE_I386;
	}
	return false;
}

/* Where what is loaded ends, and the headers. */
static uint64_t loaded_end(const struct image *im)
{
	uint64_t end = im->phoff + im->nseg * sizeof(Elf64_Phdr);
	struct image_segment s;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type != PT_NULL && s.off + s.filesz > end)
			end = s.off + s.filesz;
	}
	return end;
}

static struct disk_file image_file(struct disk *d, const char *path)
{
	struct disk_file f = {"IMAGE.ELF", {{0}}};
	struct bytes b = disk_map(d, path);
	Elf64_Ehdr *head;
	uint64_t end, first;
	struct image im;
	char why[256];

	if (!image_parse(&im, b.data, b.len, why, sizeof(why)))
		die(EXIT_FAILED, "'%s' is %s", path, why);
	if (!has_multiboot2(b.data, b.len))
		die(EXIT_FAILED,
		    "'%s' can't boot from a disk: an image for '%s' has no "
		    "multiboot2 header",
		    path, im.target);
	end = loaded_end(&im);
	first = end < HEAD_MAX ? end : HEAD_MAX;
	head = disk_alloc(d, first);
	memcpy(head, b.data, first);
	head->e_shoff = 0;
	head->e_shnum = 0;
	head->e_shstrndx = 0;
	f.part[0] = (struct bytes){head, first};
	f.part[1] = (struct bytes){(const char *)b.data + first, end - first};
	return f;
}

/* With its NUL, where the reader stops; so it is never empty, either. */
static struct disk_file line_file(struct disk *d, const char *line)
{
	struct disk_file f = {"CMDLINE.TXT", {{0}}};
	size_t len = line ? strlen(line) : 0;
	char *copy = disk_alloc(d, len + 1);

	memcpy(copy, line ? line : "", len);
	f.part[0] = (struct bytes){copy, len + 1};
	return f;
}

/* The files of a directory, in an archive of ours. */
static char *pack(const char *root)
{
	static unsigned made;
	char *name = xasprintf("root-%u.cpi", made++);
	char *path = path_join(temp_dir(), name);
	struct cpio c = {.out = fopen(path, "we")};

	if (c.out)
		cpio_from(&c, root);
	if (!c.out || (ferror(c.out) | fclose(c.out)))
		die(EXIT_FAILED, "can't write '%s': %s", path, strerror(errno));
	free(name);
	return path;
}

static struct disk_file root_file(struct disk *d, const char *root)
{
	struct disk_file f = {"ROOT.CPI", {{0}}};
	const char *error;
	size_t files;

	if (dir_exists(root)) {
		char *path = pack(root);

		f.part[0] = disk_map(d, path);
		free(path);
		return f;
	}
	f.part[0] = disk_map(d, root);
	error = cpio_check(f.part[0].data, f.part[0].len, &files);
	if (error)
		die(EXIT_FAILED,
		    "'%s' is neither a directory nor a good archive: %s", root,
		    error);
	return f;
}

/* FNV-1a, 32 bits. */
static uint32_t hash(uint32_t h, struct bytes b)
{
	const uint8_t *p = b.data;

	for (uint64_t i = 0; i < b.len; i++)
		h = (h ^ p[i]) * 0x01000193u;
	return h;
}

void disk_collect(struct disk *d, const struct disk_contents *c,
		  struct disk_files *files)
{
	*files =
	    (struct disk_files){.firmware = c->firmware, .serial = 0x811c9dc5u};
	if (!files->firmware)
		files->firmware = disk_firmware();
	source_date_epoch(&files->time);
	files->v[files->n++] = image_file(d, c->image);
	files->v[files->n++] = line_file(d, c->command_line);
	files->root = c->root != NULL;
	files->reboot = c->reboot;
	if (c->root)
		files->v[files->n++] = root_file(d, c->root);
	for (size_t i = 0; i < files->n; i++)
		for (int part = 0; part < 2; part++)
			files->serial =
			    hash(files->serial, files->v[i].part[part]);
}
