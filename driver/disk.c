/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies where on a disk, and writing it out: see disk.h. */
#include "config.h"
#include "disk_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "util.h"

#define MIB ((uint64_t)1 << 20)
enum {
	/* Smaller disks get odd geometries from BIOS. */
	SIZE_MIN_MIB = 16,
	/* Where partitions begin; GRUB's core lies before. */
	START = 1 << 20,
	SIGNATURE_AT = 440, /* of the MBR: the disk's number */
	ENTRY_AT = 446,	    /* the first of its table */
	MAGIC_AT = 510,
	MAGIC = 0xaa55,
	ACTIVE = 0x80,
	TYPE_FAT16 = 0x0e,
	TYPE_EFI = 0xef, /* UEFI specification 2.10, table 5.3 */
	CHUNK = 256 * 1024
};

struct disk_memory {
	struct disk_memory *next;
	struct mapfile map;
	uint64_t heap[];
};

static struct disk_memory *memory(struct disk *d, size_t n)
{
	struct disk_memory *m = xcalloc(1, sizeof(*m) + n);

	m->next = d->memory;
	d->memory = m;
	return m;
}

void *disk_alloc(struct disk *d, size_t n)
{
	return memory(d, n)->heap;
}

struct bytes disk_map(struct disk *d, const char *path)
{
	struct disk_memory *m = memory(d, 0);

	if (!mapfile_open(&m->map, path))
		die(EXIT_FAILED, "can't read '%s': %s", path,
		    errno == EINVAL ? "it is no regular file"
				    : strerror(errno));
	return (struct bytes){m->map.data, m->map.len};
}

void disk_free(struct disk *d)
{
	while (d->memory) {
		struct disk_memory *m = d->memory;

		d->memory = m->next;
		mapfile_close(&m->map);
		free(m);
	}
	free(d->pieces);
	*d = (struct disk){0};
}

void disk_add(struct disk *d, uint64_t at, const void *data, uint64_t len)
{
	if (len == 0)
		return;
	if (d->n == d->cap) {
		d->cap = d->cap ? 2 * d->cap : 16;
		d->pieces = xrealloc(d->pieces, d->cap * sizeof(*d->pieces));
	}
	d->pieces[d->n++] = (struct disk_piece){at, len, data};
}

uint64_t disk_file_size(const struct disk_file *f)
{
	return f->part[0].len + f->part[1].len;
}

void disk_add_file(struct disk *d, uint64_t at, const struct disk_file *f)
{
	disk_add(d, at, f->part[0].data, f->part[0].len);
	disk_add(d, at + f->part[0].len, f->part[1].data, f->part[1].len);
}

/*
 * The sector that BIOS starts, and the table with one entry, of the partition
 * at START, to the disk's end.
 */
static void add_master_record(struct disk *d, const struct disk_files *f)
{
	bool bios = f->firmware & DISK_BIOS;
	uint8_t *sector =
	    bios ? disk_boot_sector(d) : disk_alloc(d, DISK_SECTOR);
	uint8_t *e = sector + ENTRY_AT;

	put32(sector + SIGNATURE_AT, f->serial);
	e[0] = bios ? ACTIVE : 0;
	/* Cylinders that mean: count sectors instead. */
	memcpy(e + 1, "\xfe\xff\xff", 3);
	memcpy(e + 5, "\xfe\xff\xff", 3);
	e[4] = f->firmware & DISK_EFI ? TYPE_EFI : TYPE_FAT16;
	put32(e + 8, START / DISK_SECTOR);
	put32(e + 12, (uint32_t)((d->size - START) / DISK_SECTOR));
	put16(sector + MAGIC_AT, MAGIC);
	disk_add(d, 0, sector, DISK_SECTOR);
}

static void add_core(struct disk *d, struct bytes core)
{
	if (core.len > START - DISK_SECTOR)
		die(EXIT_FAILED,
		    "GRUB's core has %llu bytes, and only %u can lie before "
		    "the partition",
		    (unsigned long long)core.len, START - DISK_SECTOR);
	disk_add(d, DISK_SECTOR, core.data, core.len);
}

/* To the end of a disk that is large enough for it. */
static void size_partition(struct disk *d, struct fat *fat)
{
	fat->sectors = disk_fat_sectors(fat);
	if (!fat->sectors)
		die(EXIT_FAILED, "a disk with image and files can't be larger "
				 "than 2 GiB");
	d->size = START + (uint64_t)fat->sectors * DISK_SECTOR;
	d->size = (d->size + MIB - 1) / MIB * MIB;
	if (d->size < SIZE_MIN_MIB * MIB)
		d->size = SIZE_MIN_MIB * MIB;
	fat->sectors = (uint32_t)((d->size - START) / DISK_SECTOR);
}

