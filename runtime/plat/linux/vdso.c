/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vdso.c - finds clock_gettime in the vDSO, the host kernel's own library.
 *
 * The kernel maps it as a complete ELF shared object and passes its address
 * in AT_SYSINFO_EHDR (vdso(7)).  Everything that isn't as expected means "no
 * vDSO": the caller then asks the kernel the long way.
 *
 * The symbol's version isn't compared: __vdso_clock_gettime has had one only,
 * LINUX_2.6, on x86-64.
 */
#include <elf.h>
#include <stddef.h>
#include "linux.h"

struct object {
	unsigned long bias; /* what to add to an address in the object */
	const Elf64_Sym *symbols;
	const char *strings;
	const Elf64_Word *hash;
};

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static void read_dynamic(struct object *o, const Elf64_Dyn *d)
{
	for (; d->d_tag != DT_NULL; d++) {
		unsigned long p = o->bias + d->d_un.d_ptr;

		if (d->d_tag == DT_SYMTAB)
			o->symbols = (const Elf64_Sym *)p;
		else if (d->d_tag == DT_STRTAB)
			o->strings = (const char *)p;
		else if (d->d_tag == DT_HASH)
			o->hash = (const Elf64_Word *)p;
	}
}

static bool read_object(struct object *o, unsigned long base)
{
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)base;
	const Elf64_Phdr *ph = (const Elf64_Phdr *)(base + e->e_phoff);
	const Elf64_Phdr *dynamic = NULL;
	const Elf64_Phdr *load = NULL;

	for (unsigned i = 0; i < e->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD && !load)
			load = &ph[i];
		else if (ph[i].p_type == PT_DYNAMIC)
			dynamic = &ph[i];
	}
	if (!load || !dynamic)
		return false;
	o->bias = base + load->p_offset - load->p_vaddr;
	read_dynamic(o, (const Elf64_Dyn *)(base + dynamic->p_offset));
	return o->symbols && o->strings && o->hash;
}

linux_clock_fn *linux_vdso_clock(unsigned long base)
{
	struct object o = {0};

	if (!base || !read_object(&o, base))
		return NULL;
	/* The second word of a System V hash table is the symbol count. */
	for (Elf64_Word i = 0; i < o.hash[1]; i++) {
		const Elf64_Sym *s = &o.symbols[i];

		if (ELF64_ST_TYPE(s->st_info) == STT_FUNC &&
		    s->st_shndx != SHN_UNDEF &&
		    same(o.strings + s->st_name, "__vdso_clock_gettime"))
			return (linux_clock_fn *)(o.bias + s->st_value);
	}
	return NULL;
}
