/* SPDX-License-Identifier: BSD-3-Clause */
/* Building the graph of sections; see graph.h. */
#include "graph.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

struct graph_name {
	const char *name; /* NULL: a free slot */
	uint32_t node;	  /* its symbol node, once it has one */
	uint32_t *defs;	  /* nodes of sections that define it */
	uint32_t ndef;
};

static void *grow(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return p;
	*cap = need < 2 * *cap ? 2 * *cap : need + 64;
	return xrealloc(p, *cap * size);
}

static uint32_t new_node(struct graph *g)
{
	g->nodes =
	    grow(g->nodes, &g->capnode, (size_t)g->nnode + 1, sizeof *g->nodes);
	memset(&g->nodes[g->nnode], 0, sizeof *g->nodes);
	return g->nnode++;
}

static void new_edge(struct graph *g, uint32_t to, uint64_t off)
{
	g->edges =
	    grow(g->edges, &g->capedge, (size_t)g->nedge + 1, sizeof *g->edges);
	g->edges[g->nedge].to = to;
	g->edges[g->nedge++].off = off;
}

/* FNV-1a. */
static size_t hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

static struct graph_name *slot(struct graph_name *names, size_t cap,
			       const char *name)
{
	size_t i = hash(name) & (cap - 1);

	while (names[i].name && strcmp(names[i].name, name) != 0)
		i = (i + 1) & (cap - 1);
	return &names[i];
}

static struct graph_name *intern(struct graph *g, const char *name)
{
	struct graph_name *s, *bigger;
	size_t i, cap;

	if (2 * (g->nnames + 1) > g->capnames) {
		cap = g->capnames ? 2 * g->capnames : 1024;
		bigger = xcalloc(cap, sizeof *bigger);
		for (i = 0; i < g->capnames; i++)
			if (g->names[i].name)
				*slot(bigger, cap, g->names[i].name) =
				    g->names[i];
		free(g->names);
		g->names = bigger;
		g->capnames = cap;
	}
	s = slot(g->names, g->capnames, name);
	if (!s->name) {
		s->name = name;
		s->node = GRAPH_NONE;
		g->nnames++;
	}
	return s;
}

static bool is_cut(const struct graph *g, const char *name)
{
	size_t i;

	for (i = 0; i < g->cut.n; i++)
		if (strcmp(g->cut.v[i], name) == 0)
			return true;
	return false;
}

static const char *add_object(struct graph *g, const char *name,
			      const void *data, size_t len)
{
	struct graph_object *o;
	struct elf_sec s;
	struct elf e;
	const char *err = elf_open(&e, data, len);
	uint32_t i, n;

	if (err)
		return err;
	if (e.type != ET_REL)
		return "not a relocatable object";
	if ((uint64_t)g->nnode + e.nsec >= GRAPH_NONE / 2)
		return "too many sections";
	g->objs =
	    grow(g->objs, &g->capobj, (size_t)g->nobj + 1, sizeof *g->objs);
	o = &g->objs[g->nobj];
	memset(o, 0, sizeof *o);
	o->name = xstrdup(name);
	o->elf = e;
	o->node = g->nnode;
	for (i = 0; i < e.nsec; i++) {
		elf_section(&e, i, &s);
		n = new_node(g);
		g->nodes[n].name = s.name;
		g->nodes[n].obj = g->nobj;
		g->nodes[n].sec = i;
		g->nodes[n].flags = s.flags;
		g->nodes[n].type = s.type;
	}
	g->nobj++;
	return NULL;
}

const char *graph_add(struct graph *g, const char *name, const void *data,
		      size_t len)
{
	struct ar a;
	struct ar_member m;
	const char *err;
	char *full;
	bool more;

	if (file_identify(data, len, NULL, 0) == FILE_OBJECT)
		return add_object(g, name, data, len);
	err = ar_open(&a, data, len);
	if (err)
		return err;
	while (!(err = ar_next(&a, &m, &more)) && more) {
		full = xasprintf("%s(%s)", name, m.name);
		err = add_object(g, full, m.data, m.len);
		free(full);
		if (err)
			break;
	}
	return err;
}

static bool in_section(const struct elf_sym *s)
{
	return s->shndx != SHN_UNDEF && s->shndx < ELF_RESERVED;
}

