/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing VMDK: see vmdk.h. Numbers are sectors. A grain is the unit that is
 * there or not; a grain table (GT) has the sectors of 512 grains, the grain
 * directory (GD) those of the tables.
 *
 * Sparse: header, descriptor, GD and GTs twice, grains, each at a multiple of
 * a grain. Stream: header, descriptor, then markers, with a compressed grain,
 * a GT behind its grains, the GD and the header once more, which says where
 * the GD is.
 */
#include "config.h"
#include "vmdk.h"

#include <stdlib.h>
#include <zlib.h>

#include "bytes.h"
#include "sha256.h"
#include "util.h"

enum {
	GRAIN = 128,
	GRAIN_BYTES = GRAIN * DISK_SECTOR,
	TABLE_ENTRIES = 512,
	TABLE = TABLE_ENTRIES * 4 / DISK_SECTOR,
	DESCRIPTOR_AT = 1,
	DESCRIPTOR = 20,
	FLAG_NEWLINES = 1 << 0, /* the test of line ends is there */
	FLAG_SECOND = 1 << 1,	/* the second GD is */
	FLAG_COMPRESSED = 1 << 16,
	FLAG_MARKERS = 1 << 17,
	DEFLATE = 1,
	MARKER_END = 0,
	MARKER_TABLE = 1,
	MARKER_DIRECTORY = 2,
	MARKER_FOOTER = 3,
	HARDWARE = 13 /* ESXi 6.5, Workstation 14 */
};
#define MAGIC 0x564d444bu /* "KDMV" */
#define AT_END UINT64_MAX /* of the GD: the footer says */

struct writer {
	FILE *out;
	const struct disk *d;
	uint64_t grains, tables;
	uint8_t *used; /* of each grain: whether there is data */
	uint64_t at;   /* the sector that is written next */
	uint8_t *directory;
};

static uint64_t divided(uint64_t n, uint64_t by)
{
	return (n + by - 1) / by;
}

/* Whole sectors, with zeros behind. */
static void put(struct writer *w, const void *data, size_t n)
{
	static const uint8_t zeros[DISK_SECTOR];
	uint64_t sectors = divided(n, DISK_SECTOR);

	fwrite(data, 1, n, w->out);
	fwrite(zeros, 1, sectors * DISK_SECTOR - n, w->out);
	w->at += sectors;
}

static void pad_to(struct writer *w, uint64_t sector)
{
	while (w->at < sector)
		put(w, "", 1);
}

static uint64_t directory_sectors(const struct writer *w)
{
	return divided(4 * w->tables, DISK_SECTOR);
}

/* Section "Hosted Sparse Extent Header". */
static void put_header(struct writer *w, uint32_t version, uint32_t flags,
		       uint64_t second, uint64_t first, uint64_t overhead)
{
	uint8_t h[DISK_SECTOR] = {0};

	put32(h, MAGIC);
	put32(h + 4, version);
	put32(h + 8, flags);
	put64(h + 12, w->d->size / DISK_SECTOR);
	put64(h + 20, GRAIN);
	put64(h + 28, DESCRIPTOR_AT);
	put64(h + 36, DESCRIPTOR);
	put32(h + 44, TABLE_ENTRIES);
	put64(h + 48, second);
	put64(h + 56, first);
	put64(h + 64, overhead);
	memcpy(h + 73, "\n \r\n", 4);
	put16(h + 77, flags & FLAG_COMPRESSED ? DEFLATE : 0);
	put(w, h, sizeof(h));
}

/*
 * The content's number is the end of its long form, and neither of the two that
 * mean none.
 */
static void content_id(const struct disk *d, char text[33])
{
	char digest[2 * SHA256_SIZE + 1];

	disk_digest(d, digest);
	memcpy(text, digest, 32);
	text[32] = '\0';
	if (str_starts(text + 24, "fffffff"))
		text[24] = '0';
}

static void put_descriptor(struct writer *w, const char *type,
			   const char *access, const char *name)
{
	uint64_t sectors = w->d->size / DISK_SECTOR;
	/* What BusLogic's and LSI Logic's BIOS make of a disk's size. */
	unsigned heads = sectors < 2 << 20 ? 64 : sectors < 4 << 20 ? 128 : 255;
	unsigned track = heads == 255 ? 63 : 32;
	char id[33], *text;

	content_id(w->d, id);
	text = xasprintf("# Disk DescriptorFile\n"
			 "version=1\n"
			 "encoding=\"UTF-8\"\n"
			 "CID=%s\n"
			 "parentCID=ffffffff\n"
			 "createType=\"%s\"\n"
			 "\n"
			 "# Extent description\n"
			 "%s %llu SPARSE \"%s\"\n"
			 "\n"
			 "# The Disk Data Base\n"
			 "#DDB\n"
			 "\n"
			 "ddb.adapterType = \"lsilogic\"\n"
			 "ddb.geometry.cylinders = \"%llu\"\n"
			 "ddb.geometry.heads = \"%u\"\n"
			 "ddb.geometry.sectors = \"%u\"\n"
			 "ddb.longContentID = \"%s\"\n"
			 "ddb.virtualHWVersion = \"%d\"\n",
			 id + 24, type, access, (unsigned long long)sectors,
			 name, (unsigned long long)(sectors / heads / track),
			 heads, track, id, HARDWARE);
	if (strlen(text) > (size_t)DESCRIPTOR * DISK_SECTOR)
		die(EXIT_FAILED, "'%s': the name is too long", name);
	put(w, text, strlen(text));
	pad_to(w, DESCRIPTOR_AT + DESCRIPTOR);
	free(text);
}

