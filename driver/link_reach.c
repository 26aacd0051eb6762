/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "link_reach.h"

#include "link.h"
#include "symname.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A data section that refers to so many syscalls is the table. */
enum { TABLE_MIN = 64 };

static bool is_syscall(const struct graph *g, uint32_t node)
{
	return g->nodes[node].obj == GRAPH_NONE &&
	       str_starts(g->nodes[node].name, HALVM_SYSCALL);
}

static uint32_t find_table(const struct graph *g)
{
	const struct graph_node *n;
	uint32_t i, k, count;

	for (i = 0; i < g->nnode; i++) {
		n = &g->nodes[i];
		if (n->obj == GRAPH_NONE || (n->flags & SHF_EXECINSTR) ||
		    n->nedge < TABLE_MIN)
			continue;
		for (k = count = 0; k < n->nedge; k++)
			count += is_syscall(g, g->edges[n->edge + k].to);
		if (count >= TABLE_MIN)
			return i;
	}
	return GRAPH_NONE;
}

/* Sections that a linker keeps though nobody refers to them. */
static bool is_kept(const struct graph_node *n)
{
	return n->type == SHT_INIT_ARRAY || n->type == SHT_FINI_ARRAY ||
	       n->type == SHT_PREINIT_ARRAY || str_starts(n->name, ".init") ||
	       str_starts(n->name, ".fini") || str_starts(n->name, ".ctors") ||
	       str_starts(n->name, ".dtors");
}

/* The program's start first, so that chains lead from there if they can. */
static void walk_all(struct reach *r)
{
	const struct graph *g = &r->graph;
	const struct graph_node *n;
	uint32_t i, root = graph_find(g, HALVM_ROOT);

	walk_begin(&r->walk, g, false);
	if (root != GRAPH_NONE)
		walk_root(&r->walk, root);
	walk_run(&r->walk, g);
	for (i = 0; i < g->nnode; i++)
		if (is_kept(&g->nodes[i]))
			walk_root(&r->walk, i);
	walk_run(&r->walk, g);
	/* What else is there was asked for by name (-u). */
	for (i = 0; i < g->nnode; i++) {
		n = &g->nodes[i];
		if (n->obj == GRAPH_NONE || !(n->flags & SHF_EXECINSTR) ||
		    walk_reached(&r->walk, i))
			continue;
		walk_root(&r->walk, i);
		walk_run(&r->walk, g);
	}
}

void reach_open(struct reach *r, const char *portable)
{
	const char *err;
	uint32_t edges = 0;

	memset(r, 0, sizeof *r);
	if (!mapfile_open(&r->file, portable))
		die(EXIT_FAILED, "can't read '%s': %s", portable,
		    strerror(errno));
	err = graph_add(&r->graph, portable, r->file.data, r->file.len);
	if (!err)
		err = graph_resolve(&r->graph);
	if (err)
		die(EXIT_FAILED, "'%s' is a damaged object: %s", portable, err);
	r->table = find_table(&r->graph);
	if (r->table != GRAPH_NONE) {
		edges = r->graph.nodes[r->table].nedge;
		r->graph.nodes[r->table].nedge = 0;
	}
	walk_all(r);
	if (r->table != GRAPH_NONE)
		r->graph.nodes[r->table].nedge = edges;
}

void reach_close(struct reach *r)
{
	walk_end(&r->walk);
	graph_free(&r->graph);
	mapfile_close(&r->file);
}

static uint32_t syscall_node(const struct reach *r, const char *name)
{
	char *symbol = xasprintf("%s%s", HALVM_SYSCALL, name);
	uint32_t node = graph_find(&r->graph, symbol);

	free(symbol);
	return node;
}

static bool table_has(const struct reach *r, uint32_t node)
{
	const struct graph_node *t;
	uint32_t i;

	if (r->table == GRAPH_NONE || !walk_reached(&r->walk, r->table))
		return false;
	t = &r->graph.nodes[r->table];
	for (i = 0; i < t->nedge; i++)
		if (r->graph.edges[t->edge + i].to == node)
			return true;
	return false;
}

enum reached reach_syscall(const struct reach *r, const char *name)
{
	uint32_t node = syscall_node(r, name);

	if (node == GRAPH_NONE)
		return REACHED_NOT;
	if (walk_reached(&r->walk, node))
		return REACHED_BY_NAME;
	return table_has(r, node) ? REACHED_BY_TABLE : REACHED_NOT;
}

/* Appends the readable name of a place, unless it has none or is the last. */
static void push_place(const struct reach *r, uint32_t node, uint64_t off,
		       struct strlist *out)
{
	const char *symbol;
	char *pretty;

	if (r->graph.nodes[node].obj == GRAPH_NONE)
		return;
	symbol = graph_symbol_at(&r->graph, node, off);
	if (!symbol)
		return;
	pretty = symname_pretty(symbol);
	if (!out->n || strcmp(out->v[out->n - 1], pretty) != 0)
		strlist_push(out, pretty);
	free(pretty);
}

static void reverse(struct strlist *l)
{
	size_t i;
	char *t;

	for (i = 0; i < l->n / 2; i++) {
		t = l->v[i];
		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = t;
	}
}

void reach_chain(const struct reach *r, const char *name, struct strlist *out)
{
	uint32_t node = syscall_node(r, name);

	if (node != GRAPH_NONE && !walk_reached(&r->walk, node))
		node = table_has(r, node) ? r->table : GRAPH_NONE;
	while (node != GRAPH_NONE && r->walk.from[node] != node) {
		push_place(r, r->walk.from[node], r->walk.at[node], out);
		node = r->walk.from[node];
	}
	reverse(out);
}

/* The nearest place on the way to a node that has a name. */
static void push_nearest(const struct reach *r, uint32_t node, uint64_t off,
			 struct strlist *out)
{
	size_t n = out->n;

	for (;;) {
		push_place(r, node, off, out);
		if (out->n > n || r->walk.from[node] == node ||
		    r->walk.from[node] == GRAPH_NONE)
			return;
		off = r->walk.at[node];
		node = r->walk.from[node];
	}
}

void reach_callers(const struct reach *r, const char *name, struct strlist *out)
{
	const struct graph *g = &r->graph;
	uint32_t node = syscall_node(r, name), i, k;
	struct strlist all = {0};
	const struct graph_edge *e;

	for (i = 0; i < g->nnode; i++) {
		if (i == r->table || !walk_reached(&r->walk, i))
			continue;
		for (k = 0; k < g->nodes[i].nedge; k++) {
			e = &g->edges[g->nodes[i].edge + k];
			if (e->to == node)
				push_nearest(r, i, e->off, &all);
		}
	}
	strlist_sort(&all);
	for (i = 0; i < all.n; i++)
		if (!i || strcmp(all.v[i - 1], all.v[i]) != 0)
			strlist_push(out, all.v[i]);
	strlist_free(&all);
}
