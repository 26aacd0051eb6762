/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/graph*.c: edges by relocation, names over objects, walks, labels. */
#include "config.h"

#include "check.h"
#include "graph.h"
#include "mkelf.h"

#define CODE (SHF_ALLOC | SHF_EXECINSTR)

static int function(struct mkelf *m, const char *name, int bind)
{
	char section[64];
	int s;

	snprintf(section, sizeof section, ".text.%s", name);
	s = mkelf_section(m, section, SHT_PROGBITS, CODE, "12345678", 8);
	mkelf_symbol(m, name, bind, STT_FUNC, (unsigned)s, 0, 8);
	return s;
}

static void refer(struct mkelf *m, int from, const char *to)
{
	mkelf_reloc(m, from, 4,
		    mkelf_symbol(m, to, STB_GLOBAL, STT_NOTYPE, 0, 0, 0));
}

static bool reaches(const struct graph *g, const char *from, const char *to)
{
	struct walk w;
	bool yes;

	walk_begin(&w, g, false);
	walk_root(&w, graph_find(g, from));
	walk_run(&w, g);
	yes = walk_reached(&w, graph_find(g, to));
	walk_end(&w);
	return yes;
}

/* The same question, asked from the other end. */
static bool reached_from(const struct graph *g, const char *from,
			 const char *to)
{
	struct walk w;
	bool yes;

	walk_begin(&w, g, true);
	walk_root(&w, graph_find(g, to));
	walk_run(&w, g);
	yes = walk_reached(&w, graph_find(g, from));
	walk_end(&w);
	return yes;
}

static void check_reach(const struct graph *g, const char *from, const char *to,
			bool want)
{
	check(reaches(g, from, to) == want && reached_from(g, from, to) == want,
	      "%s %s %s, both ways", from, want ? "reaches" : "misses", to);
}

static void test_objects(void)
{
	struct mkelf m = {0};
	struct bytes a, b, ar = {0};
	struct graph g = {0};
	int f, data, s;

	/* a.o: f calls g; data holds f's address; h refers to data. */
	f = function(&m, "f", STB_GLOBAL);
	refer(&m, f, "g");
	data = mkelf_section(&m, ".data.p", SHT_PROGBITS, SHF_ALLOC, "12345678",
			     8);
	s = mkelf_symbol(&m, "", STB_LOCAL, STT_SECTION, (unsigned)f, 0, 0);
	mkelf_reloc(&m, data, 0, s);
	s = mkelf_symbol(&m, "p", STB_LOCAL, STT_OBJECT, (unsigned)data, 0, 8);
	mkelf_reloc(&m, function(&m, "h", STB_GLOBAL), 0, s);
	a = mkelf_done(&m);
	/* b.o: g calls what nobody has; k is alone. */
	refer(&m, function(&m, "g", STB_GLOBAL), "missing");
	function(&m, "k", STB_GLOBAL);
	b = mkelf_done(&m);
	mkar_begin(&ar);
	mkar_member(&ar, "b.o/", b.p, b.n);
	check_str(graph_add(&g, "a.o", a.p, a.n), NULL, "an object");
	check_str(graph_add(&g, "lib.a", ar.p, ar.n), NULL, "an archive");
	check_str(graph_resolve(&g), NULL, "resolved");
	check_str(g.objs[1].name, "lib.a(b.o)", "a member's name");
	check_reach(&g, "f", "g", true);
	check_reach(&g, "f", "missing", true);
	check_reach(&g, "h", "f", true);
	check_reach(&g, "h", "missing", true);
	check_reach(&g, "g", "f", false);
	check_reach(&g, "k", "missing", false);
	check(g.nodes[graph_find(&g, "missing")].external, "it is external");
	check(graph_find(&g, "nowhere") == GRAPH_NONE, "an unknown name");
	graph_free(&g);
	bytes_free(&a);
	bytes_free(&b);
	bytes_free(&ar);
}

/* A weak definition may give way to a strong one: both count. */
static void test_weak(void)
{
	struct mkelf m = {0};
	struct bytes a, b;
	struct graph g = {0};
	const uint32_t *defs;
	int w, f;

	w = function(&m, "hook", STB_WEAK);
	refer(&m, w, "tame");
	f = function(&m, "user", STB_GLOBAL);
	/* Symbol 1 is hook. */
	mkelf_reloc(&m, f, 0, 1);
	a = mkelf_done(&m);
	refer(&m, function(&m, "hook", STB_GLOBAL), "wild");
	b = mkelf_done(&m);
	graph_add(&g, "a.o", a.p, a.n);
	graph_add(&g, "b.o", b.p, b.n);
	check_str(graph_resolve(&g), NULL, "two definitions");
	check(graph_definitions(&g, "hook", &defs) == 2, "both are known");
	check_reach(&g, "user", "wild", true);
	check_reach(&g, "user", "tame", true);
	graph_free(&g);
	bytes_free(&a);
	bytes_free(&b);
}

