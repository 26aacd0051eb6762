/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * driver/own_leaf*.c: what is read from .cabal files, command lines of GHC and
 * Haskell sources; driver/leaf_disasm.c on single sections.
 */
#include "config.h"

#include "check.h"
#include "leaf.h"
#include "mkelf.h"
#include "own_leaf.h"

/* A file, and what is read from it, blanks between the words. */
static const struct {
	const char *text, *sources, *options, *more;
	bool levels;
	const char *all; /* sources that flags add; NULL: the same */
} packages[] = {
    {"", "", "", "", false, NULL},
    {"c-sources: a.c", "a.c", "", "", false, NULL},
    {"library\n  c-sources: a.c, b.c\n             c.c\n  x: d.c",
     "a.c b.c c.c", "", "", false, NULL},
    {"library\r\n  C-Sources:\r\n    a.c\r\n    , b.c\r\n", "a.c b.c", "", "",
     false, NULL},
    {"library\n  c-sources: a.c\n    -- b.c\n    c.c\n -- c-sources: d.c\n",
     "a.c c.c", "", "", false, NULL},
    {"library\n  c-sources : \"a b.c\"", "a b.c", "", "", false, NULL},
    {"library\n  asm-sources: a.S\ntest-suite t\n  c-sources: t.c", "a.S t.c",
     "", "", false, NULL},
    {"library\n  if os(windows)\n    c-sources: w.c\n  else\n"
     "    c-sources: u.c\n  c-sources: a.c",
     "u.c a.c", "", "", false, NULL},
    {"library\n  if !os(Linux) || arch(i386)\n    c-sources: w.c\n"
     "  elif arch(x86_64)\n    c-sources: u.c\n  else\n    c-sources: v.c",
     "u.c", "", "", false, NULL},
    {"library\n  if os(windows) {\n    c-sources: w.c\n  } else {\n"
     "    c-sources: u.c\n  }\n",
     "u.c", "", "", false, NULL},
    {"flag f\n  default: False\nflag g\nlibrary\n  cc-options: -a\n"
     "  if flag(f)\n    cc-options: -f\n    c-sources: f.c\n"
     "  if flag(g)\n    cc-options: -g\n  else\n    cc-options: -n\n",
     "", "-a -g", "-a -f -g -n", false, "f.c"},
    {"library\n  if impl(ghc >= 8.2) && (true)\n    cc-options: -new\n"
     "  if impl(ghc < 9.0.2)\n    cc-options: -old\n"
     "  if impl(ghcjs)\n    cc-options: -js\n"
     "  if impl(ghc == 9.0.2)\n    cc-options: -same\n",
     "", "-new -same", "-new -same", false, NULL},
    {"library\n  cc-options: -DX=\"\\\"a\\\"\" \"-DY=b c\" -Wall,x", "",
     "-DX=\"\\\"a\\\"\" -DY=b c -Wall,x", "-DX=\"\\\"a\\\"\" -DY=b c -Wall,x",
     false, NULL},
    {"library\n  ghc-options: -Wall -O2\n", "", "", "", true, NULL},
    {"library\n  if !((((((\n    c-sources: a.c\n", "a.c", "", "", false, NULL},
    {"if\nelse\n}\n:\nc-sources:", "", "", "", false, NULL},
    {"library\n\tif os(linux)\n\t\tc-sources: a.c", "a.c", "", "", false, NULL},
};

static bool is_joined(const struct strlist *l, const char *want)
{
	char *s = strlist_join(l, " ");
	bool same = strcmp(s, want) == 0;

	if (!same)
		printf("# %s instead of %s\n", s, want);
	free(s);
	return same;
}

static void test_packages(void)
{
	struct own_package p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packages); i++) {
		p = (struct own_package){0};
		own_package_read(packages[i].text, strlen(packages[i].text),
				 "9.0.2", &p);
		check(is_joined(&p.sources[0], packages[i].sources),
		      "package %zu: sources", i);
		check(is_joined(&p.sources[1], packages[i].all
						   ? packages[i].all
						   : packages[i].sources),
		      "package %zu: sources that flags add", i);
		check(is_joined(&p.options[0], packages[i].options),
		      "package %zu: options", i);
		check(is_joined(&p.options[1], packages[i].more),
		      "package %zu: options that flags add", i);
		check(p.levels == packages[i].levels, "package %zu: -O", i);
		own_package_free(&p);
	}
}

