/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unsafe calls of C functions that were compiled because the functions were
 * leaves, as far as could be told then (own_leaf.h): are they, in this program?
 */
#include "config.h"

#include "link.h"

#include "elffile.h"
#include "leaf.h"
#include "own_leaf.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void link_read_claims(const struct elf *e, struct strlist *names)
{
	struct elf_sec s;
	const char *p, *end;
	uint32_t i;
	size_t n;
	char *name;

	for (i = 1; i < e->nsec; i++) {
		elf_section(e, i, &s);
		if (s.type != SHT_PROGBITS ||
		    strcmp(s.name, OWN_LEAF_SECTION) != 0)
			continue;
		p = (const char *)e->data + s.off;
		for (end = p + s.size; p < end; p += n + 1) {
			n = strnlen(p, (size_t)(end - p));
			name = xstrndup(p, n);
			strlist_push(names, name);
			free(name);
		}
	}
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

/*
 * The claims of every input count, of those members of archives, too, that
 * aren't linked: a call may have been inlined into a module of another package.
 */
bool link_check_claims(const struct link_job *job, const char *portable)
{
	struct strlist all = {0}, names = {0};
	bool ok;
	size_t i;

	strlist_append(&all, &job->claims);
	strlist_sort(&all);
	for (i = 0; i < all.n; i++)
		if (*all.v[i] && (!i || strcmp(all.v[i - 1], all.v[i]) != 0))
			strlist_push(&names, all.v[i]);
	ok = !names.n || check(portable, &names);
	strlist_free(&all);
	strlist_free(&names);
	return ok;
}