static void test_cut(void)
{
	struct mkelf m = {0};
	struct bytes a;
	struct graph g = {0};

	refer(&m, function(&m, "f", STB_GLOBAL), "abort");
	refer(&m, function(&m, "abort", STB_GLOBAL), "bad");
	a = mkelf_done(&m);
	strlist_push(&g.cut, "abort");
	graph_add(&g, "a.o", a.p, a.n);
	graph_resolve(&g);
	check_reach(&g, "f", "bad", false);
	check_reach(&g, "abort", "bad", true);
	graph_free(&g);
	bytes_free(&a);
}

static void test_labels(void)
{
	struct mkelf m = {0};
	struct bytes a;
	struct graph g = {0};
	char code[64] = {0};
	int s;
	uint32_t node;

	/* As GHC writes them: an info table before each label. */
	s = mkelf_section(&m, ".text", SHT_PROGBITS, CODE, code, 64);
	mkelf_symbol(&m, "second", STB_GLOBAL, STT_FUNC, (unsigned)s, 40, 10);
	mkelf_symbol(&m, "first", STB_GLOBAL, STT_FUNC, (unsigned)s, 8, 12);
	mkelf_symbol(&m, "alias", STB_LOCAL, STT_NOTYPE, (unsigned)s, 8, 0);
	mkelf_symbol(&m, ".Lx", STB_LOCAL, STT_NOTYPE, (unsigned)s, 9, 0);
	mkelf_section(&m, ".text.none", SHT_PROGBITS, CODE, code, 4);
	a = mkelf_done(&m);
	graph_add(&g, "a.o", a.p, a.n);
	graph_resolve(&g);
	node = graph_find(&g, "first");
	check_str(graph_symbol_at(&g, node, 0), "first", "before all labels");
	check_str(graph_symbol_at(&g, node, 8), "first", "global over local");
	check_str(graph_symbol_at(&g, node, 19), "first", "inside");
	check_str(graph_symbol_at(&g, node, 20), "second",
		  "past the end: the next one's table");
	check_str(graph_symbol_at(&g, node, 41), "second", "in the second");
	check_str(graph_symbol_at(&g, node, 63), "second", "after the last");
	check_str(graph_symbol_at(&g, node + 1, 0), NULL, "none at all");
	graph_free(&g);
	bytes_free(&a);
}

static void test_many(void)
{
	enum { N = 3000 };
	struct bytes b[N];
	struct graph g = {0};
	struct mkelf m = {0};
	struct walk w;
	char name[32], next[32];
	int i;

	/* A chain through many objects: the name table grows. */
	for (i = 0; i < N; i++) {
		snprintf(name, sizeof name, "f%d", i);
		snprintf(next, sizeof next, "f%d", i + 1);
		refer(&m, function(&m, name, STB_GLOBAL), next);
		b[i] = mkelf_done(&m);
		graph_add(&g, name, b[i].p, b[i].n);
	}
	check_str(graph_resolve(&g), NULL, "many objects");
	walk_begin(&w, &g, false);
	walk_root(&w, graph_find(&g, "f0"));
	walk_run(&w, &g);
	check(w.n == N + 1, "the whole chain is walked");
	check(w.from[graph_find(&g, "f2")] == graph_find(&g, "f1") &&
		  w.at[graph_find(&g, "f2")] == 4,
	      "each node knows how it was reached");
	walk_end(&w);
	graph_free(&g);
	for (i = 0; i < N; i++)
		bytes_free(&b[i]);
}

static void test_bad(void)
{
	struct graph g = {0};
	struct bytes ar = {0};

	check(graph_add(&g, "x", "junk", 4) != NULL, "junk is refused");
	mkar_begin(&ar);
	mkar_member(&ar, "a.txt/", "text", 4);
	check(graph_add(&g, "x.a", ar.p, ar.n) != NULL,
	      "an archive of something else is refused");
	graph_free(&g);
	bytes_free(&ar);
}

int main(void)
{
	test_objects();
	test_weak();
	test_cut();
	test_labels();
	test_many();
	test_bad();
	return check_done();
}
