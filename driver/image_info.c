/* SPDX-License-Identifier: BSD-3-Clause */
/* What halvm-image --info prints: see image.h. */
#include "config.h"
#include "image.h"

#include <elf.h>
#include <stdio.h>

#include "cpio.h"

static const char *type_name(uint32_t type, char *buf, size_t n)
{
	static const struct {
		uint32_t type;
		const char *name;
	} names[] = {
	    {PT_NULL, "NULL"},	     {PT_LOAD, "LOAD"},
	    {PT_NOTE, "NOTE"},	     {PT_PHDR, "PHDR"},
	    {PT_TLS, "TLS"},	     {PT_GNU_EH_FRAME, "EH_FRAME"},
	    {PT_GNU_STACK, "STACK"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	snprintf(buf, n, "%#x", type);
	return buf;
}

static void print_segment(const struct image_segment *s)
{
	char buf[16];

	printf(
	    "segment: %-8s %c%c%c address 0x%08llx file %llu memory %llu%s\n",
	    type_name(s->type, buf, sizeof(buf)), s->flags & PF_R ? 'r' : '-',
	    s->flags & PF_W ? 'w' : '-', s->flags & PF_X ? 'x' : '-',
	    (unsigned long long)s->vaddr, (unsigned long long)s->filesz,
	    (unsigned long long)s->memsz,
	    s->type == PT_LOAD && (s->flags & IMAGE_ROOT_FLAG) ? " root" : "");
}

static void print_root(const struct image *im)
{
	struct image_segment s;
	const char *error;
	size_t files;
	int root = image_root(im);

	if (root < 0) {
		printf("root: none\n");
		return;
	}
	image_segment(im, (uint16_t)root, &s);
	error = cpio_check(im->elf.data + s.off, s.filesz, &files);
	if (error)
		printf("root: %llu bytes, damaged: %s\n",
		       (unsigned long long)s.filesz, error);
	else
		printf("root: %llu bytes, %zu files\n",
		       (unsigned long long)s.filesz, files);
}

/* Owner and type, and a descriptor that is text. */
static bool print_note(void *arg, const struct image_note *note)
{
	const char *text = note->desc;
	uint32_t n = note->size;

	(void)arg;
	/* The owner comes from the file: letters only. */
	printf("note: ");
	for (const char *p = note->owner; *p; p++)
		putchar(*p >= ' ' && *p < 0x7f ? *p : '?');
	printf(" %u", note->type);
	while (n > 0 && text[n - 1] == 0)
		n--;
	for (uint32_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] >= 0x7f) {
			printf(", %u bytes\n", note->size);
			return true;
		}
	printf(" \"%.*s\"\n", (int)n, text);
	return true;
}

void image_info(const struct image *im, const char *path, const char *title)
{
	struct image_segment s;

	printf("file: %s\n", path);
	printf("target: %s%s%s%s\n", im->target, title ? " (" : "",
	       title ? title : "", title ? ")" : "");
	printf("format: elf\n");
	printf("size: %zu\n", im->elf.len);
	printf("entry: 0x%llx\n", (unsigned long long)im->entry);
	printf("symbols: %s\n", im->elf.nsym ? "yes" : "no");
	for (uint16_t i = 0; i < im->nseg; i++) {
		image_segment(im, i, &s);
		print_segment(&s);
	}
	print_root(im);
	image_notes(im, print_note, NULL);
}
