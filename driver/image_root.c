/* SPDX-License-Identifier: BSD-3-Clause */
/* The root archive inside an image: see image.h. */
#include "config.h"
#include "image.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cpio.h"
#include "util.h"

/* The runtime's page tables at start, and the image's own code, end there. */
#define IMAGE_TOP 0x80000000u
enum { PAGE = 4096 };

static uint64_t page_up(uint64_t n)
{
	return (n + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

static void raise_to(uint64_t *max, uint64_t v)
{
	if (*max < v)
		*max = v;
}

/* The end of what the link wrote: all but a root archive and its padding. */
static uint64_t content_end(const struct image *im, int root)
{
	struct image_segment s;
	struct elf_sec sec;
	uint64_t end = im->phoff + (uint64_t)im->nseg * sizeof(Elf64_Phdr);

	if (root < 0)
		return im->elf.len;
	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (i != root && s.type != PT_NULL)
			raise_to(&end, s.off + s.filesz);
	}
	for (uint32_t i = 1; i < im->elf.nsec; i++) {
		elf_section(&im->elf, i, &sec);
		if (sec.type != SHT_NOBITS && sec.type != SHT_NULL)
			raise_to(&end, sec.off + sec.size);
	}
	if (im->elf.nsec)
		raise_to(&end, im->elf.shoff +
				   (uint64_t)im->elf.nsec * sizeof(Elf64_Shdr));
	return end;
}

/* The first page of memory above the image. */
static uint64_t memory_end(const struct image *im, int root)
{
	struct image_segment s;
	uint64_t end = 0;

	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		if (i == root || s.type != PT_LOAD)
			continue;
		raise_to(&end, s.vaddr + s.memsz);
		raise_to(&end, s.paddr + s.memsz);
	}
	return page_up(end);
}

/* The header that a root archive may have: its own, or the spare one. */
static int find_slot(const struct image *im)
{
	struct image_segment s;
	int slot = image_root(im);

	for (uint16_t i = 0; i < im->nseg && slot < 0; i++) {
		image_segment(im, i, &s);
		if (s.type == PT_NULL)
			slot = i;
	}
	return slot;
}

static void write_header(int fd, const struct image *im, int slot,
			 const Elf64_Phdr *h, const char *shown)
{
	off_t at = (off_t)(im->phoff + (size_t)slot * sizeof(*h));
	Elf64_Phdr le = {.p_type = htole32(h->p_type),
			 .p_flags = htole32(h->p_flags),
			 .p_offset = htole64(h->p_offset),
			 .p_vaddr = htole64(h->p_vaddr),
			 .p_paddr = htole64(h->p_paddr),
			 .p_filesz = htole64(h->p_filesz),
			 .p_memsz = htole64(h->p_memsz),
			 .p_align = htole64(h->p_align)};

	if (pwrite(fd, &le, sizeof(le), at) != (ssize_t)sizeof(le))
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
}

/* Appends the archive at h->p_offset; fills in its size. */
static void append(int fd, Elf64_Phdr *h, const char *root, const char *shown)
{
	int copy = dup(fd);
	FILE *f = copy >= 0 ? fdopen(copy, "r+") : NULL;
	struct cpio c = {.out = f};

	if (!f || fseeko(f, (off_t)h->p_offset, SEEK_SET) != 0)
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
	cpio_from(&c, root);
	if (ferror(f) | fclose(f))
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
	h->p_filesz = h->p_memsz = c.at;
	if (c.at > IMAGE_TOP - h->p_vaddr)
		die(EXIT_FAILED,
		    "'%s' makes an archive of %llu bytes, too much for an "
		    "image, which ends below 2 GiB; give it to halvm-run "
		    "--root",
		    root, (unsigned long long)c.at);
}

static void put_root(int fd, const struct image *im, const char *shown,
		     const char *root)
{
	int old = image_root(im), slot = find_slot(im);
	uint64_t end = content_end(im, old);
	/* As link.lds leaves the spare one. */
	Elf64_Phdr h = {.p_type = PT_NULL, .p_flags = PF_R};

	if (slot < 0 && !root)
		return;
	if (slot < 0)
		die(EXIT_FAILED,
		    "'%s' has no place for a root archive: an image for '%s' "
		    "can't hold one",
		    shown, im->target);
	if (root) {
		h = (Elf64_Phdr){.p_type = PT_LOAD,
				 .p_flags = PF_R | IMAGE_ROOT_FLAG,
				 .p_offset = page_up(end),
				 .p_vaddr = memory_end(im, old),
				 .p_align = PAGE};
		h.p_paddr = h.p_vaddr;
		if (h.p_vaddr >= IMAGE_TOP)
			die(EXIT_FAILED, "'%s' lies above 2 GiB", shown);
	} else if (old < 0) {
		return;
	}
	if (ftruncate(fd, (off_t)end) < 0)
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
	if (root)
		append(fd, &h, root, shown);
	write_header(fd, im, slot, &h, shown);
}

void image_put_root(const char *path, const char *shown, const char *root)
{
	size_t len;
	char *data = read_file(path, &len), why[256];
	struct image im;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (!data || fd < 0)
		die(EXIT_FAILED, "can't read '%s': %s", shown, strerror(errno));
	if (!image_parse(&im, data, len, why, sizeof(why)))
		die(EXIT_FAILED, "'%s' is %s", shown, why);
	put_root(fd, &im, shown, root);
	if (close(fd) < 0)
		die(EXIT_FAILED, "can't write '%s': %s", shown,
		    strerror(errno));
	free(data);
}
