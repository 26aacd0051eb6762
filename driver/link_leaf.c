/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unsafe calls of C functions that were compiled because the functions were
 * leaves, as far as could be told then (own_leaf.h): are they, in this program?
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "leaf.h"
#include "mapfile.h"
#include "own_leaf.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_claims(const struct elf *e, uint32_t i, struct elf_sec *s)
{
	elf_section(e, i, s);
	return s->type == SHT_PROGBITS &&
	       strcmp(s->name, OWN_LEAF_SECTION) == 0;
}

bool link_has_claims(const struct elf *e)
{
	struct elf_sec s;
	uint32_t i;

	for (i = 1; i < e->nsec; i++)
		if (is_claims(e, i, &s))
			return true;
	return false;
}

static void read_claims(const struct elf *e, struct strlist *names)
{
	struct strlist all = {0};
	struct elf_sec s;
	const char *p, *end;
	uint32_t i;
	size_t k, n;
	char *name;

	for (i = 1; i < e->nsec; i++) {
		if (!is_claims(e, i, &s))
			continue;
		p = (const char *)e->data + s.off;
		for (end = p + s.size; p < end; p += n + 1) {
			n = strnlen(p, (size_t)(end - p));
			name = xstrndup(p, n);
			strlist_push(&all, name);
			free(name);
		}
	}
	strlist_sort(&all);
	for (k = 0; k < all.n; k++)
		if (*all.v[k] && (!k || strcmp(all.v[k - 1], all.v[k]) != 0))
			strlist_push(names, all.v[k]);
	strlist_free(&all);
}

static bool check(const char *portable, const struct strlist *names)
{
	struct leaf_options o = {0};
	struct strlist refuted = {0};
	struct leaf l;
	char *why;
	size_t i;

	for (i = 0; own_leaf_assumed[i]; i++)
		strlist_push(&o.assumed, own_leaf_assumed[i]);
	leaf_open_some(&l, portable, names, &o);
	leaf_refute(&l, &o, names, &refuted);
	for (i = 0; i < refuted.n; i++) {
		why = leaf_why(&l, &o, refuted.v[i]);
		fprintf(stderr,
			"%s: error: unsafe calls of %s were compiled as those "
			"of a function that makes no system call, but here it "
			"can make one: %s. Its C source was compiled with "
			"other options than were expected, or replaced: "
			"compile the Haskell modules that import it again, "
			"with -fhalvm-no-leaf-analysis\n",
			halvm_progname(), refuted.v[i], why);
		free(why);
	}
	i = refuted.n;
	leaf_close(&l);
	strlist_free(&refuted);
	strlist_free(&o.assumed);
	return i == 0;
}

bool link_check_claims(const char *portable)
{
	struct strlist names = {0};
	struct mapfile m;
	struct elf e;
	const char *err;
	bool ok;

	if (!mapfile_open(&m, portable))
		die(EXIT_FAILED, "can't read '%s': %s", portable,
		    strerror(errno));
	err = elf_open(&e, m.data, m.len);
	if (err)
		die(EXIT_FAILED, "lld wrote a damaged object: %s", err);
	read_claims(&e, &names);
	mapfile_close(&m);
	ok = !names.n || check(portable, &names);
	strlist_free(&names);
	return ok;
}