/* Deep and long conditions end. */
static void test_hostile(void)
{
	struct own_package p = {0};
	char *text = xmalloc(200001);
	size_t i;

	memcpy(text, "if ", 3);
	memset(text + 3, '(', 199997);
	text[200000] = 0;
	own_package_read(text, 200000, "9.0.2", &p);
	memset(text + 3, '!', 199997);
	own_package_read(text, 200000, "9.0.2", &p);
	for (i = 0; i + 4 <= 200000; i += 4)
		memcpy(text + i, i % 8 ? "\n if" : "if\n ", 4);
	own_package_read(text, 200000, "9.0.2", &p);
	check(!p.sources[1].n, "no sources");
	own_package_free(&p);
	free(text);
}

static const char *const line[] = {
    "--make",	"-fbuilding-cabal-package",
    "-O1",	"-O0",
    "-i",	"-isrc:lib",
    "-Iinc",	"-optc",
    "-DA",	"-optc-DB",
    "-optP-DC", "-package-id",
    "base-1",	"-package-db",
    "/db",	"-o",
    "x.c",	"+RTS",
    "y.c",	"-RTS",
    "A.B",	"z.c",
    "q.o",	"-lz",
};

static void test_line(void)
{
	struct strlist args = {0};
	struct own_line l;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(line); i++)
		strlist_push(&args, line[i]);
	own_line_read(&args, &l);
	check(l.wanted && l.cabal && l.optimise && l.levels == 2, "flags");
	check(is_joined(&l.modules, "A.B"), "modules");
	check(is_joined(&l.dirs, "src lib"), "dirs");
	check(is_joined(&l.sources, "z.c"), "sources");
	check(is_joined(&l.objects, "q.o"), "objects");
	check(is_joined(&l.libraries, "z"), "libraries");
	check(is_joined(&l.options, "-Iinc -DA -DB"), "options");
	check(is_joined(&l.packages, "base-1"), "packages");
	check(is_joined(&l.dbs, "/db"), "databases");
	own_line_free(&l);
	strlist_push(&args, "-c");
	own_line_read(&args, &l);
	check(!l.wanted, "-c");
	own_line_free(&l);
	strlist_free(&args);
	strlist_push(&args, "-package-id");
	own_line_read(&args, &l);
	own_line_free(&l);
	strlist_free(&args);
}

static void test_names(void)
{
	static const char with[] = "foreign import ccall \"a_1\" f' :: 3x";
	struct strlist names = {0};

	own_names_read(with, strlen(with), &names);
	check(is_joined(&names, "foreign import ccall a_1 f"), "names");
	strlist_free(&names);
	own_names_read("import A", 8, &names);
	check(!names.n, "no foreign import");
}

/* Sections by their bytes; the last one ends inside an instruction. */
static const struct {
	const char *bytes;
	size_t n;
	enum code_kind kind;
} sections[] = {
    {"\xc3", 1, CODE_PLAIN},
    {"\xff\xd0\xc3", 3, CODE_INDIRECT},
    {"\x0f\x05\xc3", 3, CODE_KERNEL},
    {"\xe8\0\0\0\0\xc3", 6, CODE_PLAIN},
    {"\xff\x24\xc5\0\0\0\0", 7, CODE_INDIRECT},
    {"\x06\xc3", 2, CODE_BAD},
    {"\xc3\xe8\0\0", 4, CODE_BAD},
    {"\xc3\xc3", 2, CODE_PLAIN},
};

static void test_sections(void)
{
	struct mkelf m = {0};
	struct bytes b;
	struct graph g = {0};
	unsigned char code[64] = {0};
	uint32_t nodes[64], i, n = 0;
	const char *err;

	for (i = 0; i < ARRAY_SIZE(sections); i++)
		mkelf_section(&m, ".text", SHT_PROGBITS,
			      SHF_ALLOC | SHF_EXECINSTR, sections[i].bytes,
			      sections[i].n);
	b = mkelf_done(&m);
	err = graph_add(&g, "x.o", b.p, b.n);
	check(!err && !graph_resolve(&g), "the object is read");
	for (i = 0; i < g.nnode; i++)
		if (g.nodes[i].flags & SHF_EXECINSTR)
			nodes[n++] = i;
	check(n == ARRAY_SIZE(sections), "%u sections", n);
	disasm_nodes(&g, nodes, n, code);
	for (i = 0; i < n; i++)
		check(code[nodes[i]] == sections[i].kind, "section %u: %d", i,
		      code[nodes[i]]);
	disasm_nodes(&g, nodes, 0, code);
	graph_free(&g);
	bytes_free(&b);
}

int main(void)
{
	halvm_set_progname("test_own_leaf");
	test_packages();
	test_hostile();
	test_line();
	test_names();
	test_sections();
	return check_done();
}
