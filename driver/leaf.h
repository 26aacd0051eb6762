/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Proven leaves: functions from which no syscall can be reached, so that a
 * foreign call to one can't block, and may stay an unsafe (cheap) one.
 *
 * The proof is conservative. A function is no leaf if, following every
 * reference of every section it needs (calls and addresses alike), one comes
 * to a halvm_syscall_* or halvm_cancel_*, to a symbol that nobody defines and
 * that isn't known as leaf, or to a section that holds an indirect call or
 * jump, an instruction that enters the kernel, or bytes that aren't
 * instructions. Leaf doesn't mean short: a loop may be long.
 *
 * What it can't see: a `ret` used as a jump in hand-written assembly.
 */
#ifndef HALVM_LEAF_H
#define HALVM_LEAF_H

#include "graph.h"
#include "mapfile.h"

/* Why a section counts as reaching, by its own instructions. */
enum code_kind {
	CODE_PLAIN,
	CODE_INDIRECT, /* a call or jump to a computed address */
	CODE_KERNEL,   /* syscall, sysenter, int */
	CODE_BAD       /* bytes that aren't instructions */
};

struct leaf_options {
	struct strlist known;	/* sorted: leaves of earlier runs */
	struct strlist assumed; /* references to them don't count */
};

struct leaf {
	struct graph graph;
	struct mapfile *files;
	unsigned char *code; /* enum code_kind by node */
	size_t nfile, capnode;
	uint32_t nlisted; /* objects whose functions are listed */
};

/*
 * Reads and disassembles the files; functions of `with` only resolve
 * references. Dies on damage.
 */
void leaf_open(struct leaf *l, const struct strlist *files,
	       const struct strlist *with, const struct leaf_options *o);
void leaf_close(struct leaf *l);

struct leaf_counts {
	size_t functions, leaves;
	/* The others by the first reason that applies. */
	size_t syscall, indirect, kernel, unresolved;
};

/*
 * As leaf_open, of one object of which only what the named functions can reach
 * is disassembled.
 */
void leaf_open_some(struct leaf *l, const char *path,
		    const struct strlist *names, const struct leaf_options *o);
/* Those of the names that are defined and no leaves, in their order. */
void leaf_refute(struct leaf *l, const struct leaf_options *o,
		 const struct strlist *names, struct strlist *refuted);

/* The names of the leaves, sorted. */
void leaf_find(struct leaf *l, const struct leaf_options *o,
	       struct strlist *out, struct leaf_counts *counts);

/* "printf > vfprintf > ... > halvm_syscall_writev (a syscall)". */
char *leaf_why(struct leaf *l, const struct leaf_options *o, const char *name);

/*
 * The second method: lld links the listed functions alone, discards what they
 * don't need, and the result is searched. Appends a line per difference.
 */
void leaf_check(const struct strlist *list, const struct strlist *files,
		const struct strlist *with, const struct leaf_options *o,
		struct strlist *problems);

/* Symbols that the link script defines: places, not functions. */
bool leaf_is_linker_symbol(const char *name);
bool leaf_is_known(const struct leaf_options *o, const char *name);

/* leaf_disasm.c: what one instruction, as objdump writes it, means. */
enum code_kind disasm_classify(const char *instruction);
/*
 * Reads objdump's text for one file, whose objects are [first, first+n) of the
 * graph. NULL, or what is wrong with it. Changes text.
 */
const char *disasm_read(const struct graph *g, uint32_t first, uint32_t n,
			char *text, unsigned char *code);
/* Runs objdump on the file and reads its text; dies if that fails. */
void disasm_file(const struct graph *g, uint32_t first, uint32_t n,
		 const char *path, unsigned char *code);
/*
 * The same for those of the nodes that are sections with code, by their bytes
 * alone.
 */
void disasm_nodes(const struct graph *g, const uint32_t *nodes, uint32_t n,
		  unsigned char *code);

#endif
