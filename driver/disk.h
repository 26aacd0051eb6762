/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Disks that boot an image: a master boot record and GRUB's core after it for
 * BIOS, and one FAT partition with the image, its command line, an archive of
 * files, and GRUB as an EFI program, for firmware that wants one.
 *
 *   disk.c         what lies where; writing it out
 *   disk_fat.c     the partition
 *   disk_iso.c     the same on a CD
 *   disk_files.c   what goes into them
 *   disk_boot.c    GRUB's part, made by grub-mkimage, and kept in a cache
 *   disk_modules.c its modules
 *
 * GRUB loads the image by multiboot2, the archive as its first module and the
 * command line as a module of the name DISK_LINE_MODULE: so nothing of it goes
 * through GRUB's own syntax, and GRUB's part is the same for all disks.
 *
 * The same contents make the same bytes, whenever and wherever; times are
 * $SOURCE_DATE_EPOCH, or 1980 without it. All of this dies with a message on
 * what can't be done: it belongs to commands.
 */
#ifndef HALVM_DRIVER_DISK_H
#define HALVM_DRIVER_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sha256.h"

#define DISK_LINE_MODULE "halvm.command-line"
#define DISK_SECTOR 512u

/* The firmware that a disk boots by: bits, one at least. */
enum disk_firmware { DISK_BIOS = 1, DISK_EFI = 2 };

struct disk_contents {
	const char *image;	  /* file; its target boots by multiboot2 */
	const char *root;	  /* archive or directory; NULL: none */
	const char *command_line; /* see guest_line.h; NULL: none */
	unsigned firmware;	  /* enum disk_firmware; 0: disk_firmware() */
	bool reboot;		  /* if the image can't be loaded; else GRUB
				     stays, with its message on the screen */
};

/* What disks can be made for here: BIOS, and EFI if GRUB for it is there. */
unsigned disk_firmware(void);

/*
 * A disk before it is written: pieces, in ascending order, with zeros between
 * them. `size` is a multiple of 1 MiB (of 2048 bytes for a CD).
 */
struct disk_piece {
	uint64_t at, len;
	const void *data;
};

struct disk {
	uint64_t size;
	struct disk_piece *pieces;
	size_t n, cap;
	struct disk_memory *memory; /* what the pieces' data lives in */
};

void disk_make(struct disk *d, const struct disk_contents *c);
/* The same as a CD (ISO 9660, El Torito). */
void disk_make_iso(struct disk *d, const struct disk_contents *c);
void disk_free(struct disk *d);

/* n bytes from `at` on. */
void disk_read(const struct disk *d, uint64_t at, void *buf, size_t n);
/*
 * Of each chunk of so many bytes: whether it isn't all zeros. The caller frees;
 * *count, if not NULL, is how many there are.
 */
uint8_t *disk_used(const struct disk *d, size_t chunk, uint64_t *count);
/* A number that follows from all of it, as hexadecimal digits and a NUL. */
void disk_digest(const struct disk *d, char text[2 * SHA256_SIZE + 1]);

/*
 * Writes it as it is to the file `path`, with holes where it can have some;
 * messages call it `shown`.
 */
void disk_save(const struct disk *d, const char *path, const char *shown);

/* disk_make and disk_save: for who runs an image from a disk. */
void disk_write(const struct disk_contents *c, const char *path);

#endif
