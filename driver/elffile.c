/* SPDX-License-Identifier: BSD-3-Clause */
/* ELF reader: see elffile.h for the rules. */
#include "elffile.h"

#include <elf.h>
#include <endian.h>
#include <string.h>

static uint64_t get(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return le64toh(v);
}

#define FIELD(p, type, field)                                                  \
	get((p) + offsetof(type, field), sizeof(((type *)0)->field))

/* True if [off, off+size) lies within len. */
static bool inside(uint64_t off, uint64_t size, uint64_t len)
{
	return off <= len && size <= len - off;
}

static const unsigned char *header(const struct elf *e, uint32_t i)
{
	return e->data + e->shoff + (uint64_t)i * sizeof(Elf64_Shdr);
}

static void raw_section(const struct elf *e, uint32_t i, struct elf_sec *s)
{
	const unsigned char *p = header(e, i);

	s->name = "";
	s->type = (uint32_t)FIELD(p, Elf64_Shdr, sh_type);
	s->flags = FIELD(p, Elf64_Shdr, sh_flags);
	s->addr = FIELD(p, Elf64_Shdr, sh_addr);
	s->off = FIELD(p, Elf64_Shdr, sh_offset);
	s->size = FIELD(p, Elf64_Shdr, sh_size);
	s->link = (uint32_t)FIELD(p, Elf64_Shdr, sh_link);
	s->info = (uint32_t)FIELD(p, Elf64_Shdr, sh_info);
	s->entsize = FIELD(p, Elf64_Shdr, sh_entsize);
}

static uint32_t name_offset(const struct elf *e, uint32_t i)
{
	return (uint32_t)FIELD(header(e, i), Elf64_Shdr, sh_name);
}

void elf_section(const struct elf *e, uint32_t i, struct elf_sec *s)
{
	struct elf_sec str;

	raw_section(e, i, s);
	if (e->shstr) {
		raw_section(e, e->shstr, &str);
		s->name = (const char *)e->data + str.off + name_offset(e, i);
	}
}

static const unsigned char *raw_symbol(const struct elf *e, uint32_t i)
{
	return e->symbols + (uint64_t)i * sizeof(Elf64_Sym);
}

/* The section index of symbol i as ELF_* or a real index, unchecked. */
static uint32_t symbol_section(const struct elf *e, uint32_t i)
{
	uint32_t x = (uint32_t)FIELD(raw_symbol(e, i), Elf64_Sym, st_shndx);

	if (x == SHN_XINDEX && e->xindex)
		return (uint32_t)get(e->xindex + (uint64_t)i * 4, 4);
	return x >= SHN_LORESERVE ? ELF_RESERVED + (x & 0xff) : x;
}

void elf_symbol(const struct elf *e, uint32_t i, struct elf_sym *s)
{
	const unsigned char *p = raw_symbol(e, i);
	unsigned info = (unsigned)FIELD(p, Elf64_Sym, st_info);

	s->name = e->names + FIELD(p, Elf64_Sym, st_name);
	s->bind = (unsigned char)(info >> 4);
	s->type = info & 15;
	s->vis = FIELD(p, Elf64_Sym, st_other) & 3;
	s->shndx = symbol_section(e, i);
	s->value = FIELD(p, Elf64_Sym, st_value);
	s->size = FIELD(p, Elf64_Sym, st_size);
}

uint32_t elf_nrela(const struct elf *e, uint32_t i)
{
	struct elf_sec s;

	raw_section(e, i, &s);
	return s.type == SHT_RELA ? (uint32_t)(s.size / sizeof(Elf64_Rela)) : 0;
}

void elf_rela(const struct elf *e, uint32_t sec, uint32_t i, struct elf_rela *r)
{
	struct elf_sec s;
	const unsigned char *p;
	uint64_t info;

	raw_section(e, sec, &s);
	p = e->data + s.off + (uint64_t)i * sizeof(Elf64_Rela);
	info = FIELD(p, Elf64_Rela, r_info);
	r->off = FIELD(p, Elf64_Rela, r_offset);
	r->sym = (uint32_t)(info >> 32);
	r->type = (uint32_t)info;
	r->addend = (int64_t)FIELD(p, Elf64_Rela, r_addend);
}

/* A string table must end in NUL, so that every offset in it is a string. */
static bool good_strtab(const struct elf *e, uint32_t i)
{
	struct elf_sec s;

	if (i == 0 || i >= e->nsec)
		return false;
	raw_section(e, i, &s);
	return s.type == SHT_STRTAB && s.size > 0 &&
	       e->data[s.off + s.size - 1] == 0;
}