/* A GD whose GTs follow it from the sector `first` on. */
static void put_directory(struct writer *w, uint64_t first)
{
	for (uint64_t i = 0; i < w->tables; i++)
		put32(w->directory + 4 * i, (uint32_t)(first + i * TABLE));
	put(w, w->directory, 4 * w->tables);
}

static void put_tables(struct writer *w, uint64_t grains_at)
{
	uint8_t table[TABLE_ENTRIES * 4];

	for (uint64_t i = 0; i < w->tables; i++) {
		memset(table, 0, sizeof(table));
		for (uint64_t j = 0; j < TABLE_ENTRIES; j++) {
			uint64_t grain = i * TABLE_ENTRIES + j;

			if (grain >= w->grains || !w->used[grain])
				continue;
			put32(table + 4 * j, (uint32_t)grains_at);
			grains_at += GRAIN;
		}
		put(w, table, sizeof(table));
	}
}

static void write_sparse(struct writer *w, const char *name)
{
	uint64_t maps = directory_sectors(w) + w->tables * TABLE;
	uint64_t second = DESCRIPTOR_AT + DESCRIPTOR, first = second + maps;
	uint64_t overhead = divided(first + maps, GRAIN) * GRAIN;
	uint8_t *buf = xmalloc(GRAIN_BYTES);

	put_header(w, 1, FLAG_NEWLINES | FLAG_SECOND, second, first, overhead);
	put_descriptor(w, "monolithicSparse", "RW", name);
	for (int i = 0; i < 2; i++) {
		put_directory(w, w->at + directory_sectors(w));
		put_tables(w, overhead);
	}
	pad_to(w, overhead);
	for (uint64_t i = 0; i < w->grains; i++) {
		if (!w->used[i])
			continue;
		disk_read(w->d, i * GRAIN_BYTES, buf, GRAIN_BYTES);
		put(w, buf, GRAIN_BYTES);
	}
	free(buf);
}

/* A marker's sector: it is followed by so many of what it announces. */
static void put_marker(struct writer *w, uint64_t sectors, uint32_t type)
{
	uint8_t m[DISK_SECTOR] = {0};

	put64(m, sectors);
	put32(m + 12, type);
	put(w, m, sizeof(m));
}

/* A grain's marker has its data in the same sector. */
static void put_grain(struct writer *w, uint64_t grain, uint8_t *in,
		      uint8_t *out)
{
	uLongf n = compressBound(GRAIN_BYTES);

	disk_read(w->d, grain * GRAIN_BYTES, in, GRAIN_BYTES);
	if (compress2(out + 12, &n, in, GRAIN_BYTES, Z_BEST_COMPRESSION) !=
	    Z_OK)
		die(EXIT_FAILED, "zlib can't compress");
	put64(out, grain * GRAIN);
	put32(out + 8, (uint32_t)n);
	put(w, out, 12 + n);
}

static void put_table_of_stream(struct writer *w, uint64_t i, uint8_t *in,
				uint8_t *out)
{
	uint8_t table[TABLE_ENTRIES * 4] = {0};

	for (uint64_t j = 0; j < TABLE_ENTRIES; j++) {
		uint64_t grain = i * TABLE_ENTRIES + j;

		if (grain >= w->grains || !w->used[grain])
			continue;
		put32(table + 4 * j, (uint32_t)w->at);
		put_grain(w, grain, in, out);
	}
	put_marker(w, TABLE, MARKER_TABLE);
	put32(w->directory + 4 * i, (uint32_t)w->at);
	put(w, table, sizeof(table));
}

static void write_stream(struct writer *w, const char *name)
{
	uint32_t flags = FLAG_NEWLINES | FLAG_COMPRESSED | FLAG_MARKERS;
	uint8_t *in = xmalloc(GRAIN_BYTES);
	uint8_t *out = xmalloc(12 + compressBound(GRAIN_BYTES));
	uint64_t directory;

	put_header(w, 3, flags, 0, AT_END, GRAIN);
	put_descriptor(w, "streamOptimized", "RDONLY", name);
	pad_to(w, GRAIN);
	for (uint64_t i = 0; i < w->tables; i++)
		put_table_of_stream(w, i, in, out);
	put_marker(w, directory_sectors(w), MARKER_DIRECTORY);
	directory = w->at;
	put(w, w->directory, 4 * w->tables);
	put_marker(w, 1, MARKER_FOOTER);
	put_header(w, 3, flags, 0, directory, GRAIN);
	put_marker(w, 0, MARKER_END);
	free(out);
	free(in);
}

void vmdk_write(FILE *out, const struct disk *d, enum vmdk_kind kind,
		const char *name)
{
	struct writer w = {.out = out, .d = d};

	w.grains = divided(d->size, GRAIN_BYTES);
	w.tables = divided(w.grains, TABLE_ENTRIES);
	w.used = disk_used(d, GRAIN_BYTES, NULL);
	w.directory = xcalloc(w.tables, 4);
	if (kind == VMDK_STREAM)
		write_stream(&w, name);
	else
		write_sparse(&w, name);
	free(w.directory);
	free(w.used);
}
