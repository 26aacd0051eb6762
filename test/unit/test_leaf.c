/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * driver/leaf*.c: what makes a function no leaf; reading objdump; the real
 * objdump and lld on objects with known bytes.
 */
#include "config.h"

#include "check.h"
#include "leaf.h"
#include "mkelf.h"

#define CODE (SHF_ALLOC | SHF_EXECINSTR)

static const struct {
	const char *text;
	enum code_kind kind;
} instructions[] = {
    {"ret", CODE_PLAIN},
    {"call   5 <f+0x5>", CODE_PLAIN},
    {"jmp    1b <g>", CODE_PLAIN},
    {"mov    (%rax,%rbx,8),%rcx", CODE_PLAIN},
    {"lea    0x0(%rip),%rdi        # 1b <f*x>", CODE_PLAIN},
    {"call   5 <operator*>", CODE_PLAIN},
    {"call   *%rax", CODE_INDIRECT},
    {"call   *0x8(%rax)", CODE_INDIRECT},
    {"jmp    *%rcx", CODE_INDIRECT},
    {"notrack jmp *%rdx", CODE_INDIRECT},
    {"bnd call *%r11", CODE_INDIRECT},
    {"jmp    *0x0(,%rax,8)", CODE_INDIRECT},
    {"jmp    *0x2fe2(%rip)        # 4010 <p>", CODE_INDIRECT},
    {"ljmp   *(%rax)", CODE_INDIRECT},
    {"syscall", CODE_KERNEL},
    {"sysenter", CODE_KERNEL},
    {"int    $0x80", CODE_KERNEL},
    {"rex.W syscall", CODE_KERNEL},
    {"lret", CODE_KERNEL},
    {"iretq", CODE_KERNEL},
    {"int3", CODE_PLAIN},
    {"ud2", CODE_PLAIN},
    {"hlt", CODE_PLAIN},
    {"lock cmpxchg %ecx,(%rdx)", CODE_PLAIN},
    {"rep movsq %ds:(%rsi),%es:(%rdi)", CODE_PLAIN},
    {"fildl  0x4(%rsp)", CODE_PLAIN},
    {"(bad)", CODE_BAD},
    {".byte 0xd9", CODE_BAD},
    {"", CODE_PLAIN},
};

static void test_classify(void)
{
	size_t i;

	for (i = 0; i < sizeof instructions / sizeof *instructions; i++)
		check(disasm_classify(instructions[i].text) ==
			  instructions[i].kind,
		      "%s", instructions[i].text);
}

static int function(struct mkelf *m, const char *name, const char *code,
		    size_t n)
{
	char section[64];
	int s;

	snprintf(section, sizeof section, ".text.%s", name);
	s = mkelf_section(m, section, SHT_PROGBITS, CODE, code, n);
	mkelf_symbol(m, name, STB_GLOBAL, STT_FUNC, (unsigned)s, 0, n);
	return s;
}

/* f, g: a call of the named symbol; ind: call *%rax; sys: syscall. */
static int call(struct mkelf *m, const char *name, const char *to)
{
	int s = function(m, name, "\xe8\0\0\0\0\xc3", 6);

	mkelf_reloc(m, s, 1,
		    mkelf_symbol(m, to, STB_GLOBAL, STT_NOTYPE, 0, 0, 0));
	return s;
}

static struct bytes sample(void)
{
	struct mkelf m = {0};

	function(&m, "pure", "\xc3", 1);
	call(&m, "calls_pure", "pure");
	call(&m, "reads", "halvm_syscall_read");
	call(&m, "calls_reads", "reads");
	function(&m, "ind", "\xff\xd0\xc3", 3);
	call(&m, "calls_ind", "ind");
	call(&m, "unknown", "elsewhere");
	function(&m, "sys", "\x0f\x05\xc3", 3);
	call(&m, "linker", "halvm_end");
	call(&m, "aborts", "abort");
	call(&m, "abort", "halvm_syscall_exit");
	call(&m, "waits", "halvm_cancel_point");
	return mkelf_done(&m);
}

static char *write_file(const char *name, const struct bytes *b)
{
	char *path = path_join(temp_dir(), name);
	FILE *f = fopen(path, "w");

	if (!f || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0)
		abort();
	return path;
}

static char *find(const char *path, const struct leaf_options *o,
		  struct leaf_counts *c)
{
	struct strlist files = {0}, leaves = {0};
	struct leaf l;
	char *s;

	strlist_push(&files, path);
	leaf_open(&l, &files, &(struct strlist){0}, o);
	leaf_find(&l, o, &leaves, c);
	leaf_close(&l);
	s = strlist_join(&leaves, " ");
	strlist_free(&leaves);
	strlist_free(&files);
	return s;
}

static void test_find(const char *path)
{
	struct leaf_options o = {0};
	struct leaf_counts c;
	char *s = find(path, &o, &c);

	check_str(s, "calls_pure linker pure", "the leaves");
	check(c.functions == 12 && c.leaves == 3 && c.syscall == 5 &&
		  c.indirect == 2 && c.kernel == 1 && c.unresolved == 1,
	      "the others by reason");
	free(s);
	strlist_push(&o.known, "elsewhere");
	strlist_push(&o.assumed, "abort");
	s = find(path, &o, &c);
	check_str(s, "aborts calls_pure linker pure unknown",
		  "known and assumed ones");
	free(s);
	strlist_free(&o.known);
	strlist_free(&o.assumed);
}

