/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A disk's content as a CD: ISO 9660, level 1, with one directory, and a boot
 * catalogue (El Torito) of GRUB for BIOS and of a FAT file system for UEFI.
 * Both kinds of GRUB find the image in ISO 9660's directory.
 *
 * Sources: ECMA-119, 3rd edition (its sections are named here); "El Torito"
 * Bootable CD-ROM Format Specification, version 1.0; UEFI specification 2.10,
 * section 13.3.2. The boot information table is what mkisofs's
 * -boot-info-table writes and GRUB's cdboot.S reads.
 */
#include "config.h"
#include "disk_parts.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bytes.h"
#include "util.h"

/* Where what is; SECTOR bytes each. */
enum {
	SECTOR = 2048,
	AT_VOLUME = 16, /* volume descriptors begin here, by 6.2.1 */
	AT_CATALOGUE = 19,
	AT_PATHS,     /* path table, little-endian */
	AT_PATHS_BIG, /* and big-endian */
	AT_DIRECTORY,
	AT_FILES,
	/* What BIOS loads of GRUB, in sectors of 512 bytes; it does the rest.
	 */
	LOAD_SECTORS = 4,
	/*
	 * Behind the last file: GRUB reads ahead, and goes wrong when BIOS then
	 * meets the end. 150 is what mkisofs takes.
	 */
	PADDING = 150,
	INFO_AT = 8, /* of the boot information table in GRUB */
	INFO_LEN = 56,
	RECORD = 34, /* of a directory, with a name of one byte */
	PLATFORM_X86 = 0,
	PLATFORM_EFI = 0xef
};

struct writer {
	struct disk *d;
	uint8_t *head; /* sectors AT_VOLUME to AT_FILES */
	uint32_t next; /* free sector */
	uint32_t time;
	uint32_t bios, efi; /* sectors of what boots; 0: none */
	uint32_t efi_len;   /* in sectors of 512 bytes */
};

static uint8_t *sector(const struct writer *w, uint32_t at)
{
	return w->head + (size_t)(at - AT_VOLUME) * SECTOR;
}

static uint32_t sectors_of(uint64_t len)
{
	return (uint32_t)((len + SECTOR - 1) / SECTOR);
}

/* 7.3.3 and 7.2.3: both orders, one after the other. */
static void put32both(uint8_t *p, uint32_t v)
{
	put32(p, v);
	put32b(p + 4, v);
}

static void put16both(uint8_t *p, uint16_t v)
{
	put16(p, v);
	put16b(p + 2, v);
}

/* 9.1: a record of a directory; its length. */
static size_t put_record(const struct writer *w, uint8_t *p, const char *name,
			 size_t name_len, uint32_t at, uint64_t size, bool dir)
{
	size_t len = (33 + name_len + 1) & ~(size_t)1;
	time_t t = (time_t)w->time;
	struct tm tm = {.tm_mday = 1};

	gmtime_r(&t, &tm);
	p[0] = (uint8_t)len;
	put32both(p + 2, at);
	put32both(p + 10, (uint32_t)size);
	p[18] = (uint8_t)tm.tm_year;
	p[19] = (uint8_t)(tm.tm_mon + 1);
	p[20] = (uint8_t)tm.tm_mday;
	p[21] = (uint8_t)tm.tm_hour;
	p[22] = (uint8_t)tm.tm_min;
	p[23] = (uint8_t)tm.tm_sec;
	p[25] = dir ? 2 : 0;
	put16both(p + 28, 1); /* volume */
	p[32] = (uint8_t)name_len;
	memcpy(p + 33, name, name_len);
	return len;
}

/* GRUB for BIOS, with the table that tells it where it lies. */
static void add_bios(struct writer *w, const struct disk_files *files)
{
	struct disk_grub grub;
	uint32_t sum = 0;
	uint64_t size;
	uint8_t *p;

	disk_grub(w->d, DISK_GRUB_CD, files, &grub);
	size = (uint64_t)sectors_of(grub.program.len) * SECTOR;
	p = disk_alloc(w->d, size);
	memcpy(p, grub.program.data, grub.program.len);
	for (uint64_t at = INFO_AT + INFO_LEN; at < size; at += 4)
		sum += get32(p + at);
	memset(p + INFO_AT, 0, INFO_LEN);
	put32(p + INFO_AT, AT_VOLUME);
	put32(p + INFO_AT + 4, w->next);
	put32(p + INFO_AT + 8, (uint32_t)grub.program.len);
	put32(p + INFO_AT + 12, sum);
	w->bios = w->next;
	disk_add(w->d, (uint64_t)w->next * SECTOR, p, size);
	w->next += sectors_of(size);
}

/* GRUB for UEFI, in a file system of its own. */
static void add_efi(struct writer *w, const struct disk_files *files)
{
	struct fat fat = {.at = (uint64_t)w->next * SECTOR,
			  .serial = files->serial,
			  .time = files->time};
	struct disk_grub grub;

	disk_grub(w->d, DISK_GRUB_EFI, files, &grub);
	fat.efi = grub.program;
	fat.sectors = disk_fat_sectors(&fat);
	if (fat.sectors == 0 || fat.sectors > UINT16_MAX)
		die(EXIT_FAILED, "GRUB for UEFI is too large for a CD");
	disk_fat(w->d, &fat);
	w->efi = w->next;
	w->efi_len = fat.sectors;
	w->next += sectors_of((uint64_t)fat.sectors * DISK_SECTOR);
}

