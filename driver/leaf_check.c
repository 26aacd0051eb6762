/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The second method of proving leaves, which shares neither the graph nor the
 * symbol resolution with the first: lld links the functions as the only roots,
 * drops every section they don't need, and what is left is searched.
 */
#include "config.h"

#include "leaf.h"

#include "link.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *link_leaves(const struct strlist *list,
			 const struct strlist *files,
			 const struct strlist *with,
			 const struct leaf_options *o)
{
	char *out = path_join(temp_dir(), "leaves.o");
	struct strlist a = {0};
	size_t i;

	strlist_push(&a, "-m");
	strlist_push(&a, "elf_x86_64");
	strlist_push(&a, "-r");
	/*
	 * Not --unique: objdump mixes up the symbols of sections with one
	 * name, starts reading in the middle of instructions and goes astray.
	 */
	strlist_push(&a, "--gc-sections");
	strlist_push(&a, "-z");
	strlist_push(&a, "muldefs");
	strlist_pushf(&a, "--output=%s", out);
	for (i = 0; i < o->assumed.n; i++)
		strlist_pushf(&a, "--wrap=%s", o->assumed.v[i]);
	for (i = 0; i < list->n; i++)
		strlist_pushf(&a, "--undefined=%s", list->v[i]);
	strlist_append(&a, files);
	strlist_append(&a, with);
	if (!lld_run(&a, out))
		die(EXIT_FAILED, "the leaves can't be linked");
	strlist_free(&a);
	return out;
}

static bool is_assumed(const struct leaf_options *o, const char *name)
{
	size_t i;

	if (!str_starts(name, "__wrap_"))
		return false;
	for (i = 0; i < o->assumed.n; i++)
		if (strcmp(name + strlen("__wrap_"), o->assumed.v[i]) == 0)
			return true;
	return false;
}

static void check_undefined(const struct graph *g, const struct leaf_options *o,
			    struct strlist *problems)
{
	const struct elf *e = &g->objs[0].elf;
	struct elf_sym s;
	uint32_t i;

	for (i = 1; i < e->nsym; i++) {
		elf_symbol(e, i, &s);
		if (s.shndx != SHN_UNDEF || !*s.name ||
		    leaf_is_linker_symbol(s.name) || leaf_is_known(o, s.name) ||
		    is_assumed(o, s.name))
			continue;
		strlist_pushf(problems, "the leaves need %s", s.name);
	}
}

static void check_defined(const struct graph *g, const struct strlist *list,
			  struct strlist *problems)
{
	const uint32_t *defs;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!graph_definitions(g, list->v[i], &defs))
			strlist_pushf(problems,
				      "%s is listed, but no file defines it",
				      list->v[i]);
}

static void check_code(const struct graph *g, const unsigned char *code,
		       struct strlist *problems)
{
	static const char *const what[] = {
	    "", "an indirect call or jump",
	    "an instruction that enters the kernel",
	    "bytes that aren't instructions"};
	const char *name;
	uint32_t i;

	for (i = 0; i < g->nnode; i++) {
		if (g->nodes[i].obj == GRAPH_NONE || code[i] == CODE_PLAIN)
			continue;
		name = graph_symbol_at(g, i, 0);
		strlist_pushf(problems, "%s, which the leaves need, holds %s",
			      name ? name : g->nodes[i].name, what[code[i]]);
	}
}

void leaf_check(const struct strlist *list, const struct strlist *files,
		const struct strlist *with, const struct leaf_options *o,
		struct strlist *problems)
{
	char *path = link_leaves(list, files, with, o);
	struct graph g = {0};
	struct mapfile f;
	unsigned char *code;
	const char *err;

	if (!mapfile_open(&f, path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	err = graph_add(&g, path, f.data, f.len);
	code = xcalloc((size_t)g.nnode + 1, 1);
	if (!err) {
		disasm_file(&g, 0, g.nobj, path, code);
		err = graph_resolve(&g);
	}
	if (err)
		die(EXIT_FAILED, "%s: %s", path, err);
	check_undefined(&g, o, problems);
	check_defined(&g, list, problems);
	check_code(&g, code, problems);
	graph_free(&g);
	mapfile_close(&f);
	free(code);
	free(path);
}
