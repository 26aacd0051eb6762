/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes small relocatable objects and archives in memory, so that the tests
 * need no assembler and can damage what they like.
 *
 *	struct mkelf m = {0};
 *	int text = mkelf_section(&m, ".text.f", SHT_PROGBITS,
 *				 SHF_ALLOC | SHF_EXECINSTR, code, 5);
 *	mkelf_symbol(&m, "f", STB_GLOBAL, STT_FUNC, text, 0, 5);
 *	int g = mkelf_symbol(&m, "g", STB_GLOBAL, STT_NOTYPE, 0, 0, 0);
 *	mkelf_reloc(&m, text, 1, g);
 *	struct bytes b = mkelf_done(&m);
 */
#ifndef HALVM_TEST_MKELF_H
#define HALVM_TEST_MKELF_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	unsigned char *p;
	size_t n;
};

static inline size_t bytes_add(struct bytes *b, const void *p, size_t n)
{
	size_t at = b->n;

	b->p = realloc(b->p, b->n + n + 1);
	if (n)
		memcpy(b->p + at, p, n);
	b->n += n;
	return at;
}

static inline void bytes_free(struct bytes *b)
{
	free(b->p);
	b->p = NULL;
	b->n = 0;
}

enum { MKELF_MAX = 24 };

struct mkelf {
	Elf64_Shdr sec[2 * MKELF_MAX + 4];
	struct bytes data[2 * MKELF_MAX + 4];
	int nsec;
	struct bytes names, strings, symbols;
	struct bytes relocs[MKELF_MAX];
	unsigned machine; /* 0: x86-64 */
	int xindex;	  /* write section indices as SHN_XINDEX */
};

static inline unsigned mkelf_string(struct bytes *b, const char *s)
{
	if (!b->n)
		bytes_add(b, "", 1);
	return (unsigned)bytes_add(b, s, strlen(s) + 1);
}

static inline int mkelf_section(struct mkelf *m, const char *name,
				unsigned type, uint64_t flags, const void *data,
				size_t n)
{
	if (!m->nsec)
		m->nsec = 1;
	int i = m->nsec++;

	m->sec[i].sh_name = mkelf_string(&m->names, name);
	m->sec[i].sh_type = type;
	m->sec[i].sh_flags = flags;
	m->sec[i].sh_addralign = 1;
	m->sec[i].sh_size = n;
	if (type != SHT_NOBITS)
		bytes_add(&m->data[i], data, n);
	return i;
}

static inline int mkelf_symbol(struct mkelf *m, const char *name, int bind,
			       int type, unsigned sec, uint64_t value,
			       uint64_t size)
{
	Elf64_Sym s = {0};

	if (!m->symbols.n)
		bytes_add(&m->symbols, &s, sizeof s);
	s.st_name = mkelf_string(&m->strings, name);
	s.st_info = ELF64_ST_INFO(bind, type);
	s.st_shndx = (Elf64_Section)sec;
	s.st_value = value;
	s.st_size = size;
	return (int)(bytes_add(&m->symbols, &s, sizeof s) / sizeof s);
}

static inline void mkelf_reloc(struct mkelf *m, int sec, uint64_t off, int sym)
{
	Elf64_Rela r = {off, ELF64_R_INFO((uint64_t)sym, R_X86_64_PC32), -4};

	bytes_add(&m->relocs[sec], &r, sizeof r);
}

static inline void mkelf_tables(struct mkelf *m)
{
	int i, n = m->nsec, rel, str, sym;

	str = mkelf_section(m, ".strtab", SHT_STRTAB, 0, m->strings.p,
			    m->strings.n);
	sym = mkelf_section(m, ".symtab", SHT_SYMTAB, 0, m->symbols.p,
			    m->symbols.n);
	m->sec[sym].sh_link = (unsigned)str;
	m->sec[sym].sh_entsize = sizeof(Elf64_Sym);
	m->sec[sym].sh_info = 1;
	for (i = 1; i < n; i++) {
		if (!m->relocs[i].n)
			continue;
		rel = mkelf_section(m, ".rela", SHT_RELA, 0, m->relocs[i].p,
				    m->relocs[i].n);
		m->sec[rel].sh_link = (unsigned)sym;
		m->sec[rel].sh_info = (unsigned)i;
		m->sec[rel].sh_entsize = sizeof(Elf64_Rela);
	}
	if (!m->xindex)
		return;
	struct bytes x = {0};
	Elf64_Sym *s = (Elf64_Sym *)(void *)m->data[sym].p;

	for (i = 0; i < (int)(m->symbols.n / sizeof *s); i++) {
		uint32_t index = s[i].st_shndx;

		if (index && index < SHN_LORESERVE)
			s[i].st_shndx = SHN_XINDEX;
		bytes_add(&x, &index, sizeof index);
	}
	i = mkelf_section(m, ".symtab_shndx", SHT_SYMTAB_SHNDX, 0, x.p, x.n);
	m->sec[i].sh_link = (unsigned)sym;
	m->sec[i].sh_entsize = 4;
	bytes_free(&x);
}

/* The finished object; frees what the builder holds. */
static inline struct bytes mkelf_done(struct mkelf *m)
{
	Elf64_Ehdr h = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64,
				    ELFDATA2LSB, EV_CURRENT},
			.e_type = ET_REL,
			.e_version = EV_CURRENT,
			.e_ehsize = sizeof h,
			.e_shentsize = sizeof(Elf64_Shdr)};
	struct bytes out = {0};
	int i, names;

	if (m->symbols.n)
		mkelf_tables(m);
	names = mkelf_section(m, ".shstrtab", SHT_STRTAB, 0, "", 0);
	bytes_add(&m->data[names], m->names.p, m->names.n);
	m->sec[names].sh_size = m->names.n;
	h.e_machine = (Elf64_Half)(m->machine ? m->machine : EM_X86_64);
	h.e_shnum = (Elf64_Half)m->nsec;
	h.e_shstrndx = (Elf64_Half)names;
	bytes_add(&out, &h, sizeof h);
	for (i = 1; i < m->nsec; i++) {
		while (out.n % 8)
			bytes_add(&out, "", 1);
		m->sec[i].sh_offset = out.n;
		bytes_add(&out, m->data[i].p, m->data[i].n);
		bytes_free(&m->data[i]);
	}
	while (out.n % 8)
		bytes_add(&out, "", 1);
	((Elf64_Ehdr *)(void *)out.p)->e_shoff = out.n;
	bytes_add(&out, m->sec, (size_t)m->nsec * sizeof m->sec[0]);
	for (i = 0; i < MKELF_MAX; i++)
		bytes_free(&m->relocs[i]);
	bytes_free(&m->names);
	bytes_free(&m->strings);
	bytes_free(&m->symbols);
	memset(m, 0, sizeof *m);
	return out;
}

static inline void mkar_begin(struct bytes *a)
{
	bytes_add(a, "!<arch>\n", 8);
}

/* name as it stands in the header: "a.o/", "/12", "#1/20" ... */
static inline void mkar_member(struct bytes *a, const char *name,
			       const void *data, size_t n)
{
	char h[61];

	snprintf(h, sizeof h, "%-16s%-12d%-6d%-6d%-8o%-10zu`\n", name, 0, 0, 0,
		 0644, n);
	bytes_add(a, h, 60);
	bytes_add(a, data, n);
	if (n % 2)
		bytes_add(a, "\n", 1);
}

#endif
