/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The FAT file system of a disk, made to be read: FAT16 always, which both
 * GRUB and UEFI's firmware know (UEFI specification 2.10, section 13.3), each
 * file in one run of clusters, short names only.
 *
 * Source of the format: Microsoft, "FAT32 File System Specification", 1.03.
 */
#include "config.h"
#include "disk_parts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bytes.h"
#include "util.h"

enum {
	RESERVED = 1, /* sectors: the boot sector */
	FATS = 2,
	ROOT_ENTRIES = 512,
	ENTRY = 32,
	ROOT_SECTORS = ROOT_ENTRIES * ENTRY / DISK_SECTOR,
	/* What makes it FAT16, by section 3.5; a few more for old readers. */
	CLUSTERS_MIN = 4085 + 16,
	CLUSTERS_MAX = 65524 - 16,
	CLUSTER_SECTORS_MAX = 64,
	FIRST_CLUSTER = 2,
	LAST = 0xffff, /* of a chain */
	MEDIA = 0xf8,  /* a hard disk */
	ATTR_LABEL = 0x08,
	ATTR_DIR = 0x10,
	ATTR_FILE = 0x20,
	EFI_DIRS = 2, /* EFI, EFI/BOOT; each fits a cluster */
	/* The label, two folders, the files. */
	ROOT_USED = 3 + DISK_FILES_MAX
};

struct layout {
	uint32_t sectors;
	uint32_t cluster; /* sectors of one */
	uint32_t clusters;
	uint32_t fat; /* sectors of one */
};

struct writer {
	struct disk *d;
	const struct fat *f;
	struct layout l;
	uint16_t *fat;
	uint32_t next; /* free cluster */
	uint16_t date, time;
};

static struct layout layout(uint32_t sectors, uint32_t cluster)
{
	struct layout l = {.sectors = sectors, .cluster = cluster};
	uint32_t left = sectors - RESERVED - ROOT_SECTORS;

	/* At most one sector too long, which does no harm. */
	l.fat = (left / cluster + FIRST_CLUSTER) / (DISK_SECTOR / 2) + 1;
	l.clusters = (left - FATS * l.fat) / cluster;
	return l;
}

static uint32_t clusters_of(uint64_t len, uint32_t cluster)
{
	uint64_t size = (uint64_t)cluster * DISK_SECTOR;

	return (uint32_t)((len + size - 1) / size);
}

/* Of a directory of n entries, and its own two. */
static uint64_t dir_size(size_t n)
{
	return (n + 2) * (uint64_t)ENTRY;
}

static uint32_t clusters_used(const struct fat *f, uint32_t cluster)
{
	uint32_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += clusters_of(disk_file_size(&f->files[i]), cluster);
	for (size_t i = 0; i < f->modules_n; i++)
		n += clusters_of(disk_file_size(&f->modules[i]), cluster);
	if (f->modules_n)
		n += clusters_of(dir_size(f->modules_n), cluster);
	if (f->efi.data)
		n += EFI_DIRS + clusters_of(f->efi.len, cluster);
	return n;
}

uint32_t disk_fat_sectors(const struct fat *f)
{
	uint64_t total = f->efi.len;

	for (size_t i = 0; i < f->n; i++)
		total += disk_file_size(&f->files[i]);
	for (uint32_t c = 1; c <= CLUSTER_SECTORS_MAX; c *= 2) {
		if (total / c / DISK_SECTOR > CLUSTERS_MAX)
			continue;
		uint32_t used = clusters_used(f, c);
		uint32_t n = used < CLUSTERS_MIN ? CLUSTERS_MIN : used;

		if (used <= CLUSTERS_MAX)
			return RESERVED + ROOT_SECTORS +
			       FATS * (n / (DISK_SECTOR / 2) + 2) + n * c;
	}
	return 0;
}

/*
 * The largest clusters with which it is FAT16 and all fits in: a loader looks
 * at each of them. disk_fat_sectors() made sure that there are some.
 */
static struct layout choose(const struct fat *f)
{
	struct layout l = {0};

	for (uint32_t c = CLUSTER_SECTORS_MAX; c > 0; c /= 2) {
		l = layout(f->sectors, c);
		if (l.clusters >= CLUSTERS_MIN && l.clusters <= CLUSTERS_MAX &&
		    clusters_used(f, c) <= l.clusters)
			break;
	}
	return l;
}

static uint64_t cluster_at(const struct writer *w, uint32_t cluster)
{
	uint64_t sector = RESERVED + FATS * (uint64_t)w->l.fat + ROOT_SECTORS +
			  (uint64_t)(cluster - FIRST_CLUSTER) * w->l.cluster;

	return w->f->at + sector * DISK_SECTOR;
}

/* The first of n clusters in a row; 0, for an empty file, if n is. */
static uint32_t take(struct writer *w, uint32_t n)
{
	uint32_t first = w->next;

	if (n == 0)
		return 0;
	for (uint32_t c = first; c < first + n; c++)
		put16(&w->fat[c],
		      c + 1 < first + n ? (uint16_t)(c + 1) : (uint16_t)LAST);
	w->next += n;
	return first;
}

/* NAME.EXT, or . and .., as directories have it, with blanks. */
static void put_name(uint8_t *p, const char *name)
{
	size_t i = 0;

	memset(p, ' ', 11);
	for (; *name && (*name != '.' || i == 0 || name[1] == 0); name++)
		p[i++] = (uint8_t)*name;
	if (*name == '.')
		memcpy(p + 8, name + 1, strlen(name + 1));
}

