/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs with providers (halvm/provider.h): the layer that asks them, the
 * target's provide.o, stands between libc and the runtime.
 *
 * The portable object and the layer are joined before the image is linked, so
 * that the report tells of the syscalls that the layer makes, too. For each
 * __wrap_halvm_syscall_x that the layer defines, lld's --wrap makes the
 * program's halvm_syscall_x of it.
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "link_reach.h"
#include "mapfile.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#define WRAP "__wrap_"

/* By which a program refers to the layer. */
static const char *const names[] = {
    "halvm_provide_console", "halvm_provide_files", "halvm_provide_network",
    "halvm_provider_ready",  "halvm_below_console", "halvm_below_open"};

bool link_has_provide(const struct elf *e)
{
	struct elf_sym s;
	uint32_t i, k;

	for (i = 1; i < e->nsym; i++) {
		elf_symbol(e, i, &s);
		if (s.shndx != SHN_UNDEF || !str_starts(s.name, "halvm_"))
			continue;
		for (k = 0; k < ARRAY_SIZE(names); k++)
			if (strcmp(s.name, names[k]) == 0)
				return true;
	}
	return false;
}

/*
 * The first of the names that the program can reach and leaves to the layer, or
 * NULL. A program may define them itself, as the interpreter does.
 */
static const char *reached(const char *portable)
{
	const char *name = NULL;
	struct reach r;
	uint32_t node;
	size_t i;

	reach_open(&r, portable);
	for (i = 0; i < ARRAY_SIZE(names) && !name; i++) {
		node = graph_find(&r.graph, names[i]);
		if (node != GRAPH_NONE && r.graph.nodes[node].external &&
		    walk_reached(&r.walk, node))
			name = names[i];
	}
	reach_close(&r);
	return name;
}

static void wrap_options(const char *layer, struct strlist *o)
{
	struct mapfile f;
	struct elf e;
	struct elf_sym s;
	const char *err;
	uint32_t i;

	if (!mapfile_open(&f, layer))
		die(EXIT_FAILED, "can't read '%s': %s", layer, strerror(errno));
	err = elf_open(&e, f.data, f.len);
	if (err)
		die(EXIT_FAILED, "'%s' is damaged: %s; install HaLVM again",
		    layer, err);
	for (i = 1; i < e.nsym; i++) {
		elf_symbol(&e, i, &s);
		if (s.shndx != SHN_UNDEF && s.bind != STB_LOCAL &&
		    str_starts(s.name, WRAP HALVM_SYSCALL))
			strlist_pushf(o, "--wrap=%s", s.name + strlen(WRAP));
	}
	mapfile_close(&f);
}

static bool join(const struct link_job *job, const char *portable,
		 const char *out)
{
	struct strlist o = {0};
	bool ok;

	link_merge_portable(job, &o, out);
	wrap_options(job->target.provide, &o);
	strlist_push(&o, portable);
	strlist_push(&o, job->target.provide);
	ok = lld_run(&o, out);
	strlist_free(&o);
	return ok;
}

/* Options for lld of a command line with objects have had their effect. */
static void replace_inputs(struct link_job *job, const char *by)
{
	size_t i;

	strlist_free(&job->inputs);
	strlist_push(&job->inputs, by);
	for (i = 0; job->portable && i < job->args->nitems; i++)
		if (job->args->items[i].kind == ITEM_LD)
			strlist_push(&job->inputs, job->args->items[i].text);
	job->portable = job->inputs.v[0];
}

bool link_provide(struct link_job *job, const char *portable)
{
	const struct target *t = &job->target;
	const char *name = reached(portable);
	char *out;

	if (!name)
		return true;
	if (!t->provide)
		die(EXIT_FAILED,
		    "the program refers to %s, but target '%s' has nothing "
		    "for providers: its target.conf has no 'provide'",
		    name, t->name);
	if (!file_exists(t->provide))
		die(EXIT_FAILED,
		    "the program refers to %s, so it needs '%s', which is "
		    "missing: build or install HaLVM again",
		    name, t->provide);
	out = path_join(temp_dir(), "provide.o");
	if (!join(job, portable, out))
		return false;
	replace_inputs(job, out);
	return true;
}