void disk_make(struct disk *d, const struct disk_contents *c)
{
	struct fat fat = {.at = START};
	struct disk_grub core, efi;
	struct disk_files files;

	*d = (struct disk){0};
	disk_collect(d, c, &files);
	fat.files = files.v;
	fat.n = files.n;
	fat.serial = files.serial;
	fat.time = files.time;
	if (files.firmware & DISK_BIOS) {
		disk_grub(d, DISK_GRUB_CORE, &files, &core);
		fat.modules = core.modules;
		fat.modules_n = core.n;
	}
	if (files.firmware & DISK_EFI) {
		disk_grub(d, DISK_GRUB_EFI, &files, &efi);
		fat.efi = efi.program;
	}
	size_partition(d, &fat);
	add_master_record(d, &files);
	if (files.firmware & DISK_BIOS)
		add_core(d, core.program);
	disk_fat(d, &fat);
}

/* The first piece that ends behind `at`; n if there is none. */
static size_t find(const struct disk *d, uint64_t at)
{
	size_t low = 0, high = d->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (d->pieces[mid].at + d->pieces[mid].len > at)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void disk_read(const struct disk *d, uint64_t at, void *buf, size_t n)
{
	memset(buf, 0, n);
	for (size_t i = find(d, at); i < d->n; i++) {
		const struct disk_piece *p = &d->pieces[i];
		uint64_t skip = at > p->at ? at - p->at : 0;
		uint64_t to = p->at + skip - at, len = p->len - skip;

		if (p->at >= at + n)
			break;
		memcpy((char *)buf + to, (const char *)p->data + skip,
		       len < n - to ? len : n - to);
	}
}

static bool all_zero(const uint8_t *p, size_t n)
{
	return n == 0 || (*p == 0 && memcmp(p, p + 1, n - 1) == 0);
}

uint8_t *disk_used(const struct disk *d, size_t chunk, uint64_t *count)
{
	uint64_t chunks = (d->size + chunk - 1) / chunk, n = 0;
	uint8_t *used = xcalloc(chunks, 1), *buf = xmalloc(chunk);

	for (uint64_t i = 0; i < chunks; i++) {
		size_t j = find(d, i * chunk);

		if (j == d->n || d->pieces[j].at >= (i + 1) * chunk)
			continue;
		disk_read(d, i * chunk, buf, chunk);
		used[i] = !all_zero(buf, chunk);
		n += used[i];
	}
	free(buf);
	if (count)
		*count = n;
	return used;
}

void disk_digest(const struct disk *d, char text[2 * SHA256_SIZE + 1])
{
	struct sha256 s;

	sha256_begin(&s);
	sha256_add(&s, &d->size, sizeof(d->size));
	for (size_t i = 0; i < d->n; i++) {
		const struct disk_piece *p = &d->pieces[i];

		sha256_add(&s, &p->at, sizeof(p->at));
		sha256_add(&s, &p->len, sizeof(p->len));
		sha256_add(&s, p->data, p->len);
	}
	sha256_hex(&s, text);
}

static _Noreturn void cannot_write(const char *shown)
{
	die(EXIT_FAILED, "can't write '%s': %s", shown, strerror(errno));
}

static void write_at(int fd, const struct disk_piece *p, const char *shown)
{
	for (uint64_t done = 0; done < p->len;) {
		ssize_t n = pwrite(fd, (const char *)p->data + done,
				   p->len - done, (off_t)(p->at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			cannot_write(shown);
		done += (uint64_t)n;
	}
}

/* To what can't have holes: a pipe, or a device, whose old content must go. */
static void write_all(int fd, const struct disk *d, const char *shown)
{
	char *buf = xmalloc(CHUNK);

	for (uint64_t at = 0; at < d->size; at += CHUNK) {
		size_t n =
		    d->size - at < CHUNK ? (size_t)(d->size - at) : CHUNK;

		disk_read(d, at, buf, n);
		for (size_t done = 0; done < n;) {
			ssize_t got = write(fd, buf + done, n - done);

			if (got < 0 && errno == EINTR)
				continue;
			if (got <= 0)
				cannot_write(shown);
			done += (size_t)got;
		}
	}
	free(buf);
}

void disk_save(const struct disk *d, const char *path, const char *shown)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		cannot_write(shown);
	if (!S_ISREG(st.st_mode))
		write_all(fd, d, shown);
	else if (ftruncate(fd, (off_t)d->size) < 0)
		cannot_write(shown);
	for (size_t i = 0; S_ISREG(st.st_mode) && i < d->n; i++)
		write_at(fd, &d->pieces[i], shown);
	if (close(fd) < 0)
		cannot_write(shown);
}

void disk_write(const struct disk_contents *c, const char *path)
{
	struct disk d;

	disk_make(&d, c);
	disk_save(&d, path, path);
	disk_free(&d);
}
