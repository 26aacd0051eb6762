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
#include <stdio.h>
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

static char *objdump(void)
{
	static const char *const names[] = {HALVM_HOST_OBJDUMP, "objdump",
					    NULL};

	return host_tool("HALVM_HOST_OBJDUMP", names,
			 "GNU objdump (Debian: the package binutils)");
}

void disasm_file(const struct graph *g, uint32_t first, uint32_t n,
		 const char *path, unsigned char *code)
{
	char *tool = objdump();
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

/*
 * Sections one after the other in a file without headers. Between them is room
 * of one-byte instructions, longer than any instruction: if the disassembly of
 * a section doesn't end where the section does, that shows there.
 */
enum { GAP = 16, NOP = 0x90 };

struct pile {
	const struct graph *g;
	const uint32_t *nodes; /* of sections with code */
	uint64_t *start;       /* of each in the file, and the end of all */
	uint32_t n;
	uint32_t at;	/* the section of the last instruction */
	bool *complete; /* an instruction begins where the section ends */
	unsigned char *code;
};

static uint64_t pile_end(const struct pile *p, uint32_t i)
{
	return p->start[i + 1] - GAP;
}

static void pile_line(struct pile *p, const char *line)
{
	const char *text = instruction(line);
	enum code_kind kind;
	unsigned char *code;
	uint64_t at;

	if (!text)
		return;
	at = strtoull(line, NULL, 16);
	while (p->at + 1 < p->n && at >= p->start[p->at + 1])
		p->at++;
	if (at == pile_end(p, p->at))
		p->complete[p->at] = true;
	if (at >= pile_end(p, p->at))
		return;
	kind = disasm_classify(text);
	code = &p->code[p->nodes[p->at]];
	if (kind != CODE_PLAIN && (*code == CODE_PLAIN || kind < *code))
		*code = (unsigned char)kind;
}

static char *pile_write(struct pile *p)
{
	char *path = path_join(temp_dir(), "code");
	unsigned char gap[GAP];
	FILE *f = fopen(path, "w");
	struct elf_sec s;
	const struct elf *e;
	uint32_t i;

	memset(gap, NOP, sizeof gap);
	for (i = 0; f && i < p->n; i++) {
		e = &p->g->objs[p->g->nodes[p->nodes[i]].obj].elf;
		elf_section(e, p->g->nodes[p->nodes[i]].sec, &s);
		fwrite(e->data + s.off, 1, s.size, f);
		fwrite(gap, 1, sizeof gap, f);
		p->start[i + 1] = p->start[i] + s.size + GAP;
	}
	if (!f || ferror(f) | fclose(f))
		die(EXIT_FAILED,
		    "can't write '%s'; set TMPDIR to a directory with room",
		    path);
	return path;
}

static void pile_read(struct pile *p, char *path)
{
	char *tool = objdump();
	char *argv[] = {tool,
			(char[]){"-D"},
			(char[]){"-w"},
			(char[]){"-z"},
			(char[]){"-bbinary"},
			(char[]){"-mi386:x86-64"},
			(char[]){"--no-show-raw-insn"},
			path,
			NULL};
	char *text, *line, *save;
	int status;

	setenv("LC_ALL", "C", 1);
	status = run_capture(argv, &text);
	if (status != 0)
		die(EXIT_FAILED, "'%s -D %s' failed with status %d", tool, path,
		    status);
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		pile_line(p, line);
	free(text);
	free(tool);
}

void disasm_nodes(const struct graph *g, const uint32_t *nodes, uint32_t n,
		  unsigned char *code)
{
	uint32_t *coded = xcalloc((size_t)n + 1, sizeof *coded);
	struct pile p = {.g = g, .nodes = coded, .code = code};
	const struct graph_node *node;
	char *path;
	uint32_t i;

	for (i = 0; i < n; i++) {
		node = &g->nodes[nodes[i]];
		if (node->obj != GRAPH_NONE &&
		    has_code(&g->objs[node->obj].elf, node->sec))
			coded[p.n++] = nodes[i];
	}
	p.start = xcalloc((size_t)p.n + 1, sizeof *p.start);
	p.complete = xcalloc((size_t)p.n + 1, sizeof *p.complete);
	if (p.n) {
		path = pile_write(&p);
		pile_read(&p, path);
		free(path);
	}
	for (i = 0; i < p.n; i++)
		if (!p.complete[i])
			code[coded[i]] = CODE_BAD;
	free(p.start);
	free(p.complete);
	free(coded);
}
