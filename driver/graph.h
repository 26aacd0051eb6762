/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who refers to whom among the sections of objects.
 *
 * A node is a section of one object, or a symbol: one that no object defines
 * (external), or one that a linker may resolve in more than one way (then its
 * edges lead to every definition). An edge is a relocation, be it in code or
 * data, call or address. So what can't be reached from a node can't be reached
 * by running it, whatever pointers it computes from what it was linked with.
 *
 * Use: graph_add() each object or archive (bytes must outlive the graph),
 * then graph_resolve() once, then walk.
 */
#ifndef HALVM_GRAPH_H
#define HALVM_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elffile.h"
#include "util.h"

#define GRAPH_NONE UINT32_MAX

struct graph_edge {
	uint32_t to;
	uint64_t off; /* of the relocation in its section */
};

struct graph_node {
	const char *name; /* of the section or the symbol */
	uint32_t obj;	  /* GRAPH_NONE: a symbol */
	uint32_t sec;
	uint64_t flags;	      /* sh_flags; 0 for symbols */
	uint32_t type;	      /* sh_type; 0 for symbols */
	uint32_t edge, nedge; /* its edges: graph.edges[edge …] */
	bool external;	      /* a symbol without definition */
};

struct graph_object {
	char *name; /* "libc.a(read.o)" */
	struct elf elf;
	uint32_t node;	    /* of its section 0 */
	uint32_t *by_place; /* symbols by section and value */
	uint32_t nplaced;
};

struct graph_name; /* one entry of the table of global names */

struct graph {
	struct graph_object *objs;
	struct graph_node *nodes;
	struct graph_edge *edges;
	uint32_t nobj, nnode, nedge;
	size_t capobj, capnode, capedge;
	struct graph_name *names;
	size_t capnames, nnames; /* capnames is a power of two */
	struct strlist cut;	 /* names whose references don't count */
};

/* NULL, or why it can't be read. `name` is copied. */
const char *graph_add(struct graph *g, const char *name, const void *data,
		      size_t len);
const char *graph_resolve(struct graph *g);
void graph_free(struct graph *g);

/* How many sections define a global name; *defs are their nodes. */
uint32_t graph_definitions(const struct graph *g, const char *symbol,
			   const uint32_t **defs);

/* The node that a global name stands for, or GRAPH_NONE. */
uint32_t graph_find(const struct graph *g, const char *symbol);

/*
 * The symbol that holds the place in a section, or the nearest one; NULL if
 * the section has none that has a name.
 */
const char *graph_symbol_at(const struct graph *g, uint32_t node, uint64_t off);

/* Breadth-first search from many roots, forwards or against the edges. */
struct walk {
	uint32_t *from;	 /* by node: the node before it; itself for a root */
	uint64_t *at;	 /* offset of the edge that was taken */
	uint32_t *queue; /* the nodes reached, nearest first */
	uint32_t n, done;
	bool backwards;
	/* Backwards only: edges by target, and the source of each edge. */
	uint32_t *into, *into_start, *source;
};

void walk_begin(struct walk *w, const struct graph *g, bool backwards);
/* Adds a root; what is reached already stays as it is. */
void walk_root(struct walk *w, uint32_t node);
void walk_run(struct walk *w, const struct graph *g);
bool walk_reached(const struct walk *w, uint32_t node);
void walk_end(struct walk *w);

#endif
