/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading images: see image.h. */
#include "config.h"
#include "image.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util.h"

static uint64_t get(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return le64toh(v);
}

#define FIELD(p, type, field)                                                  \
	get((p) + offsetof(type, field), sizeof(((type *)0)->field))

void image_segment(const struct image *im, uint16_t i, struct image_segment *s)
{
	const unsigned char *p =
	    im->elf.data + im->phoff + (size_t)i * sizeof(Elf64_Phdr);

	s->type = (uint32_t)FIELD(p, Elf64_Phdr, p_type);
	s->flags = (uint32_t)FIELD(p, Elf64_Phdr, p_flags);
	s->off = FIELD(p, Elf64_Phdr, p_offset);
	s->vaddr = FIELD(p, Elf64_Phdr, p_vaddr);
	s->paddr = FIELD(p, Elf64_Phdr, p_paddr);
	s->filesz = FIELD(p, Elf64_Phdr, p_filesz);
	s->memsz = FIELD(p, Elf64_Phdr, p_memsz);
	s->align = FIELD(p, Elf64_Phdr, p_align);
}

int image_root(const struct image *im)
{
	struct image_segment s;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type == PT_LOAD && (s.flags & IMAGE_ROOT_FLAG))
			return i;
	}
	return -1;
}

static uint64_t round4(uint64_t n)
{
	return (n + 3) & ~(uint64_t)3;
}

/* The notes of one segment; false if fn had enough. */
static bool segment_notes(const unsigned char *p, uint64_t left,
			  image_note_fn *fn, void *arg)
{
	while (left >= sizeof(Elf64_Nhdr)) {
		uint64_t owner = FIELD(p, Elf64_Nhdr, n_namesz);
		uint64_t desc = FIELD(p, Elf64_Nhdr, n_descsz);
		struct image_note note = {
		    .type = (uint32_t)FIELD(p, Elf64_Nhdr, n_type),
		    .size = (uint32_t)desc};

		p += sizeof(Elf64_Nhdr);
		left -= sizeof(Elf64_Nhdr);
		/* Of the last one the padding may be missing. */
		if (round4(owner) > left || desc > left - round4(owner))
			return true;
		note.owner = (const char *)p;
		note.desc = p + round4(owner);
		if (owner > 0 && p[owner - 1] == 0 && !fn(arg, &note))
			return false;
		desc = round4(desc);
		if (desc > left - round4(owner))
			return true;
		p += round4(owner) + desc;
		left -= round4(owner) + desc;
	}
	return true;
}

void image_notes(const struct image *im, image_note_fn *fn, void *arg)
{
	struct image_segment s;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type == PT_NOTE &&
		    !segment_notes(im->elf.data + s.off, s.filesz, fn, arg))
			return;
	}
}

/* A name as in target.conf: it is printed, and compared with folders'. */
static bool take_target(void *arg, const struct image_note *note)
{
	struct image *im = arg;
	const char *name = note->desc;

	if (strcmp(note->owner, IMAGE_NOTE_OWNER) != 0 ||
	    note->type != IMAGE_NOTE_TARGET || note->size < 2 ||
	    note->size > IMAGE_TARGET_MAX + 1)
		return true;
	for (uint32_t i = 0; i + 1 < note->size; i++) {
		char c = name[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_')
			return true;
	}
	if (name[note->size - 1] != 0)
		return true;
	memcpy(im->target, name, note->size);
	return false;
}

/* Whether it has the names that only a program for HaLVM has. */
static bool has_our_names(const struct elf *e)
{
	struct elf_sym s;

	for (uint32_t i = 1; i < e->nsym; i++) {
		elf_symbol(e, i, &s);
		if (s.shndx && strcmp(s.name, "halvm_start") == 0)
			return true;
	}
	return false;
}

static const char *check_segments(struct image *im)
{
	struct image_segment s;
	bool load = false;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (s.type == PT_INTERP || s.type == PT_DYNAMIC)
			return "a dynamic executable of the host";
		if (s.type == PT_NULL)
			continue;
		if (s.off > im->elf.len || s.filesz > im->elf.len - s.off)
			return "a truncated executable";
		if (s.type == PT_LOAD &&
		    (s.filesz > s.memsz || s.vaddr + s.memsz < s.vaddr))
			return "a damaged executable";
		load = load || s.type == PT_LOAD;
	}
	return load ? NULL : "an executable without content";
}

/* The program headers' place, from the ELF header. */
static const char *open_segments(struct image *im)
{
	const unsigned char *p = im->elf.data;
	uint64_t size;

	im->entry = FIELD(p, Elf64_Ehdr, e_entry);
	im->phoff = FIELD(p, Elf64_Ehdr, e_phoff);
	im->nseg = (uint16_t)FIELD(p, Elf64_Ehdr, e_phnum);
	if (im->nseg == 0 || im->nseg == PN_XNUM ||
	    FIELD(p, Elf64_Ehdr, e_phentsize) != sizeof(Elf64_Phdr))
		return "a damaged executable";
	size = (uint64_t)im->nseg * sizeof(Elf64_Phdr);
	if (im->phoff > im->elf.len || size > im->elf.len - im->phoff)
		return "a truncated executable";
	return check_segments(im);
}

/* What a file is that isn't an executable of this machine. */
static void describe(const void *data, size_t len, char *why, size_t n)
{
	const unsigned char *p = data;
	struct elf e;
	struct elf_sym s;
	char what[128];

	enum file_kind kind = file_identify(data, len, what, sizeof(what));
	snprintf(why, n, "not an image: it is %s", what);
	if (kind == FILE_OTHER && len > EI_CLASS + 16 &&
	    memcmp(p, ELFMAG, SELFMAG) == 0 && p[16] == ET_DYN && p[17] == 0)
		snprintf(why, n,
			 "not an image: it is a dynamic executable or a "
			 "shared library of the host");
	if (kind != FILE_OBJECT || elf_open(&e, data, len))
		return;
	for (uint32_t i = 1; i < e.nsym; i++) {
		elf_symbol(&e, i, &s);
		if (strcmp(s.name, "halvm_portable") == 0)
			snprintf(why, n,
				 "a portable object, and no image yet: make "
				 "one by halvm-ld --target=NAME FILE -o IMAGE");
	}
}

bool image_parse(struct image *im, const void *data, size_t len, char *why,
		 size_t n)
{
	const char *error;

	memset(im, 0, sizeof *im);
	if (file_identify(data, len, NULL, 0) != FILE_IMAGE) {
		describe(data, len, why, n);
		return false;
	}
	error = elf_open(&im->elf, data, len);
	if (error) {
		snprintf(why, n, "a damaged executable: %s", error);
		return false;
	}
	error = open_segments(im);
	if (error) {
		snprintf(why, n, "not an image: it is %s", error);
		return false;
	}
	image_notes(im, take_target, im);
	if (!im->target[0] && has_our_names(&im->elf))
		strcpy(im->target, "linux");
	if (!im->target[0])
		snprintf(why, n,
			 "not an image: it is a static executable that "
			 "HaLVM didn't make");
	return im->target[0] != 0;
}

void image_load(struct image *im, struct mapfile *file, const char *path)
{
	char why[256];

	if (!mapfile_open(file, path))
		die(EXIT_FAILED, "can't read '%s': %s", path,
		    errno == EINVAL ? "it is no regular file"
				    : strerror(errno));
	if (!image_parse(im, file->data, file->len, why, sizeof(why)))
		die(EXIT_FAILED, "'%s' is %s", path, why);
}
