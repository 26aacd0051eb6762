/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/elffile*.c: ELF objects, archives, what a file is; whole and hurt. */
#include "config.h"

#include "check.h"
#include "elffile.h"
#include "mkelf.h"

static struct bytes sample(int xindex)
{
	static const unsigned char code[8] = {0xe8, 0, 0, 0, 0, 0xc3};
	struct mkelf m = {.xindex = xindex};
	int text = mkelf_section(&m, ".text.f", SHT_PROGBITS,
				 SHF_ALLOC | SHF_EXECINSTR, code, 6);
	int g;

	mkelf_section(&m, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, "", 4096);
	mkelf_symbol(&m, "halvm_abi", STB_LOCAL, STT_NOTYPE, SHN_ABS, 1, 0);
	mkelf_symbol(&m, "f", STB_GLOBAL, STT_FUNC, (unsigned)text, 0, 6);
	g = mkelf_symbol(&m, "g", STB_WEAK, STT_NOTYPE, 0, 0, 0);
	mkelf_reloc(&m, text, 1, g);
	return mkelf_done(&m);
}

static void test_whole(int xindex)
{
	struct bytes b = sample(xindex);
	struct elf e;
	struct elf_sec s;
	struct elf_sym y;
	struct elf_rela r;
	uint32_t i, found = 0;

	check_str(elf_open(&e, b.p, b.n), NULL, "a whole object opens");
	check(e.type == ET_REL && e.nsym == 4, "its header is read");
	elf_section(&e, 1, &s);
	check(strcmp(s.name, ".text.f") == 0 && s.size == 6, "section 1");
	elf_section(&e, 2, &s);
	check(s.type == SHT_NOBITS && s.size == 4096,
	      "a section without content may be larger than the file");
	elf_symbol(&e, 1, &y);
	check(y.shndx == ELF_ABS && y.value == 1, "an absolute symbol");
	elf_symbol(&e, 2, &y);
	check(y.shndx == 1 && y.bind == STB_GLOBAL && y.type == STT_FUNC &&
		  strcmp(y.name, "f") == 0,
	      "a function, indices %s", xindex ? "extended" : "plain");
	for (i = 1; i < e.nsec; i++) {
		if (!elf_nrela(&e, i))
			continue;
		elf_rela(&e, i, 0, &r);
		found += r.off == 1 && r.sym == 3 && r.addend == -4;
	}
	check(found == 1, "the relocation");
	bytes_free(&b);
}

/* Every prefix, in memory of exactly its size: the sanitizer watches. */
static void test_cut(void)
{
	struct bytes b = sample(1);
	size_t n, opened = 0;
	unsigned char *copy;
	struct elf e;

	for (n = 0; n < b.n; n++) {
		copy = malloc(n ? n : 1);
		memcpy(copy, b.p, n);
		opened += elf_open(&e, copy, n) == NULL;
		free(copy);
	}
	check(opened == 0, "no cut object opens");
	bytes_free(&b);
}

/* Keeps the reads from being optimised away. */
static volatile size_t sum;

/* Reads all there is to read. */
static void read_all(const struct elf *e)
{
	struct elf_sec s;
	struct elf_sym y;
	struct elf_rela r;
	uint32_t i, k;

	for (i = 0; i < e->nsec; i++) {
		elf_section(e, i, &s);
		sum += strlen(s.name);
		for (k = 0; k < elf_nrela(e, i) && e->type == ET_REL; k++) {
			elf_rela(e, i, k, &r);
			sum += r.sym;
		}
	}
	for (i = 0; i < e->nsym; i++) {
		elf_symbol(e, i, &y);
		sum += strlen(y.name) + y.shndx;
	}
}

static void test_damage(void)
{
	static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
	struct bytes b = sample(1);
	unsigned char old;
	size_t i, k, refused = 0;
	struct elf e;

	for (i = 0; i < b.n; i++) {
		old = b.p[i];
		for (k = 0; k < sizeof values; k++) {
			b.p[i] = values[k];
			if (elf_open(&e, b.p, b.n))
				refused++;
			else
				read_all(&e);
		}
		b.p[i] = old;
	}
	check(refused > 100, "damage is found (%zu times) or harmless",
	      refused);
	bytes_free(&b);
}

static void test_sections_beyond(void)
{
	struct bytes b = sample(0);
	Elf64_Ehdr *h = (Elf64_Ehdr *)(void *)b.p;
	struct elf e;

	h->e_shnum = 0xfe00;
	check_str(elf_open(&e, b.p, b.n),
		  "truncated: some section headers are missing",
		  "too many sections");
	h->e_shoff = UINT64_MAX - 8;
	check_str(elf_open(&e, b.p, b.n),
		  "truncated: the section headers are missing",
		  "an offset that wraps around");
	bytes_free(&b);
}

