/* SPDX-License-Identifier: BSD-3-Clause */
/* Walking the graph, and the names of places in it; see graph.h. */
#include "config.h"

#include "graph.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* A symbol that can name a place for people. */
static bool is_label(const struct elf_sym *s)
{
	return s->shndx != SHN_UNDEF && s->shndx < ELF_RESERVED &&
	       s->type != STT_SECTION && s->type != STT_FILE && *s->name &&
	       strncmp(s->name, ".L", 2) != 0;
}

/* Among symbols of one place the best name comes last. */
static int rank(const struct elf_sym *s)
{
	return 2 * (s->bind != STB_LOCAL) +
	       (s->type == STT_FUNC || s->type == STT_OBJECT);
}

static int by_place(const void *a, const void *b, void *elf)
{
	struct elf_sym x, y;

	elf_symbol(elf, *(const uint32_t *)a, &x);
	elf_symbol(elf, *(const uint32_t *)b, &y);
	if (x.shndx != y.shndx)
		return x.shndx < y.shndx ? -1 : 1;
	if (x.value != y.value)
		return x.value < y.value ? -1 : 1;
	if (rank(&x) != rank(&y))
		return rank(&x) - rank(&y);
	return strcmp(y.name, x.name);
}

static void place_symbols(struct graph_object *o)
{
	struct elf_sym s;
	uint32_t i;

	o->by_place = xcalloc((size_t)o->elf.nsym + 1, sizeof *o->by_place);
	for (i = 1; i < o->elf.nsym; i++) {
		elf_symbol(&o->elf, i, &s);
		if (is_label(&s))
			o->by_place[o->nplaced++] = i;
	}
	qsort_r(o->by_place, o->nplaced, sizeof *o->by_place, by_place,
		&o->elf);
}

/* Index in by_place of the first symbol beyond (sec, off). */
static uint32_t beyond(const struct graph_object *o, uint32_t sec, uint64_t off)
{
	uint32_t low = 0, high = o->nplaced, mid;
	struct elf_sym s;

	while (low < high) {
		mid = low + (high - low) / 2;
		elf_symbol(&o->elf, o->by_place[mid], &s);
		if (s.shndx < sec || (s.shndx == sec && s.value <= off))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *graph_symbol_at(const struct graph *g, uint32_t node, uint64_t off)
{
	const struct graph_node *n = &g->nodes[node];
	struct graph_object *o;
	struct elf_sym before, after;
	bool has_before = false, has_after = false;
	uint32_t i;

	if (n->obj == GRAPH_NONE)
		return n->name;
	o = &g->objs[n->obj];
	if (!o->by_place)
		place_symbols(o);
	i = beyond(o, n->sec, off);
	if (i > 0) {
		elf_symbol(&o->elf, o->by_place[i - 1], &before);
		has_before = before.shndx == n->sec;
	}
	if (i < o->nplaced) {
		elf_symbol(&o->elf, o->by_place[i], &after);
		has_after = after.shndx == n->sec;
	}
	/* GHC's info tables stand before the symbol of their code. */
	if (has_after && (!has_before ||
			  (before.size && off >= before.value + before.size))) {
		/* The best name of that place. */
		i = beyond(o, n->sec, after.value);
		elf_symbol(&o->elf, o->by_place[i - 1], &after);
		return after.name;
	}
	return has_before ? before.name : NULL;
}

/* Edges by target, as a table of edge indices: counting sort. */
static void index_backwards(struct walk *w, const struct graph *g,
			    uint32_t *source)
{
	uint32_t i, k;

	w->into_start = xcalloc((size_t)g->nnode + 2, sizeof(uint32_t));
	w->into = xcalloc((size_t)g->nedge + 1, sizeof(uint32_t));
	for (i = 0; i < g->nedge; i++)
		w->into_start[g->edges[i].to + 2]++;
	for (i = 2; i < g->nnode + 2; i++)
		w->into_start[i] += w->into_start[i - 1];
	for (i = 0; i < g->nnode; i++)
		for (k = 0; k < g->nodes[i].nedge; k++)
			source[g->nodes[i].edge + k] = i;
	for (i = 0; i < g->nedge; i++)
		w->into[w->into_start[g->edges[i].to + 1]++] = i;
}

void walk_begin(struct walk *w, const struct graph *g, bool backwards)
{
	uint32_t i;

	memset(w, 0, sizeof *w);
	w->backwards = backwards;
	w->from = xcalloc((size_t)g->nnode + 1, sizeof *w->from);
	w->at = xcalloc((size_t)g->nnode + 1, sizeof *w->at);
	w->queue = xcalloc((size_t)g->nnode + 1, sizeof *w->queue);
	for (i = 0; i < g->nnode; i++)
		w->from[i] = GRAPH_NONE;
	if (backwards) {
		w->source = xcalloc((size_t)g->nedge + 1, sizeof *w->source);
		index_backwards(w, g, w->source);
	}
}

static void reach(struct walk *w, uint32_t node, uint32_t from, uint64_t at)
{
	if (w->from[node] != GRAPH_NONE)
		return;
	w->from[node] = from;
	w->at[node] = at;
	w->queue[w->n++] = node;
}

void walk_root(struct walk *w, uint32_t node)
{
	reach(w, node, node, 0);
}

void walk_run(struct walk *w, const struct graph *g)
{
	const struct graph_edge *e;
	uint32_t node, i;

	while (w->done < w->n) {
		node = w->queue[w->done++];
		if (!w->backwards) {
			for (i = 0; i < g->nodes[node].nedge; i++) {
				e = &g->edges[g->nodes[node].edge + i];
				reach(w, e->to, node, e->off);
			}
			continue;
		}
		for (i = w->into_start[node]; i < w->into_start[node + 1];
		     i++) {
			e = &g->edges[w->into[i]];
			reach(w, w->source[w->into[i]], node, e->off);
		}
	}
}

bool walk_reached(const struct walk *w, uint32_t node)
{
	return w->from[node] != GRAPH_NONE;
}

void walk_end(struct walk *w)
{
	free(w->from);
	free(w->at);
	free(w->queue);
	free(w->into);
	free(w->into_start);
	free(w->source);
	memset(w, 0, sizeof *w);
}
