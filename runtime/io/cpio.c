/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cpio.c - reading a cpio archive in the "newc" format (cpio(5)).
 *
 * A member is a header of a magic number and 13 fields of 8 hexadecimal
 * digits, its name with a NUL, padding to 4, its data, padding to 4.  Nothing
 * in the archive is believed: every size is compared with what is left.
 */
#include "io/cpio.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

#define MAGIC_SIZE 6
#define MAGIC "070701"
#define MAGIC_SUM "070702" /* with a checksum of the data */
#define FIELDS 13
#define FIELD_SIZE 8
#define HEADER_SIZE (MAGIC_SIZE + FIELDS * FIELD_SIZE)
#define ALIGNMENT 4
#define NAME_MAX 4096
#define TRAILER "TRAILER!!!"

enum field {
	INO,
	MODE,
	UID,
	GID,
	LINKS,
	MTIME,
	SIZE,
	DEV_MAJOR,
	DEV_MINOR,
	RDEV_MAJOR,
	RDEV_MINOR,
	NAME_SIZE,
	SUM,
};

static bool parse_field(const unsigned char *text, uint32_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < FIELD_SIZE; i++) {
		unsigned c = text[i], lower = c | 0x20;

		if (c >= '0' && c <= '9')
			c -= '0';
		else if (lower >= 'a' && lower <= 'f')
			c = lower - 'a' + 10;
		else
			return false;
		*value = *value << 4 | c;
	}
	return true;
}

/* The end of something that is padded from the archive's start, or `size`. */
static size_t padded(size_t end, size_t size)
{
	end = (end + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	return end < size ? end : size;
}

static bool sum_is(const struct cpio_entry *e, uint32_t sum)
{
	for (uint32_t i = 0; i < e->size; i++)
		sum -= e->data[i];
	return sum == 0;
}

static void fill(struct cpio_entry *e, const uint32_t *field)
{
	e->ino = field[INO];
	e->mode = field[MODE];
	e->uid = field[UID];
	e->gid = field[GID];
	e->links = field[LINKS];
	e->mtime = field[MTIME];
	e->size = field[SIZE];
	e->dev_major = field[DEV_MAJOR];
	e->dev_minor = field[DEV_MINOR];
	e->rdev_major = field[RDEV_MAJOR];
	e->rdev_minor = field[RDEV_MINOR];
	e->name_length = field[NAME_SIZE] - 1;
}

/* The member at *at, which moves behind it; false: damaged. */
static bool read_member(const unsigned char *archive, size_t size, size_t *at,
			struct cpio_entry *e)
{
	uint32_t field[FIELDS];
	size_t pos = *at;
	bool with_sum;

	if (size - pos < HEADER_SIZE)
		return false;
	with_sum = memcmp(archive + pos, MAGIC_SUM, MAGIC_SIZE) == 0;
	if (!with_sum && memcmp(archive + pos, MAGIC, MAGIC_SIZE) != 0)
		return false;
	pos += MAGIC_SIZE;
	for (unsigned i = 0; i < FIELDS; i++, pos += FIELD_SIZE)
		if (!parse_field(archive + pos, &field[i]))
			return false;
	if (field[NAME_SIZE] < 2 || field[NAME_SIZE] > NAME_MAX ||
	    field[NAME_SIZE] > size - pos)
		return false;
	fill(e, field);
	e->name = (const char *)archive + pos;
	if (strnlen(e->name, field[NAME_SIZE]) != e->name_length)
		return false;
	pos = padded(pos + field[NAME_SIZE], size);
	if (e->size > size - pos)
		return false;
	e->data = archive + pos;
	if (with_sum && !sum_is(e, field[SUM]))
		return false;
	*at = padded(pos + e->size, size);
	return true;
}

int cpio_read(const void *archive, size_t size,
	      int (*entry)(void *argument, const struct cpio_entry *e),
	      void *argument, size_t *at)
{
	const unsigned char *bytes = archive;
	bool ended = false;

	*at = 0;
	for (;;) {
		struct cpio_entry e;
		size_t next;
		int error;

		while (ended && *at < size && !bytes[*at])
			++*at;
		if (ended && *at == size)
			return 0;
		next = *at;
		if (!read_member(bytes, size, &next, &e))
			return -EINVAL;
		ended = strcmp(e.name, TRAILER) == 0;
		error = ended ? 0 : entry(argument, &e);
		if (error)
			return error;
		*at = next;
	}
}
