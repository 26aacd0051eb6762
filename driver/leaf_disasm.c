/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which sections hold indirect jumps, by objdump's disassembly. Its text is
 * matched to the objects and sections that the ELF reader saw; every section
 * with code must appear, so that a misread text can't hide one.
 */
#include "config.h"

#include "leaf.h"

#include "install.h"

#include <ctype.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

/*
 * Kernel entries, and far or privileged transfers. Sorted. Not int3: linkers
 * pad code with it.
 */
static const char *const kernel[] = {
    "int",	"iret",	    "iretl",   "iretq",	   "iretw",
    "lcall",	"lcallq",   "ljmp",    "ljmpq",	   "lret",
    "lretq",	"lretw",    "syscall", "sysenter", "sysexit",
    "sysexitl", "sysexitq", "sysret",  "sysretl",  "sysretq",
};

/* Words before the mnemonic. Sorted. */
static const char *const prefixes[] = {
    "addr32", "bnd", "cs",    "data16",	 "ds",	     "es",
    "fs",     "gs",  "lock",  "notrack", "rep",	     "repnz",
    "repz",   "rex", "rex.W", "ss",	 "xacquire", "xrelease",
};

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static bool among(const char *const *table, size_t n, const char *word)
{
	return bsearch(word, table, n, sizeof *table, compare);
}

enum code_kind disasm_classify(const char *s)
{
	const char *p, *end = s + strcspn(s, "#<");
	char word[16];
	size_t n;

	if (strstr(s, "(bad)") || strstr(s, ".byte"))
		return CODE_BAD;
	/* In this syntax a star stands only before a computed address. */
	if (memchr(s, '*', (size_t)(end - s)))
		return CODE_INDIRECT;
	for (p = s; p < end; p += n) {
		p += strspn(p, " \t");
		n = strcspn(p, " \t\n");
		if (n == 0 || n >= sizeof word)
			break;
		memcpy(word, p, n);
		word[n] = 0;
		if (among(kernel, ARRAY_SIZE(kernel), word))
			return CODE_KERNEL;
		if (!among(prefixes, ARRAY_SIZE(prefixes), word))
			break;
	}
	return CODE_PLAIN;
}

struct reader {
	const struct graph *g;
	unsigned char *code;
	uint32_t first, n;
	uint32_t next; /* objects begun */
	uint32_t sec;  /* current section, 0: none yet */
	bool *seen;    /* by section of the current object */
};

static const struct graph_object *current(const struct reader *r)
{
	return &r->g->objs[r->first + r->next - 1];
}

static bool has_code(const struct elf *e, uint32_t i)
{
	struct elf_sec s;

	elf_section(e, i, &s);
	return s.type != SHT_NOBITS && s.type != SHT_NULL && s.size > 0 &&
	       (s.flags & SHF_EXECINSTR);
}

static const char *end_object(struct reader *r)
{
	const struct elf *e;
	uint32_t i;

	if (!r->next)
		return NULL;
	e = &current(r)->elf;
	for (i = 1; i < e->nsec; i++)
		if (has_code(e, i) && !r->seen[i])
			return "objdump left out a section with code";
	free(r->seen);
	r->seen = NULL;
	return NULL;
}

/* name: what objdump calls the file or member. */
static const char *begin_object(struct reader *r, const char *name)
{
	const char *err = end_object(r), *ours;
	size_t n = strlen(name), len;

	if (err)
		return err;
	if (r->next == r->n)
		return "objdump shows more objects than there are";
	r->next++;
	r->sec = 0;
	r->seen = xcalloc((size_t)current(r)->elf.nsec + 1, sizeof *r->seen);
	/* Ours is PATH or ARCHIVE(MEMBER). */
	ours = current(r)->name;
	len = strlen(ours);
	if (len && ours[len - 1] == ')')
		len--;
	if (len < n || strncmp(ours + len - n, name, n) != 0)
		return "objdump shows another object than expected";
	return NULL;
}

static const char *begin_section(struct reader *r, const char *name)
{
	const struct elf *e;
	struct elf_sec s;
	uint32_t i;

	if (!r->next)
		return "objdump shows a section before any object";
	e = &current(r)->elf;
	/* Names may repeat; the order is that of the headers. */
	for (i = r->sec + 1; i < e->nsec; i++) {
		elf_section(e, i, &s);
		if (has_code(e, i) && strcmp(s.name, name) == 0) {
			r->sec = i;
			r->seen[i] = true;
			return NULL;
		}
	}
	return "objdump shows a section that isn't there";
}

/* "   1f:\tmov ..."; the text after the tab, or NULL. */
static const char *instruction(const char *line)
{
	const char *p = line + strspn(line, " ");

	if (p == line || !isxdigit((unsigned char)*p))
		return NULL;
	while (isxdigit((unsigned char)*p))
		p++;
	return p[0] == ':' && p[1] == '\t' ? p + 2 : NULL;
}

static const char *read_line(struct reader *r, char *line)
{
	static const char tag[] = "Disassembly of section ";
	const char *text = instruction(line);
	char *format = strstr(line, ":     file format ");
	size_t n = strlen(line);
	enum code_kind kind;
	unsigned char *code;

	if (text) {
		if (!r->sec)
			return "objdump shows code outside any section";
		kind = disasm_classify(text);
		code = &r->code[current(r)->node + r->sec];
		/* An indirect jump says more than bad bytes behind it. */
		if (kind != CODE_PLAIN && (*code == CODE_PLAIN || kind < *code))
			*code = (unsigned char)kind;
		return NULL;
	}
	if (str_starts(line, tag) && line[n - 1] == ':') {
		line[n - 1] = 0;
		return begin_section(r, line + strlen(tag));
	}
	if (format && line[0] != ' ') {
		*format = 0;
		return begin_object(r, line);
	}
	return NULL;
}

const char *disasm_read(const struct graph *g, uint32_t first, uint32_t n,
			char *text, unsigned char *code)
{
	struct reader r = {.g = g, .first = first, .n = n, .code = code};
	const char *err = NULL;
	char *end;

	for (; *text && !err; text = end) {
		end = text + strcspn(text, "\n");
		if (*end)
			*end++ = 0;
		err = read_line(&r, text);
	}
	if (!err)
		err = end_object(&r);
	if (!err && r.next != n)
		err = "objdump shows fewer objects than there are";
	free(r.seen);
	return err;
}

void disasm_file(const struct graph *g, uint32_t first, uint32_t n,
		 const char *path, unsigned char *code)
{
	static const char *const names[] = {HALVM_HOST_OBJDUMP, "objdump",
					    NULL};
	char *tool = host_tool("HALVM_HOST_OBJDUMP", names,
			       "GNU objdump (Debian: the package binutils)");
	char *arg = xasprintf("%s%s", path[0] == '-' ? "./" : "", path);
	char *argv[] = {tool,
			(char[]){"-d"},
			(char[]){"-w"},
			(char[]){"-z"},
			(char[]){"--no-show-raw-insn"},
			arg,
			NULL};
	const char *err;
	char *text;
	int status;

	setenv("LC_ALL", "C", 1);
	status = run_capture(argv, &text);
	if (status != 0)
		die(EXIT_FAILED, "'%s -d %s' failed with status %d", tool, path,
		    status);
	err = disasm_read(g, first, n, text, code);
	if (err)
		die(EXIT_FAILED, "%s: %s", path, err);
	free(text);
	free(arg);
	free(tool);
}
