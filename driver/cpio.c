/* SPDX-License-Identifier: BSD-3-Clause */
/* The format of archives: see cpio.h. */
#include "config.h"
#include "cpio.h"

#include <string.h>

/* The header: a magic, then 13 fields of 8 hexadecimal digits. */
#define MAGIC "070701"
#define TRAILER "TRAILER!!!"
enum {
	MAGIC_LEN = 6,
	DIGITS = 8,
	FIELD_SIZE = 6, /* index of the file's size among the fields */
	FIELD_NAME = 11,
	FIELDS = 13,
	HEADER = MAGIC_LEN + FIELDS * DIGITS,
	ALIGN = 4
};

static void put(struct cpio *c, const void *data, size_t n)
{
	if (n)
		fwrite(data, 1, n, c->out);
	c->at += n;
}

static void pad(struct cpio *c)
{
	static const char zeros[ALIGN];

	put(c, zeros, (size_t)(-c->at & (ALIGN - 1)));
}

static void header(struct cpio *c, const struct cpio_entry *e, uint32_t ino)
{
	char text[HEADER + 1];
	uint32_t names = (uint32_t)strlen(e->name) + 1;

	/* ino mode uid gid nlink mtime size dev(2) rdev(2) name check */
	snprintf(text, sizeof(text),
		 MAGIC "%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 ino, e->mode, 0u, 0u, 1u, e->mtime, e->size, 0u, 0u, 0u, 0u,
		 names, 0u);
	put(c, text, HEADER);
	put(c, e->name, names);
	pad(c);
}

void cpio_begin(struct cpio *c, const struct cpio_entry *e)
{
	header(c, e, ++c->ino);
}

void cpio_data(struct cpio *c, const void *data, size_t n)
{
	put(c, data, n);
}

void cpio_end(struct cpio *c)
{
	pad(c);
}

void cpio_finish(struct cpio *c)
{
	header(c, &(struct cpio_entry){.name = TRAILER}, 0);
}

static bool hex_field(const char *header_text, int field, uint32_t *v)
{
	const char *p = header_text + MAGIC_LEN + field * DIGITS;

	*v = 0;
	for (int i = 0; i < DIGITS; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF";
		const char *at = p[i] ? strchr(digits, p[i]) : NULL;
		if (!at)
			return false;
		*v = *v << 4 | (uint32_t)((at - digits) & 15);
	}
	return true;
}

static size_t padded(size_t n)
{
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

const char *cpio_check(const void *data, size_t len, size_t *files)
{
	const char *p = data;
	size_t at = 0;
	uint32_t size, names;

	*files = 0;
	if (len < MAGIC_LEN || memcmp(p, MAGIC, MAGIC_LEN) != 0)
		return "not a cpio archive of the format newc";
	for (;;) {
		if (len < at || len - at < HEADER)
			return "truncated: an entry, or the end, is missing";
		if (memcmp(p + at, MAGIC, MAGIC_LEN) != 0 ||
		    !hex_field(p + at, FIELD_SIZE, &size) ||
		    !hex_field(p + at, FIELD_NAME, &names))
			return "an entry's header is damaged";
		at += HEADER;
		if (names == 0 || names > len - at)
			return "truncated: an entry's name is missing";
		if (p[at + names - 1] != 0)
			return "an entry's name is damaged";
		if (strcmp(p + at, TRAILER) == 0)
			return NULL;
		at = padded(at + names);
		if (at > len || size > len - at)
			return "truncated: an entry's content is missing";
		at = padded(at + size);
		++*files;
	}
}