static void check_why(struct leaf *l, const char *name, const char *want)
{
	struct leaf_options o = {0};
	char *s = leaf_why(l, &o, name);

	check_str(s, want, name);
	free(s);
}

static void test_why(const char *path)
{
	struct leaf_options o = {0};
	struct strlist files = {0};
	struct leaf l;

	strlist_push(&files, path);
	leaf_open(&l, &files, &(struct strlist){0}, &o);
	check_why(&l, "pure", "pure is a leaf");
	check_why(&l, "nosuch", "nosuch is not defined here");
	check_why(&l, "calls_reads",
		  "calls_reads > reads > halvm_syscall_read, a syscall");
	check_why(&l, "calls_ind",
		  "calls_ind > ind, which holds an indirect call or jump");
	check_why(&l, "unknown",
		  "unknown > elsewhere, which nobody defines and isn't known "
		  "as leaf");
	check_why(&l, "sys",
		  "sys, which holds an instruction that enters the kernel");
	leaf_close(&l);
	strlist_free(&files);
}

static char *second(const char *path, const char *names,
		    const struct leaf_options *o)
{
	struct strlist list = {0}, files = {0}, problems = {0};
	char *copy = xstrdup(names), *p, *save, *s;

	for (p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
		strlist_push(&list, p);
	strlist_push(&files, path);
	leaf_check(&list, &files, &(struct strlist){0}, o, &problems);
	strlist_sort(&problems);
	s = strlist_join(&problems, "; ");
	strlist_free(&list);
	strlist_free(&files);
	strlist_free(&problems);
	free(copy);
	return s;
}

static void test_second(const char *path)
{
	static const struct {
		const char *names, *want;
	} cases[] = {
	    {"calls_pure linker pure", ""},
	    {"calls_reads", "the leaves need halvm_syscall_read"},
	    {"pure calls_ind",
	     "ind, which the leaves need, holds an indirect call or jump"},
	    {"sys", "sys, which the leaves need, holds an instruction that "
		    "enters the kernel"},
	    {"unknown", "the leaves need elsewhere"},
	    {"aborts", "the leaves need halvm_syscall_exit"},
	    {"pure nosuch", "nosuch is listed, but no file defines it"},
	};
	struct leaf_options o = {0};
	size_t i;
	char *s;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		s = second(path, cases[i].names, &o);
		check_str(s, cases[i].want, cases[i].names);
		free(s);
	}
	strlist_push(&o.known, "elsewhere");
	strlist_push(&o.assumed, "abort");
	s = second(path, "aborts unknown", &o);
	check_str(s, "", "known and assumed ones, second method");
	free(s);
	strlist_free(&o.known);
	strlist_free(&o.assumed);
}

static const char whole[] =
    "\n/x/a.o:     file format elf64-x86-64\n\n\n"
    "Disassembly of section .text.f:\n\n0000000000000000 <f>:\n"
    "   0:\tcall   *%rax\n   2:\tret\n\n"
    "Disassembly of section .text.g:\n\n0000000000000000 <g>:\n"
    "   0:\tret\n";

static const struct {
	const char *find, *replace, *want;
} texts[] = {
    {"", "", NULL},
    {"Disassembly of section .text.g:", "",
     "objdump left out a section with code"},
    {".text.g:", ".text.h:", "objdump shows a section that isn't there"},
    {"a.o:", "b.o:", "objdump shows another object than expected"},
    {"file format", "nothing", "objdump shows a section before any object"},
    {"\n\n\nDisassembly of section .text.f:", "",
     "objdump shows code outside any section"},
    {"   2:\tret\n", "\nb.o:     file format elf64-x86-64\n",
     "objdump left out a section with code"},
};

static void test_texts(void)
{
	struct mkelf m = {0};
	struct bytes b;
	struct graph g = {0};
	unsigned char code[16];
	char text[512];
	const char *at;
	size_t i;

	function(&m, "f", "\xff\xd0\xc3", 3);
	function(&m, "g", "\xc3", 1);
	b = mkelf_done(&m);
	graph_add(&g, "/x/a.o", b.p, b.n);
	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		at = strstr(whole, texts[i].find);
		snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole),
			 whole, texts[i].replace, at + strlen(texts[i].find));
		memset(code, 0, sizeof code);
		check_str(disasm_read(&g, 0, 1, text, code), texts[i].want,
			  texts[i].want ? texts[i].want : "a good text");
		if (!i)
			check(code[1] == CODE_INDIRECT && code[2] == CODE_PLAIN,
			      "the section with the indirect call");
	}
	text[0] = 0;
	check_str(disasm_read(&g, 0, 1, text, code),
		  "objdump shows fewer objects than there are", "no text");
	graph_free(&g);
	bytes_free(&b);
}

int main(void)
{
	struct bytes b = sample();
	char *path = write_file("sample.o", &b);

	halvm_set_progname("test_leaf");
	test_classify();
	test_texts();
	test_find(path);
	test_why(path);
	test_second(path);
	free(path);
	bytes_free(&b);
	return check_done();
}
