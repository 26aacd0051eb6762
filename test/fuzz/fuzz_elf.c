/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of the ELF reader (driver/elffile.c) and of the graph built on it:
 * whatever opens can be read and walked to its end.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "symname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps the reads from being optimised away. */
static volatile size_t fuzz_sum;

static void read_all(const struct elf *e)
{
	struct elf_sec sec;
	struct elf_sym sym;
	struct elf_rela rela;
	uint32_t i, k, n;

	for (i = 0; i < e->nsec; i++) {
		elf_section(e, i, &sec);
		fuzz_sum += strlen(sec.name);
	}
	for (i = 0; i < e->nsym; i++) {
		elf_symbol(e, i, &sym);
		fuzz_sum += strlen(sym.name) + sym.shndx;
	}
	for (i = 1; i < e->nsec; i++) {
		n = elf_nrela(e, i);
		for (k = 0; k < n && e->type == 1; k++) {
			elf_rela(e, i, k, &rela);
			fuzz_sum += rela.off;
		}
	}
}

static void walk_all(struct graph *g)
{
	struct walk w;
	uint32_t i;
	int backwards;
	const char *label;
	char *pretty;

	for (backwards = 0; backwards < 2; backwards++) {
		walk_begin(&w, g, backwards);
		for (i = 0; i < g->nnode && i < 4; i++)
			walk_root(&w, i);
		walk_run(&w, g);
		for (i = 0; i < w.n; i++) {
			label =
			    graph_symbol_at(g, w.queue[i], w.at[w.queue[i]]);
			if (!label)
				continue;
			pretty = symname_pretty(label);
			if (!*pretty && *label)
				abort();
			free(pretty);
		}
		walk_end(&w);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct graph g = {0};
	struct elf e;
	char what[64];

	if (!*(file_identify(data, size, what, sizeof what), what))
		abort();
	if (!elf_open(&e, data, size))
		read_all(&e);
	if (!graph_add(&g, "fuzz.o", data, size) && !graph_resolve(&g))
		walk_all(&g);
	graph_free(&g);
	return 0;
}