static void collect_definitions(struct graph *g)
{
	struct graph_object *o;
	struct graph_name *n;
	struct elf_sym s;
	uint32_t k, i;

	for (k = 0; k < g->nobj; k++) {
		o = &g->objs[k];
		for (i = 1; i < o->elf.nsym; i++) {
			elf_symbol(&o->elf, i, &s);
			if (s.bind == STB_LOCAL || !in_section(&s) ||
			    s.type == STT_SECTION || !*s.name)
				continue;
			n = intern(g, s.name);
			n->defs = xrealloc(n->defs, ((size_t)n->ndef + 1) *
							sizeof *n->defs);
			n->defs[n->ndef++] = o->node + s.shndx;
		}
	}
}

/*
 * Where a reference through symbol i leads. Absolute and common symbols lead
 * nowhere: they hold no references of their own.
 */
static uint32_t target(struct graph *g, const struct graph_object *o,
		       uint32_t i)
{
	struct graph_name *n;
	struct elf_sym s;

	elf_symbol(&o->elf, i, &s);
	if (i == 0 || (s.shndx != SHN_UNDEF && !in_section(&s)))
		return GRAPH_NONE;
	if (s.bind != STB_LOCAL && g->cut.n && is_cut(g, s.name))
		return GRAPH_NONE;
	if (s.bind == STB_LOCAL && s.shndx == SHN_UNDEF)
		return GRAPH_NONE;
	if (s.bind == STB_LOCAL || s.type == STT_SECTION || !*s.name)
		return o->node + s.shndx;
	n = intern(g, s.name);
	if (n->ndef == 1)
		return n->defs[0];
	if (n->node == GRAPH_NONE) {
		n->node = new_node(g);
		g->nodes[n->node].name = n->name;
		g->nodes[n->node].obj = GRAPH_NONE;
		g->nodes[n->node].external = n->ndef == 0;
	}
	return n->node;
}

static const char *object_edges(struct graph *g, uint32_t k)
{
	const struct graph_object *o = &g->objs[k];
	uint32_t *to = xcalloc((size_t)o->elf.nsym + 1, sizeof *to);
	struct elf_rela r;
	struct elf_sec s;
	uint32_t i, j, n, node;
	const char *err = NULL;

	for (i = 0; i < o->elf.nsym; i++)
		to[i] = target(g, o, i);
	for (i = 1; i < o->elf.nsec && !err; i++) {
		n = elf_nrela(&o->elf, i);
		if (!n)
			continue;
		elf_section(&o->elf, i, &s);
		node = o->node + s.info;
		if (g->nodes[node].nedge)
			err = "two relocation tables for one section";
		g->nodes[node].edge = g->nedge;
		for (j = 0; j < n && !err; j++) {
			elf_rela(&o->elf, i, j, &r);
			if (r.sym && to[r.sym] != GRAPH_NONE)
				new_edge(g, to[r.sym], r.off);
			if (g->nedge >= GRAPH_NONE - 1)
				err = "too many relocations";
		}
		g->nodes[node].nedge = g->nedge - g->nodes[node].edge;
	}
	free(to);
	return err;
}

static void symbol_edges(struct graph *g)
{
	struct graph_name *n;
	size_t i;
	uint32_t k;

	for (i = 0; i < g->capnames; i++) {
		n = &g->names[i];
		if (!n->name || n->node == GRAPH_NONE)
			continue;
		g->nodes[n->node].edge = g->nedge;
		g->nodes[n->node].nedge = n->ndef;
		for (k = 0; k < n->ndef; k++)
			new_edge(g, n->defs[k], 0);
	}
}

const char *graph_resolve(struct graph *g)
{
	const char *err = NULL;
	uint32_t k;

	collect_definitions(g);
	for (k = 0; k < g->nobj && !err; k++)
		err = object_edges(g, k);
	symbol_edges(g);
	return err;
}

uint32_t graph_find(const struct graph *g, const char *symbol)
{
	const struct graph_name *n;

	if (!g->capnames)
		return GRAPH_NONE;
	n = slot(g->names, g->capnames, symbol);
	if (!n->name)
		return GRAPH_NONE;
	return n->ndef == 1 ? n->defs[0] : n->node;
}

uint32_t graph_definitions(const struct graph *g, const char *symbol,
			   const uint32_t **defs)
{
	const struct graph_name *n;

	if (!g->capnames)
		return 0;
	n = slot(g->names, g->capnames, symbol);
	if (!n->name)
		return 0;
	*defs = n->defs;
	return n->ndef;
}

void graph_free(struct graph *g)
{
	size_t i;

	for (i = 0; i < g->nobj; i++) {
		free(g->objs[i].name);
		free(g->objs[i].by_place);
	}
	for (i = 0; i < g->capnames; i++)
		free(g->names[i].defs);
	free(g->objs);
	free(g->nodes);
	free(g->edges);
	free(g->names);
	strlist_free(&g->cut);
	memset(g, 0, sizeof *g);
}
