/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Images: the executables that halvm-ld makes. What target one is for, its
 * segments, and the archive that becomes its root file system.
 *
 * An image says what it is for in an ELF note of the owner "HaLVM", type 1,
 * whose descriptor is the target's name and a NUL. Images of the linux target
 * that older releases made have no note and are known by libc's names.
 *
 * The root archive (cpio.h) is a PT_LOAD segment that the runtime finds by a
 * flag, PF_OS's IMAGE_ROOT_FLAG. The target's link script leaves a PT_NULL
 * program header at the end of the table for it; the archive itself follows
 * all other content of the file, so a later one can take its place. Section
 * headers stay as they are: the archive has none, since no tool needs one and
 * a new table would have to move.
 *
 * Parsing works on bytes in memory and trusts nothing.
 */
#ifndef HALVM_DRIVER_IMAGE_H
#define HALVM_DRIVER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elffile.h"
#include "mapfile.h"

#define IMAGE_NOTE_OWNER "HaLVM"
#define IMAGE_NOTE_TARGET 1u
#define IMAGE_ROOT_FLAG 0x00100000u
/* The longest name of a target, as in target.conf. */
#define IMAGE_TARGET_MAX 64

struct image_segment {
	uint32_t type, flags;
	uint64_t off, vaddr, paddr, filesz, memsz, align;
};

struct image {
	struct elf elf;
	char target[IMAGE_TARGET_MAX + 1];
	uint64_t entry, phoff;
	uint16_t nseg;
};

/*
 * True if the bytes are an image; else `why`, of size n, says what they are,
 * so that it can follow "'FILE' is ".
 */
bool image_parse(struct image *im, const void *data, size_t len, char *why,
		 size_t n);
/* Segment i < nseg, whose content lies within the file. */
void image_segment(const struct image *im, uint16_t i, struct image_segment *s);
/* Index of the segment with the root archive; -1 if there is none. */
int image_root(const struct image *im);

/* Each note of the image, until fn returns false. */
struct image_note {
	const char *owner; /* n bytes with a NUL among them */
	uint32_t type;
	const void *desc;
	uint32_t size;
};
typedef bool image_note_fn(void *arg, const struct image_note *note);
void image_notes(const struct image *im, image_note_fn *fn, void *arg);

/*
 * image_root.c: makes the directory or archive `root` the root archive of the
 * image in the file `path`, in the place of one that is there; NULL takes that
 * away. Messages call the file `shown`. Dies if it can't be done: the file is
 * then damaged, so it had better be a temporary one.
 */
void image_put_root(const char *path, const char *shown, const char *root);

/* image_info.c: prints what there is to know. */
void image_info(const struct image *im, const char *path, const char *title);

/* Maps the file and parses it; dies if it can't be read or is no image. */
void image_load(struct image *im, struct mapfile *file, const char *path);

#endif
