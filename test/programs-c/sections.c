/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sections of a program's own end in the right segment: constants can't be
 * written, data can't be executed, and the linker makes __start_ and __stop_
 * names for those whose name is a C identifier.
 */
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include "check.h"

#define IN(name) __attribute__((used, section(name)))

static const int table_a IN("my_table") = 1;
static const int table_b IN("my_table") = 2;
static int variable IN("my_data") = 5;
static int odd_name IN(".odd.data") = 6;
static const int odd_constant IN(".odd.const") = 7;
static int zero[1000];
static char *volatile pointer IN(".data.rel.ro.own") = (char *)&variable;

/* Not loaded, but kept: GHC writes one of this name for itself to read. */
__asm__(".pushsection .debug-ghc-link-info, \"\", @note\n"
	"\t.asciz \"kept note\"\n"
	"\t.popsection");

IN("my_code") static int code(void)
{
	return 8;
}

extern const int __start_my_table[], __stop_my_table[];
extern int __start_my_data[], __stop_my_data[];

struct query {
	uintptr_t address;
	int flags; /* of the segment it lies in, or -1 */
};

static int find(struct dl_phdr_info *info, size_t size, void *data)
{
	struct query *q = data;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && q->address >= p->p_vaddr &&
		    q->address < p->p_vaddr + p->p_memsz)
			q->flags = (int)p->p_flags;
	}
	return 0;
}

static int flags_of(const volatile void *p)
{
	struct query q = {(uintptr_t)p, -1};

	dl_iterate_phdr(find, &q);
	return q.flags;
}

int main(void)
{
	CHECK(__stop_my_table - __start_my_table == 2);
	CHECK(__start_my_table[0] + __start_my_table[1] == 3);
	CHECK(&table_a != &table_b);
	CHECK(__stop_my_data - __start_my_data == 1);
	passed("named sections");

	CHECK(flags_of(&table_a) == PF_R && flags_of(&odd_constant) == PF_R);
	CHECK(flags_of(&pointer) == PF_R && pointer == (char *)&variable);
	CHECK(flags_of("a string") == PF_R);
	CHECK(flags_of(&variable) == (PF_R | PF_W) && variable++ == 5);
	CHECK(flags_of(&odd_name) == (PF_R | PF_W) && odd_name++ == 6);
	CHECK(flags_of(zero) == (PF_R | PF_W) && zero[999]++ == 0);
	CHECK(flags_of((void *)(uintptr_t)code) == (PF_R | PF_X));
	CHECK(flags_of((void *)(uintptr_t)main) == (PF_R | PF_X));
	CHECK(code() == 8);
	passed("segments");
	return 0;
}