static void put_boot_entry(uint8_t *p, uint32_t at, uint32_t sectors)
{
	p[0] = 0x88; /* bootable, without emulation of another medium */
	put16(p + 6, (uint16_t)sectors);
	put32(p + 8, at);
}

static void put_catalogue(const struct writer *w, uint8_t *p)
{
	uint16_t sum = 0;

	p[0] = 1;
	p[1] = w->bios ? PLATFORM_X86 : PLATFORM_EFI;
	p[30] = 0x55;
	p[31] = 0xaa;
	for (int i = 0; i < 32; i += 2)
		sum = (uint16_t)(sum + (p[i] | p[i + 1] << 8));
	put16(p + 28, (uint16_t)-sum);
	if (!w->bios) {
		put_boot_entry(p + 32, w->efi, w->efi_len);
	} else {
		put_boot_entry(p + 32, w->bios, LOAD_SECTORS);
		if (w->efi) {
			p[64] = 0x91; /* the last header */
			p[65] = PLATFORM_EFI;
			put16(p + 66, 1);
			put_boot_entry(p + 96, w->efi, w->efi_len);
		}
	}
}

/* 8.4: the primary volume descriptor. */
static void put_volume(const struct writer *w, uint8_t *p)
{
	time_t t = (time_t)w->time;
	char text[17] = "";
	struct tm tm;

	p[0] = 1;
	memcpy(p + 1, "CD001", 5);
	p[6] = 1;
	memset(p + 8, ' ', 64);
	memcpy(p + 40, "HALVM", 5);
	put32both(p + 80, w->next);
	put16both(p + 120, 1);
	put16both(p + 124, 1);
	put16both(p + 128, SECTOR);
	put32both(p + 132, 10); /* path table: one directory */
	put32(p + 140, AT_PATHS);
	put32b(p + 148, AT_PATHS_BIG);
	put_record(w, p + 156, "", 1, AT_DIRECTORY, SECTOR, true);
	memset(p + 190, ' ', 813 - 190);
	memset(p + 813, '0', 4 * 17);
	if (gmtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y%m%d%H%M%S00", &tm);
	/* made, changed, expires, effective: each ends with the zone */
	for (int i = 0; i < 4; i++) {
		if (i < 2)
			memcpy(p + 813 + 17 * i, text, 16);
		p[813 + 17 * i + 16] = 0;
	}
	p[881] = 1;
}

static void put_head(const struct writer *w)
{
	uint8_t *p = sector(w, AT_VOLUME);

	put_volume(w, p);
	p += SECTOR;
	memcpy(p + 1, "CD001\1EL TORITO SPECIFICATION", 29);
	put32(p + 71, AT_CATALOGUE);
	p += SECTOR;
	p[0] = 255; /* the end */
	memcpy(p + 1, "CD001\1", 6);
	put_catalogue(w, sector(w, AT_CATALOGUE));
}

/* 9.4: both path tables, with the root directory alone. */
static void put_paths(const struct writer *w)
{
	uint8_t *p = sector(w, AT_PATHS);

	p[0] = 1;
	put32(p + 2, AT_DIRECTORY);
	put16(p + 6, 1);
	p = sector(w, AT_PATHS_BIG);
	p[0] = 1;
	put32b(p + 2, AT_DIRECTORY);
	put16b(p + 6, 1);
}

static int by_name(const void *a, const void *b)
{
	const struct disk_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The directory, and behind all else its files, in the order of their names. */
static void add_files(struct writer *w, struct disk_files *files)
{
	uint8_t *p = sector(w, AT_DIRECTORY);

	qsort(files->v, files->n, sizeof(files->v[0]), by_name);
	p += put_record(w, p, "", 1, AT_DIRECTORY, SECTOR, true);
	p += put_record(w, p, "\1", 1, AT_DIRECTORY, SECTOR, true);

	for (size_t i = 0; i < files->n; i++) {
		const struct disk_file *f = &files->v[i];
		uint64_t size = disk_file_size(f);
		char name[16];

		if (size > UINT32_MAX - SECTOR)
			die(EXIT_FAILED, "a file on a CD can't be larger than "
					 "4 GiB");
		snprintf(name, sizeof(name), "%s;1", f->name);
		p += put_record(w, p, name, strlen(name), w->next, size, false);
		disk_add_file(w->d, (uint64_t)w->next * SECTOR, f);
		w->next += sectors_of(size);
	}
}

/* What lies at the beginning is added first, and filled in at the end. */
void disk_make_iso(struct disk *d, const struct disk_contents *c)
{
	size_t head = (size_t)(AT_FILES - AT_VOLUME) * SECTOR;
	struct writer w = {.d = d, .next = AT_FILES};
	struct disk_files files;

	*d = (struct disk){0};
	disk_collect(d, c, &files);
	w.time = files.time;
	w.head = disk_alloc(d, head);
	disk_add(d, (uint64_t)AT_VOLUME * SECTOR, w.head, head);
	if (files.firmware & DISK_BIOS)
		add_bios(&w, &files);
	if (files.firmware & DISK_EFI)
		add_efi(&w, &files);
	add_files(&w, &files);
	w.next += PADDING;
	d->size = (uint64_t)w.next * SECTOR;
	put_head(&w);
	put_paths(&w);
}
