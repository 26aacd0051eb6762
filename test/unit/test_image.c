/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/image*.c, driver/symbolise.c: executables with our note. */
#include "config.h"

#include <elf.h>

#include "check.h"
#include "image.h"
#include "symbolise.h"
#include "util.h"

/*
 * An image: headers, a note, code, and the section headers of a symbol table.
 * What the tests change lies at fixed places.
 */
struct file {
	Elf64_Ehdr h;
	Elf64_Phdr p[4]; /* headers, code, note, spare */
	struct {
		Elf64_Nhdr h;
		char owner[8], name[8];
	} note;
	unsigned char code[64];
	Elf64_Sym syms[4];
	char names[64];
	Elf64_Shdr s[5];
};

enum { BASE = 0x100000, CODE = 0x101000 };

static void name_it(struct file *f, const char *target)
{
	f->note.h = (Elf64_Nhdr){6, (Elf64_Word)strlen(target) + 1, 1};
	strcpy(f->note.owner, "HaLVM");
	strcpy(f->note.name, target);
}

static Elf64_Sym symbol(struct file *f, unsigned name, const char *text,
			unsigned at)
{
	strcpy(f->names + name, text);
	return (Elf64_Sym){.st_name = name,
			   .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			   .st_shndx = 1,
			   .st_value = CODE + at,
			   .st_size = 8};
}

static struct file make(void)
{
	struct file f = {.h = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64,
					   ELFDATA2LSB, EV_CURRENT},
			       .e_type = ET_EXEC,
			       .e_machine = EM_X86_64,
			       .e_version = EV_CURRENT,
			       .e_entry = CODE,
			       .e_phoff = offsetof(struct file, p),
			       .e_shoff = offsetof(struct file, s),
			       .e_ehsize = sizeof(Elf64_Ehdr),
			       .e_phentsize = sizeof(Elf64_Phdr),
			       .e_phnum = 4,
			       .e_shentsize = sizeof(Elf64_Shdr),
			       .e_shnum = 5,
			       .e_shstrndx = 3}};

	name_it(&f, "kvm");
	f.p[0] = (Elf64_Phdr){.p_type = PT_LOAD,
			      .p_flags = PF_R,
			      .p_vaddr = BASE,
			      .p_paddr = BASE,
			      .p_filesz = offsetof(struct file, code),
			      .p_memsz = offsetof(struct file, code)};
	f.p[1] = (Elf64_Phdr){.p_type = PT_LOAD,
			      .p_flags = PF_R | PF_X,
			      .p_offset = offsetof(struct file, code),
			      .p_vaddr = CODE,
			      .p_paddr = CODE,
			      .p_filesz = sizeof f.code,
			      .p_memsz = 0x2345};
	f.p[2] = (Elf64_Phdr){.p_type = PT_NOTE,
			      .p_flags = PF_R,
			      .p_offset = offsetof(struct file, note),
			      .p_filesz = 12 + 8 + 4,
			      .p_memsz = 24};
	f.p[3] = (Elf64_Phdr){.p_type = PT_NULL, .p_flags = PF_R};
	f.syms[1] = symbol(&f, 1, "first", 0);
	f.syms[2] = symbol(&f, 10, "base_GHCziBase_map_info", 16);
	f.syms[3] = symbol(&f, 40, "last", 48);
	f.s[1] = (Elf64_Shdr){.sh_type = SHT_PROGBITS,
			      .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
			      .sh_addr = CODE,
			      .sh_offset = offsetof(struct file, code),
			      .sh_size = sizeof f.code};
	f.s[2] = (Elf64_Shdr){.sh_type = SHT_SYMTAB,
			      .sh_offset = offsetof(struct file, syms),
			      .sh_size = sizeof f.syms,
			      .sh_link = 3,
			      .sh_entsize = sizeof(Elf64_Sym)};
	f.s[3] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
			      .sh_offset = offsetof(struct file, names),
			      .sh_size = sizeof f.names};
	return f;
}

static void refused(const struct file *f, size_t n, const char *part,
		    const char *name)
{
	struct image im;
	char why[256] = "";
	bool good = image_parse(&im, f, n, why, sizeof(why));

	if (!check(!good && strstr(why, part), "%s", name))
		printf("# it said: %s\n", why);
}