static const char *check_symtab(struct elf *e, uint32_t i)
{
	struct elf_sec t, str;
	uint32_t k, x;

	raw_section(e, i, &t);
	if (t.entsize != sizeof(Elf64_Sym) || t.size % sizeof(Elf64_Sym) ||
	    t.size / sizeof(Elf64_Sym) > UINT32_MAX)
		return "the symbol table is damaged";
	if (!good_strtab(e, t.link))
		return "the symbol names are damaged";
	e->symtab = i;
	raw_section(e, t.link, &str);
	e->names = (const char *)e->data + str.off;
	e->symbols = e->data + t.off;
	e->nsym = (uint32_t)(t.size / sizeof(Elf64_Sym));
	for (k = 1; k < e->nsec && !e->xindex; k++) {
		raw_section(e, k, &t);
		if (t.type != SHT_SYMTAB_SHNDX || t.link != i)
			continue;
		if (t.size / 4 < e->nsym)
			return "the table of section indices is truncated";
		e->xindex = e->data + t.off;
	}
	for (k = 0; k < e->nsym; k++) {
		if (FIELD(raw_symbol(e, k), Elf64_Sym, st_name) >= str.size)
			return "a symbol's name is out of bounds";
		x = symbol_section(e, k);
		if (x < ELF_RESERVED && x >= e->nsec)
			return "a symbol's section is out of bounds";
	}
	return NULL;
}

static const char *check_relocations(const struct elf *e, uint32_t i)
{
	struct elf_sec s, target;
	struct elf_rela r;
	uint32_t k, n;

	raw_section(e, i, &s);
	if (s.entsize != sizeof(Elf64_Rela) || s.size % sizeof(Elf64_Rela) ||
	    s.size / sizeof(Elf64_Rela) > UINT32_MAX)
		return "a relocation table is damaged";
	if (s.info >= e->nsec)
		return "a relocation table is for a section out of bounds";
	raw_section(e, s.info, &target);
	n = elf_nrela(e, i);
	for (k = 0; k < n; k++) {
		elf_rela(e, i, k, &r);
		if (r.sym >= e->nsym && r.sym)
			return "a relocation's symbol is out of bounds";
		/* An image's offsets are addresses: not ours to judge. */
		if (e->type == ET_REL && r.off >= target.size)
			return "a relocation's place is out of bounds";
	}
	return NULL;
}

/* Header fields, with the escapes for more than 65,279 sections. */
static const char *open_header(struct elf *e)
{
	const unsigned char *p = e->data;
	struct elf_sec zero;

	e->type = (uint16_t)FIELD(p, Elf64_Ehdr, e_type);
	e->shoff = FIELD(p, Elf64_Ehdr, e_shoff);
	e->nsec = (uint32_t)FIELD(p, Elf64_Ehdr, e_shnum);
	e->shstr = (uint32_t)FIELD(p, Elf64_Ehdr, e_shstrndx);
	if (e->shoff == 0) {
		e->nsec = e->shstr = 0;
		return NULL;
	}
	if (FIELD(p, Elf64_Ehdr, e_shentsize) != sizeof(Elf64_Shdr))
		return "section headers of an unknown size";
	if (!inside(e->shoff, sizeof(Elf64_Shdr), e->len))
		return "truncated: the section headers are missing";
	raw_section(e, 0, &zero);
	if (e->nsec == 0) {
		if (zero.size > UINT32_MAX / 2)
			return "an absurd number of sections";
		e->nsec = (uint32_t)zero.size;
	}
	if (e->shstr == SHN_XINDEX)
		e->shstr = zero.link;
	if (!inside(e->shoff, (uint64_t)e->nsec * sizeof(Elf64_Shdr), e->len))
		return "truncated: some section headers are missing";
	return NULL;
}

static const char *check_sections(const struct elf *e)
{
	struct elf_sec s, str = {0};
	uint32_t i;

	for (i = 1; i < e->nsec; i++) {
		raw_section(e, i, &s);
		if (s.type != SHT_NOBITS && s.type != SHT_NULL &&
		    !inside(s.off, s.size, e->len))
			return "truncated: a section's content is missing";
	}
	if (e->shstr && !good_strtab(e, e->shstr))
		return "the section names are damaged";
	if (e->shstr)
		raw_section(e, e->shstr, &str);
	for (i = 0; i < e->nsec && e->shstr; i++)
		if (name_offset(e, i) >= str.size)
			return "a section's name is out of bounds";
	return NULL;
}

const char *elf_open(struct elf *e, const void *data, size_t len)
{
	const char *err;
	struct elf_sec s;
	uint32_t i;

	memset(e, 0, sizeof *e);
	e->data = data;
	e->len = len;
	if (len < sizeof(Elf64_Ehdr) || memcmp(data, ELFMAG, SELFMAG) != 0)
		return "not an ELF file";
	if (e->data[EI_CLASS] != ELFCLASS64 ||
	    e->data[EI_DATA] != ELFDATA2LSB ||
	    FIELD(e->data, Elf64_Ehdr, e_machine) != EM_X86_64)
		return "not for x86-64";
	err = open_header(e);
	if (!err)
		err = check_sections(e);
	for (i = 1; i < e->nsec && !err && !e->symtab; i++) {
		raw_section(e, i, &s);
		if (s.type == SHT_SYMTAB)
			err = check_symtab(e, i);
	}
	for (i = 1; i < e->nsec && !err; i++) {
		raw_section(e, i, &s);
		if (s.type == SHT_RELA && e->type == ET_REL)
			err = check_relocations(e, i);
	}
	return err;
}
