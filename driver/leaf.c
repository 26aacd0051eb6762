/* SPDX-License-Identifier: BSD-3-Clause */
/* The analysis of leaves over the graph of sections; see leaf.h. */
#include "config.h"

#include "leaf.h"

#include "link.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Names that link scripts define. Sorted. */
static const char *const linker_symbols[] = {
    "_DYNAMIC",
    "_GLOBAL_OFFSET_TABLE_",
    "__dso_handle",
    "__ehdr_start",
    "__fini_array_end",
    "__fini_array_start",
    "__init_array_end",
    "__init_array_start",
    "_end",
    "_etext",
    "halvm_dynamic",
    "halvm_ehdr_start",
    "halvm_end",
    "halvm_fini_array_end",
    "halvm_fini_array_start",
    "halvm_init_array_end",
    "halvm_init_array_start",
};

static int compare(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

bool leaf_is_linker_symbol(const char *name)
{
	return bsearch(name, linker_symbols, ARRAY_SIZE(linker_symbols),
		       sizeof *linker_symbols, compare);
}

bool leaf_is_known(const struct leaf_options *o, const char *name)
{
	return o->known.n && bsearch(name, o->known.v, o->known.n,
				     sizeof *o->known.v, compare);
}

static void add_file(struct leaf *l, const char *path)
{
	struct mapfile *f = &l->files[l->nfile++];
	uint32_t first = l->graph.nobj;
	const char *err;

	if (!mapfile_open(f, path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	err = graph_add(&l->graph, path, f->data, f->len);
	if (err)
		die(EXIT_FAILED, "'%s': %s", path, err);
	l->code = xrealloc(l->code, (size_t)l->graph.nnode + 1);
	memset(l->code + l->capnode, 0, l->graph.nnode - l->capnode + 1);
	l->capnode = l->graph.nnode;
	disasm_file(&l->graph, first, l->graph.nobj - first, path, l->code);
}

void leaf_open(struct leaf *l, const struct strlist *files,
	       const struct strlist *with, const struct leaf_options *o)
{
	const char *err;
	size_t i;

	memset(l, 0, sizeof *l);
	l->files = xcalloc(files->n + with->n + 1, sizeof *l->files);
	strlist_append(&l->graph.cut, &o->assumed);
	for (i = 0; i < files->n; i++)
		add_file(l, files->v[i]);
	l->nlisted = l->graph.nobj;
	for (i = 0; i < with->n; i++)
		add_file(l, with->v[i]);
	err = graph_resolve(&l->graph);
	if (err)
		die(EXIT_FAILED, "%s", err);
	/* Symbol nodes have no code. */
	l->code = xrealloc(l->code, (size_t)l->graph.nnode + 1);
	memset(l->code + l->capnode, 0, l->graph.nnode - l->capnode + 1);
}

void leaf_open_some(struct leaf *l, const char *path,
		    const struct strlist *names, const struct leaf_options *o)
{
	const uint32_t *defs;
	const char *err;
	struct walk w;
	uint32_t i, k, n;

	memset(l, 0, sizeof *l);
	l->files = xcalloc(1, sizeof *l->files);
	strlist_append(&l->graph.cut, &o->assumed);
	if (!mapfile_open(&l->files[l->nfile++], path))
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	err = graph_add(&l->graph, path, l->files->data, l->files->len);
	if (!err)
		err = graph_resolve(&l->graph);
	if (err)
		die(EXIT_FAILED, "'%s': %s", path, err);
	l->nlisted = l->graph.nobj;
	l->code = xcalloc((size_t)l->graph.nnode + 1, 1);
	walk_begin(&w, &l->graph, false);
	for (i = 0; i < names->n; i++) {
		n = graph_definitions(&l->graph, names->v[i], &defs);
		for (k = 0; k < n; k++)
			walk_root(&w, defs[k]);
	}
	walk_run(&w, &l->graph);
	disasm_nodes(&l->graph, w.queue, w.n, l->code);
	walk_end(&w);
}

void leaf_close(struct leaf *l)
{
	size_t i;

	graph_free(&l->graph);
	for (i = 0; i < l->nfile; i++)
		mapfile_close(&l->files[i]);
	free(l->files);
	free(l->code);
	memset(l, 0, sizeof *l);
}

/* Reasons in the order in which they are looked for. */
enum reason { BY_SYSCALL, BY_KERNEL, BY_INDIRECT, BY_UNRESOLVED, REASONS };

static bool is_root(const struct leaf *l, const struct leaf_options *o,
		    uint32_t node, enum reason why)
{
	const struct graph_node *n = &l->graph.nodes[node];
	bool syscall;

	if (why == BY_KERNEL)
		return l->code[node] == CODE_KERNEL;
	if (why == BY_INDIRECT)
		return l->code[node] == CODE_INDIRECT ||
		       l->code[node] == CODE_BAD;
	if (!n->external)
		return false;
	syscall = str_starts(n->name, HALVM_SYSCALL) ||
		  str_starts(n->name, "halvm_cancel");
	if (why == BY_SYSCALL)
		return syscall;
	return !syscall && !leaf_is_linker_symbol(n->name) &&
	       !leaf_is_known(o, n->name);
}

/* Everything that reaches a reason; first[] is the end of each in the queue. */
static void walk_reasons(const struct leaf *l, const struct leaf_options *o,
			 struct walk *w)
{
	uint32_t i;
	int why;

	walk_begin(w, &l->graph, true);
	for (why = 0; why < REASONS; why++) {
		for (i = 0; i < l->graph.nnode; i++)
			if (is_root(l, o, i, (enum reason)why))
				walk_root(w, i);
		walk_run(w, &l->graph);
	}
}

static uint32_t walk_root_of(const struct walk *w, uint32_t node)
{
	while (w->from[node] != node)
		node = w->from[node];
	return node;
}

static enum reason reason_of(const struct leaf *l, const struct leaf_options *o,
			     const struct walk *w, uint32_t node)
{
	int why;

	node = walk_root_of(w, node);
	for (why = 0; why < REASONS - 1; why++)
		if (is_root(l, o, node, (enum reason)why))
			break;
	return (enum reason)why;
}

/* A global function that a program can name. */
static bool is_function(const struct graph_object *o, const struct elf_sym *s)
{
	struct elf_sec sec;

	if (s->bind == STB_LOCAL || s->shndx == SHN_UNDEF ||
	    s->shndx >= ELF_RESERVED || s->type == STT_SECTION || !*s->name)
		return false;
	elf_section(&o->elf, s->shndx, &sec);
	return sec.flags & SHF_EXECINSTR;
}

/*
 * The node that decides about a name: its symbol node if there is one (every
 * definition), else the first definition that reaches something.
 */
static uint32_t worst(const struct leaf *l, const struct walk *w,
		      const char *name)
{
	const uint32_t *defs;
	uint32_t i, n = graph_definitions(&l->graph, name, &defs);

	for (i = 0; i < n; i++)
		if (walk_reached(w, defs[i]))
			return defs[i];
	return n ? defs[0] : GRAPH_NONE;
}

static void count(struct leaf_counts *c, enum reason why)
{
	switch (why) {
	case BY_SYSCALL:
		c->syscall++;
		break;
	case BY_KERNEL:
		c->kernel++;
		break;
	case BY_INDIRECT:
		c->indirect++;
		break;
	default:
		c->unresolved++;
		break;
	}
}

static void list_functions(const struct leaf *l, struct strlist *out)
{
	struct strlist all = {0};
	struct elf_sym s;
	uint32_t k, i;

	for (k = 0; k < l->nlisted; k++) {
		const struct graph_object *o = &l->graph.objs[k];

		for (i = 1; i < o->elf.nsym; i++) {
			elf_symbol(&o->elf, i, &s);
			if (is_function(o, &s))
				strlist_push(&all, s.name);
		}
	}
	strlist_sort(&all);
	for (i = 0; i < all.n; i++)
		if (!i || strcmp(all.v[i - 1], all.v[i]) != 0)
			strlist_push(out, all.v[i]);
	strlist_free(&all);
}

void leaf_find(struct leaf *l, const struct leaf_options *o,
	       struct strlist *out, struct leaf_counts *counts)
{
	struct strlist names = {0};
	struct walk w;
	uint32_t node;
	size_t i;

	memset(counts, 0, sizeof *counts);
	walk_reasons(l, o, &w);
	list_functions(l, &names);
	for (i = 0; i < names.n; i++) {
		counts->functions++;
		node = worst(l, &w, names.v[i]);
		if (walk_reached(&w, node)) {
			count(counts, reason_of(l, o, &w, node));
			continue;
		}
		counts->leaves++;
		strlist_push(out, names.v[i]);
	}
	strlist_free(&names);
	walk_end(&w);
}

void leaf_refute(struct leaf *l, const struct leaf_options *o,
		 const struct strlist *names, struct strlist *refuted)
{
	struct walk w;
	uint32_t node;
	size_t i;

	walk_reasons(l, o, &w);
	for (i = 0; i < names->n; i++) {
		node = worst(l, &w, names->v[i]);
		if (node != GRAPH_NONE && walk_reached(&w, node))
			strlist_push(refuted, names->v[i]);
	}
	walk_end(&w);
}

static const char *describe(const struct leaf *l, enum reason why,
			    uint32_t node)
{
	switch (why) {
	case BY_SYSCALL:
		return "a syscall";
	case BY_KERNEL:
		return "which holds an instruction that enters the kernel";
	case BY_INDIRECT:
		return l->code[node] == CODE_BAD
			   ? "which holds bytes that aren't instructions"
			   : "which holds an indirect call or jump";
	default:
		return "which nobody defines and isn't known as leaf";
	}
}

char *leaf_why(struct leaf *l, const struct leaf_options *o, const char *name)
{
	struct strlist chain = {0};
	struct walk w;
	uint32_t node;
	const char *label;
	enum reason why;
	char *joined, *s;

	walk_reasons(l, o, &w);
	node = worst(l, &w, name);
	if (node == GRAPH_NONE || !walk_reached(&w, node)) {
		walk_end(&w);
		return xasprintf(node == GRAPH_NONE ? "%s is not defined here"
						    : "%s is a leaf",
				 name);
	}
	why = reason_of(l, o, &w, node);
	strlist_push(&chain, name);
	for (;; node = w.from[node]) {
		label = graph_symbol_at(&l->graph, node, w.at[node]);
		if (!label)
			label = l->graph.nodes[node].name;
		if (strcmp(chain.v[chain.n - 1], label) != 0)
			strlist_push(&chain, label);
		if (w.from[node] == node)
			break;
	}
	joined = strlist_join(&chain, " > ");
	s = xasprintf("%s, %s", joined, describe(l, why, node));
	free(joined);
	strlist_free(&chain);
	walk_end(&w);
	return s;
}