static void put_entry(const struct writer *w, uint8_t *p, const char *name,
		      uint8_t attr, uint32_t cluster, uint64_t size)
{
	put_name(p, name);
	p[11] = attr;
	put16(p + 14, w->time); /* made */
	put16(p + 16, w->date);
	put16(p + 18, w->date); /* read */
	put16(p + 22, w->time); /* written */
	put16(p + 24, w->date);
	put16(p + 26, (uint16_t)cluster);
	put32(p + 28, (uint32_t)size);
}

/*
 * A directory of the clusters from `self` on, with its own two entries; where
 * the n others go.
 */
static uint8_t *directory(struct writer *w, uint32_t self, uint32_t parent,
			  size_t n)
{
	uint8_t *p = disk_alloc(w->d, dir_size(n));

	put_entry(w, p, ".", ATTR_DIR, self, 0);
	memcpy(p + ENTRY, p, ENTRY);
	p[ENTRY + 1] = '.';
	put16(p + ENTRY + 26, (uint16_t)parent);
	disk_add(w->d, cluster_at(w, self), p, dir_size(n));
	return p + (size_t)2 * ENTRY;
}

static void add_file(struct writer *w, uint8_t *entry,
		     const struct disk_file *f)
{
	uint64_t size = disk_file_size(f);
	uint32_t first = take(w, clusters_of(size, w->l.cluster));

	put_entry(w, entry, f->name, ATTR_FILE, first, size);
	disk_add_file(w->d, cluster_at(w, first), f);
}

static void add_efi(struct writer *w, uint8_t *entry)
{
	struct disk_file f = {"BOOTX64.EFI", {w->f->efi, {NULL, 0}}};
	uint32_t dir = take(w, 1), sub = take(w, 1);

	put_entry(w, entry, "EFI", ATTR_DIR, dir, 0);
	entry = directory(w, dir, 0, 1);
	put_entry(w, entry, "BOOT", ATTR_DIR, sub, 0);
	add_file(w, directory(w, sub, dir, 1), &f);
}

static void add_modules(struct writer *w, uint8_t *entry)
{
	size_t n = w->f->modules_n;
	uint32_t dir = take(w, clusters_of(dir_size(n), w->l.cluster));

	put_entry(w, entry, DISK_MODULES_FOLDER, ATTR_DIR, dir, 0);
	entry = directory(w, dir, 0, n);
	for (size_t i = 0; i < n; i++, entry += ENTRY)
		add_file(w, entry, &w->f->modules[i]);
}

static void boot_sector(const struct writer *w, uint8_t *p)
{
	static const uint8_t jump[] = {0xeb, 0x3c, 0x90};
	/* int $0x18: on to the next device, if anything starts it. */
	static const uint8_t code[] = {0xcd, 0x18, 0xeb, 0xfe};
	const struct layout *l = &w->l;

	memcpy(p, jump, sizeof(jump));
	memcpy(p + 3, "HALVM   ", 8);
	put16(p + 11, DISK_SECTOR);
	p[13] = (uint8_t)l->cluster;
	put16(p + 14, RESERVED);
	p[16] = FATS;
	put16(p + 17, ROOT_ENTRIES);
	if (l->sectors < 0x10000)
		put16(p + 19, (uint16_t)l->sectors);
	else
		put32(p + 32, l->sectors);
	p[21] = MEDIA;
	put16(p + 22, (uint16_t)l->fat);
	put16(p + 24, 63); /* sectors a track, heads: of BIOS's geometry */
	put16(p + 26, 255);
	put32(p + 28, (uint32_t)(w->f->at / DISK_SECTOR));
	p[36] = 0x80; /* BIOS's number of the drive */
	p[38] = 0x29; /* the next three are there */
	put32(p + 39, w->f->serial);
	memcpy(p + 43, "HALVM      ", 11);
	memcpy(p + 54, "FAT16   ", 8);
	memcpy(p + 62, code, sizeof(code));
	p[510] = 0x55;
	p[511] = 0xaa;
}

/* In FAT's terms, which begin with 1980 and count two seconds. */
static void set_time(struct writer *w)
{
	time_t t = (time_t)w->f->time;
	struct tm tm;

	w->date = 1 << 5 | 1;
	w->time = 0;
	if (!gmtime_r(&t, &tm) || tm.tm_year < 80 || tm.tm_year > 80 + 127)
		return;
	w->date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 |
			     tm.tm_mday);
	w->time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

/* The head is filled in while the files, which lie behind it, are added. */
void disk_fat(struct disk *d, const struct fat *f)
{
	struct writer w = {.d = d, .f = f, .next = FIRST_CLUSTER};
	uint8_t *boot = disk_alloc(d, DISK_SECTOR), *root;
	uint32_t used;

	w.l = choose(f);
	used = clusters_used(f, w.l.cluster) + FIRST_CLUSTER;
	w.fat = disk_alloc(d, used * sizeof(*w.fat));
	root = disk_alloc(d, ROOT_USED * (size_t)ENTRY);
	set_time(&w);
	boot_sector(&w, boot);
	put16(&w.fat[0], 0xff00 | MEDIA);
	put16(&w.fat[1], LAST);
	disk_add(d, f->at, boot, DISK_SECTOR);
	for (uint64_t i = 0; i < FATS; i++)
		disk_add(d, f->at + (RESERVED + i * w.l.fat) * DISK_SECTOR,
			 w.fat, used * sizeof(*w.fat));
	disk_add(d, f->at + (RESERVED + FATS * w.l.fat) * DISK_SECTOR, root,
		 ROOT_USED * (uint64_t)ENTRY);
	put_entry(&w, root, "HALVM", ATTR_LABEL, 0, 0);
	root += ENTRY;
	if (f->modules_n) {
		add_modules(&w, root);
		root += ENTRY;
	}
	for (size_t i = 0; i < f->n; i++, root += ENTRY)
		add_file(&w, root, &f->files[i]);
	if (f->efi.data)
		add_efi(&w, root);
}
