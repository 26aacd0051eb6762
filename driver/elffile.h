/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A bounds-checked reader of ELF64 x86-64 files and ar archives.
 *
 * Works on bytes in memory, allocates nothing, trusts nothing: elf_open()
 * checks every section header, symbol name and relocation once, so that the
 * accessors below can't go out of bounds afterwards. Names point into the
 * caller's bytes, which must outlive the struct. The file's own byte order
 * and alignment are never assumed to be the host's.
 *
 * Functions that can fail return NULL on success, else a constant text that
 * says what is wrong ("the symbol table is truncated").
 *
 * Source of the formats: System V ABI, generic and AMD64 supplement; ar(5).
 */
#ifndef HALVM_ELFFILE_H
#define HALVM_ELFFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf {
	const unsigned char *data;
	size_t len;
	uint64_t shoff;
	uint32_t nsec;
	uint32_t shstr;	 /* section of section names */
	uint32_t symtab; /* section index, 0: no symbols */
	uint32_t nsym;
	const unsigned char *symbols;
	const unsigned char *xindex; /* SHT_SYMTAB_SHNDX, or NULL */
	const char *names;	     /* of symbols */
	uint16_t type;		     /* ET_REL, ET_EXEC … */
};

struct elf_sec {
	const char *name;
	uint32_t type, link, info;
	uint64_t flags, addr, off, size, entsize;
};

struct elf_sym {
	const char *name;
	unsigned char bind, type, vis;
	uint32_t shndx; /* real index; ELF_ABS, ELF_COMMON … for reserved */
	uint64_t value, size;
};

struct elf_rela {
	uint64_t off;
	uint32_t sym, type;
	int64_t addend;
};

/* Reserved section indices, moved out of the way of real ones. */
#define ELF_RESERVED 0xffffff00u
#define ELF_ABS 0xfffffff1u
#define ELF_COMMON 0xfffffff2u

enum file_kind {
	FILE_OBJECT, /* ELF64 x86-64 relocatable */
	FILE_IMAGE,  /* ELF64 x86-64 executable */
	FILE_ARCHIVE,
	FILE_THIN,  /* thin archive */
	FILE_TEXT,  /* printable text, perhaps a linker script */
	FILE_OTHER, /* what exactly: in the description */
};

/*
 * Tells what the bytes are by their content. `what`, if not NULL, receives a
 * description such as "an ELF 32-bit object for Intel 80386".
 */
enum file_kind file_identify(const void *data, size_t len, char *what,
			     size_t whatlen);

const char *elf_open(struct elf *e, const void *data, size_t len);
void elf_section(const struct elf *e, uint32_t i, struct elf_sec *out);
void elf_symbol(const struct elf *e, uint32_t i, struct elf_sym *out);

/* Number of relocations in section i, 0 if it isn't SHT_RELA. */
uint32_t elf_nrela(const struct elf *e, uint32_t i);
void elf_rela(const struct elf *e, uint32_t sec, uint32_t i,
	      struct elf_rela *out);

struct ar {
	const unsigned char *data;
	size_t len, pos;
	const char *names; /* GNU table of long names, or NULL */
	size_t nameslen;
};

struct ar_member {
	char name[256]; /* cut if longer */
	const unsigned char *data;
	size_t len;
};

const char *ar_open(struct ar *a, const void *data, size_t len);
/*
 * Next member that isn't an index. *more is false at the end. An error is
 * final.
 */
const char *ar_next(struct ar *a, struct ar_member *m, bool *more);

#endif