static const struct {
	const char *bytes;
	size_t n;
	enum file_kind kind;
	const char *what;
} kinds[] = {
    {"", 0, FILE_OTHER, "an empty file"},
    {"\x7f"
     "ELF",
     4, FILE_OTHER, "a truncated ELF file"},
    {"\x7f"
     "ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\3\0",
     20, FILE_OTHER, "an ELF 32-bit object for Intel 80386"},
    {"\x7f"
     "ELF\2\1\1\0\0\0\0\0\0\0\0\0\1\0\xb7\0",
     20, FILE_OTHER, "an ELF 64-bit object for AArch64"},
    {"\x7f"
     "ELF\2\2\1\0\0\0\0\0\0\0\0\0\0\1\0\x16",
     20, FILE_OTHER, "an ELF 64-bit object for IBM S/390"},
    {"\x7f"
     "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0",
     20, FILE_OTHER, "an ELF 64-bit shared library for x86-64"},
    {"\x7f"
     "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0",
     20, FILE_IMAGE, "an ELF 64-bit executable for x86-64"},
    {"\x7f"
     "ELF\2\1\1\0\0\0\0\0\0\0\0\0\1\0\x3e\0",
     20, FILE_OBJECT, "an ELF 64-bit object for x86-64"},
    {"\x7f"
     "ELF\2\1\1\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff",
     20, FILE_OTHER, "an ELF 64-bit file for an unknown machine"},
    {"!<arch>\n", 8, FILE_ARCHIVE, "an archive"},
    {"!<thin>\n", 8, FILE_THIN, "a thin archive"},
    {"BC\xc0\xde", 4, FILE_OTHER, "LLVM bitcode"},
    {"MZ\x90", 3, FILE_OTHER, "a Windows executable"},
    {"INPUT(\"a.o\")\n", 13, FILE_TEXT, "a text file"},
    {"\xc3\xa9 caf\xc3\xa9", 8, FILE_TEXT, "a text file"},
    {"\x01\x02\x03", 3, FILE_OTHER, "data of an unknown kind"},
};

static void test_kinds(void)
{
	char what[128];
	enum file_kind k;
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		k = file_identify(kinds[i].bytes, kinds[i].n, what,
				  sizeof what);
		check(k == kinds[i].kind && strcmp(what, kinds[i].what) == 0,
		      "%s", kinds[i].what);
	}
}

static void test_archive(void)
{
	static const char names[] = "a_name_longer_than_fifteen.o/\nb.o/\n";
	struct bytes a = {0};
	struct ar r;
	struct ar_member m;
	bool more;

	mkar_begin(&a);
	mkar_member(&a, "/", "\0\0\0\0", 4);
	mkar_member(&a, "//", names, sizeof names - 1);
	mkar_member(&a, "/0", "abc", 3);
	mkar_member(&a, "short.o/", "", 0);
	mkar_member(&a, "#1/8", "bsd.o\0\0\0xy", 10);
	check_str(ar_open(&r, a.p, a.n), NULL, "an archive opens");
	check(!ar_next(&r, &m, &more) && more &&
		  strcmp(m.name, "a_name_longer_than_fifteen.o") == 0 &&
		  m.len == 3 && memcmp(m.data, "abc", 3) == 0,
	      "a long name, the index is skipped");
	check(!ar_next(&r, &m, &more) && more &&
		  strcmp(m.name, "short.o") == 0 && m.len == 0,
	      "a short name, no content");
	check(!ar_next(&r, &m, &more) && more && strcmp(m.name, "bsd.o") == 0 &&
		  m.len == 2,
	      "a name of BSD's kind");
	check(!ar_next(&r, &m, &more) && !more, "the end");
	bytes_free(&a);
}

static const char *walk_archive(const void *p, size_t n)
{
	struct ar r;
	struct ar_member m;
	bool more = true;
	const char *err = ar_open(&r, p, n);

	while (!err && more)
		err = ar_next(&r, &m, &more);
	return err;
}

static void test_bad_archives(void)
{
	struct bytes a = {0};

	check(strstr(walk_archive("!<thin>\n", 8), "thin archive"),
	      "a thin archive says so");
	check_str(walk_archive("!<arch>\n", 8), NULL, "an empty archive");
	mkar_begin(&a);
	mkar_member(&a, "/7", "x", 1);
	check_str(walk_archive(a.p, a.n), "a member's name is out of bounds",
		  "a long name without a table");
	bytes_free(&a);
	mkar_begin(&a);
	mkar_member(&a, "#1/99", "x", 1);
	check_str(walk_archive(a.p, a.n), "a member's name is damaged",
		  "a name longer than the member");
	bytes_free(&a);
	mkar_begin(&a);
	mkar_member(&a, "a.o/", "12345", 5);
	check_str(walk_archive(a.p, a.n - 3),
		  "truncated: a member's content is missing", "cut content");
	check_str(walk_archive(a.p, 40),
		  "truncated: a member's header is missing", "a cut header");
	a.p[8 + 48] = 'x';
	check_str(walk_archive(a.p, a.n), "a member's header is damaged",
		  "a size that is no number");
	bytes_free(&a);
}

int main(void)
{
	test_whole(0);
	test_whole(1);
	test_cut();
	test_damage();
	test_sections_beyond();
	test_kinds();
	test_archive();
	test_bad_archives();
	return check_done();
}
