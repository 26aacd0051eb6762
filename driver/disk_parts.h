/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files disk*.c share: see disk.h. */
#ifndef HALVM_DRIVER_DISK_PARTS_H
#define HALVM_DRIVER_DISK_PARTS_H

#include "disk.h"
#include "mapfile.h"
#include "util.h"

struct bytes {
	const void *data;
	uint64_t len;
};

/* A file on a disk, in two parts, since the image's first page is ours. */
struct disk_file {
	const char *name; /* upper case, at most 8 and 3 letters */
	struct bytes part[2];
};

/* The image, the command line and, last, the archive. */
enum { DISK_FILES_MAX = 3 };

struct disk_files {
	struct disk_file v[DISK_FILES_MAX];
	size_t n;
	bool root;	   /* there is an archive */
	unsigned firmware; /* what was asked for, or can be had */
	bool reboot;	   /* if the image doesn't start */
	uint32_t serial;   /* follows from all content */
	uint32_t time;	   /* of all files, seconds since 1970 */
};

/* Memory of the disk's own, zeroed; it lives as long as the disk. */
void *disk_alloc(struct disk *d, size_t n);
/* The same for a file's content; dies if it can't be read. */
struct bytes disk_map(struct disk *d, const char *path);
/* Adds a piece behind all others; `data` is the disk's, or constant. */
void disk_add(struct disk *d, uint64_t at, const void *data, uint64_t len);
void disk_add_file(struct disk *d, uint64_t at, const struct disk_file *f);
uint64_t disk_file_size(const struct disk_file *f);

/* Reads and checks everything that the disk is to hold. */
void disk_collect(struct disk *d, const struct disk_contents *c,
		  struct disk_files *files);

/* disk_boot.c: GRUB, for a disk with these files. */
enum disk_grub_kind { DISK_GRUB_CORE, DISK_GRUB_CD, DISK_GRUB_EFI };
/* Modules that it finds in a folder of the disk. */
#define DISK_MODULES_FOLDER "GRUB"
enum { DISK_MODULES_MAX = 64 };
struct disk_grub {
	struct bytes program;
	struct disk_file modules[DISK_MODULES_MAX];
	size_t n;
};
void disk_grub(struct disk *d, enum disk_grub_kind kind,
	       const struct disk_files *files, struct disk_grub *g);
/*
 * disk_modules.c: appends to `order` the wanted modules and all they need but
 * those already in it. Dies if the folder doesn't know one.
 */
void disk_modules(const char *folder, const char *const wanted[],
		  struct strlist *order);
/* The sector that BIOS loads, DISK_SECTOR bytes with an empty table. */
uint8_t *disk_boot_sector(struct disk *d);

/*
 * disk_fat.c: a FAT16 file system of `sectors` sectors at `at`. `efi`, if its
 * data isn't NULL, becomes /EFI/BOOT/BOOTX64.EFI. Each of the files begins at
 * a cluster and has no gaps.
 */
struct fat {
	uint64_t at;
	uint32_t sectors;
	uint32_t serial, time;
	const struct disk_file *files;
	size_t n;
	const struct disk_file *modules; /* of DISK_MODULES_FOLDER */
	size_t modules_n;
	struct bytes efi;
};
void disk_fat(struct disk *d, const struct fat *f);
/* Sectors that these files need; 0 if it's more than FAT16 can have. */
uint32_t disk_fat_sectors(const struct fat *f);

#endif
