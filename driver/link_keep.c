/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * --keep-portable: an executable that holds the portable object it could have
 * been linked from, in a section that isn't loaded. It goes where the
 * executable goes, through copies, strip(1) and cabal's installation, and
 * halvm-ld takes such an executable in the place of the object.
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "mapfile.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTION ".halvm.portable"

static const char names[] = "\0" SECTION "\0.shstrtab";

enum {
	KEPT = 1, /* index of our section; 0 is the null section */
	NAMES = 2,
	SECTIONS = 3,
	KEPT_NAME = 1, /* offsets in names */
	NAMES_NAME = sizeof(SECTION) + 1,
};

static Elf64_Shdr section(uint32_t name, uint32_t type, uint64_t off,
			  uint64_t size)
{
	return (Elf64_Shdr){.sh_name = htole32(name),
			    .sh_type = htole32(type),
			    .sh_offset = htole64(off),
			    .sh_size = htole64(size),
			    .sh_addralign = htole64(1)};
}

/* An object with the bytes as its one section: header, table, names, bytes. */
static bool write_object(FILE *f, const struct mapfile *m)
{
	const uint64_t table = sizeof(Elf64_Ehdr),
		       text = table + SECTIONS * sizeof(Elf64_Shdr),
		       bytes = text + sizeof(names);
	Elf64_Ehdr h = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				    ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			.e_type = htole16(ET_REL),
			.e_machine = htole16(EM_X86_64),
			.e_version = htole32(EV_CURRENT),
			.e_shoff = htole64(table),
			.e_ehsize = htole16(sizeof(Elf64_Ehdr)),
			.e_shentsize = htole16(sizeof(Elf64_Shdr)),
			.e_shnum = htole16(SECTIONS),
			.e_shstrndx = htole16(NAMES)};
	Elf64_Shdr s[SECTIONS] = {
	    [KEPT] = section(KEPT_NAME, SHT_PROGBITS, bytes, m->len),
	    [NAMES] = section(NAMES_NAME, SHT_STRTAB, text, sizeof(names))};

	return fwrite(&h, sizeof(h), 1, f) == 1 &&
	       fwrite(s, sizeof(s), 1, f) == 1 &&
	       fwrite(names, sizeof(names), 1, f) == 1 &&
	       fwrite(m->data, 1, m->len, f) == m->len;
}

char *link_keep(const char *portable)
{
	char *path = path_join(temp_dir(), "kept.o");
	struct mapfile m;
	FILE *f = fopen(path, "we");
	bool ok;

	if (!mapfile_open(&m, portable))
		die(EXIT_FAILED, "can't read '%s': %s", portable,
		    strerror(errno));
	ok = f && write_object(f, &m);
	if (f && fclose(f) != 0)
		ok = false;
	if (!ok)
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	mapfile_close(&m);
	return path;
}

static bool find_kept(const struct mapfile *m, struct elf_sec *s)
{
	struct elf e;

	if (elf_open(&e, m->data, m->len) || e.type != ET_EXEC)
		return false;
	for (uint32_t i = 1; i < e.nsec; i++) {
		elf_section(&e, i, s);
		if (s->type == SHT_PROGBITS && strcmp(s->name, SECTION) == 0)
			return true;
	}
	return false;
}

bool link_has_kept(const char *path)
{
	struct elf_sec s;
	struct mapfile m;
	bool has;

	if (!mapfile_open(&m, path))
		return false;
	has = find_kept(&m, &s);
	mapfile_close(&m);
	return has;
}

char *link_take_kept(const struct mapfile *m)
{
	struct elf_sec s;
	char *path;
	FILE *f;

	if (!find_kept(m, &s))
		return NULL;
	path = path_join(temp_dir(), "kept-portable.o");
	f = fopen(path, "we");
	if (!f ||
	    fwrite((const char *)m->data + s.off, 1, s.size, f) != s.size ||
	    fclose(f) != 0)
		die(EXIT_FAILED,
		    "can't write '%s': %s; set TMPDIR to a directory with room",
		    path, strerror(errno));
	return path;
}