static void test_parse(void)
{
	struct file f = make(), g;
	struct image im;
	char why[256] = "";

	if (!check(image_parse(&im, &f, sizeof f, why, sizeof(why)),
		   "an image"))
		printf("# %s\n", why);
	check_str(im.target, "kvm", "its target");
	check(im.entry == CODE && im.nseg == 4 && image_root(&im) < 0,
	      "its entry and segments, no root");
	g = f;
	name_it(&g, "KVM");
	refused(&g, sizeof g, "HaLVM didn't make", "no name of a target");
	g = f;
	g.note.h.n_descsz = 400;
	refused(&g, sizeof g, "HaLVM didn't make", "a note too long");
	g = f;
	g.note.h.n_namesz = 0xfffffffe;
	refused(&g, sizeof g, "HaLVM didn't make", "an owner too long");
	g = f;
	strcpy(g.names + 1, "halvm_start");
	g.p[2].p_type = PT_NULL;
	g.syms[2].st_name = g.syms[3].st_name = 1;
	check(image_parse(&im, &g, sizeof g, why, sizeof(why)) &&
		  strcmp(im.target, "linux") == 0,
	      "no note, but libc's names");
	g = f;
	g.p[0].p_type = PT_INTERP;
	refused(&g, sizeof g, "dynamic executable", "an interpreter");
	g = f;
	g.h.e_type = ET_DYN;
	refused(&g, sizeof g, "dynamic executable", "a PIE");
	g = f;
	g.h.e_type = ET_REL;
	refused(&g, sizeof g, "object", "an object");
	g = f;
	g.h.e_machine = EM_AARCH64;
	refused(&g, sizeof g, "AArch64", "another machine");
	g = f;
	g.p[1].p_filesz = 1 << 20;
	refused(&g, sizeof g, "truncated", "a segment that isn't there");
	g = f;
	g.p[1].p_memsz = 1;
	refused(&g, sizeof g, "damaged", "more in the file than in memory");
	g = f;
	g.h.e_phnum = 4000;
	refused(&g, sizeof g, "truncated", "headers that aren't there");
	g = f;
	g.h.e_phentsize = 8;
	refused(&g, sizeof g, "damaged", "headers of another size");
	for (size_t n = 0; n < sizeof f; n += 40)
		refused(&f, n, "", "cut short");
	refused((const struct file *)"#!/bin/sh\n", 10, "text", "a script");
}

static void rewrite(const char *path, const char *root, struct image *im,
		    char **data, size_t *n)
{
	char why[256] = "";

	image_put_root(path, path, root);
	free(*data);
	*data = read_file(path, n);
	if (!check(image_parse(im, *data, *n, why, sizeof(why)),
		   "still an image"))
		printf("# %s\n", why);
}

static void test_root(void)
{
	struct file f = make();
	char *path = path_join(temp_dir(), "image"), *data = NULL;
	char *dir = path_join(temp_dir(), "files"), *file;
	struct image im;
	struct image_segment s = {0};
	size_t n, m;
	FILE *out = fopen(path, "w");

	fwrite(&f, sizeof f, 1, out);
	fclose(out);
	check(system(file = xasprintf("mkdir -p %s && echo hello >%s/x", dir,
				      dir)) == 0,
	      "files");
	free(file);
	rewrite(path, dir, &im, &data, &n);
	check(image_root(&im) == 3, "the spare header is used");
	image_segment(&im, 3, &s);
	check(s.off == 0x1000 && s.off + s.filesz == n && s.filesz == s.memsz &&
		  s.flags == (PF_R | IMAGE_ROOT_FLAG) && s.vaddr == 0x104000 &&
		  s.paddr == s.vaddr,
	      "above the image, at the file's end");
	check(memcmp(data + s.off, "070701", 6) == 0, "an archive");
	m = n;
	rewrite(path, temp_dir(), &im, &data, &n);
	check(n > m, "larger files in their place");
	rewrite(path, dir, &im, &data, &n);
	check(n == m, "and the first again");
	rewrite(path, NULL, &im, &data, &n);
	check(n == sizeof f && memcmp(data, &f, n) == 0,
	      "without files, the image as it was");
	free(data);
	free(path);
	free(dir);
}

static void no_slot(void *arg)
{
	struct file f = make();
	char *path = path_join(temp_dir(), "noslot");
	FILE *out = fopen(path, "w");

	(void)arg;
	f.h.e_phnum = 3;
	fwrite(&f, sizeof f, 1, out);
	fclose(out);
	image_put_root(path, "shown", "/etc/skel");
}

static void hear(void *arg, const char *text, size_t n)
{
	strncat(arg, text, n);
}

static void test_symbolise(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
	    {"plain\n", "plain\n"},
	    {"  at 0x101001\n", "  at 0x101001 first+0x1\n"},
	    {"  at 0x101012 (rip)\nx",
	     "  at 0x101012 GHC.Base.map+0x2 (rip)\nx"},
	    {"  at 0x10103f\n", "  at 0x10103f last+0xf\n"},
	    {"  at 0x101040\n", "  at 0x101040\n"},
	    {"  at 0xfff\n", "  at 0xfff\n"},
	    {"  at 0x\n", "  at 0x\n"},
	    {"  at 0xffffffffffffffffffff\n", "  at 0xffffffffffffffffffff\n"},
	    {"  at 0x101001", "  at 0x101001 first+0x1"},
	    {" at 0x101001\n  at", " at 0x101001\n  at"},
	};
	struct file f = make();
	struct elf e;
	char got[2][256];

	check(elf_open(&e, &f, sizeof f) == NULL, "symbols");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (int step = 0; step < 2; step++) {
			struct symboliser *s = symboliser_for(&e);
			const char *in = cases[i].in;
			size_t n = strlen(in);
			got[step][0] = 0;
			for (size_t at = 0; at < n; at += step ? 1 : n)
				symbolise(s, in + at, step ? 1 : n, hear,
					  got[step]);
			symbolise_flush(s, hear, got[step]);
			symboliser_free(s);
		}
		check_str(got[0], cases[i].out, "a panic's text");
		check_str(got[1], cases[i].out, "the same byte by byte");
	}
}

int main(void)
{
	halvm_set_progname("test");
	test_parse();
	test_root();
	check_dies(no_slot, NULL, 1, "no place for a root archive",
		   "an image without a spare header");
	test_symbolise();
	return check_done();
}
