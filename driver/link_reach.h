/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which syscalls a portable object can reach, and how: the graph of its
 * sections walked from libc's entry.
 *
 * libc's syscall(2) refers to every syscall through a table. A program that
 * reaches the table reaches them all; that is told apart from reaching one by
 * name, so nothing is walked through the table.
 */
#ifndef HALVM_LINK_REACH_H
#define HALVM_LINK_REACH_H

#include "graph.h"
#include "mapfile.h"
#include "systab.h"

struct reach {
	struct mapfile file;
	struct graph graph;
	struct walk walk;
	uint32_t table; /* node of the table of syscall(2), or GRAPH_NONE */
};

/* Dies if the file isn't a whole object. */
void reach_open(struct reach *r, const char *portable);
void reach_close(struct reach *r);

enum reached { REACHED_NOT, REACHED_BY_NAME, REACHED_BY_TABLE };

enum reached reach_syscall(const struct reach *r, const char *name);

/*
 * The shortest way there, as readable names from the program's start to the
 * last caller; for REACHED_BY_TABLE, to the caller of syscall(2).
 */
void reach_chain(const struct reach *r, const char *name, struct strlist *out);

/* Readable names of the functions that refer to it by name, sorted. */
void reach_callers(const struct reach *r, const char *name,
		   struct strlist *out);

#endif
