/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking up options: see options.h. */
#include "config.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

struct key {
	const char *text;
	size_t n;
};

static int compare(const void *key, const void *row)
{
	const struct key *k = key;
	const struct option *o = row;
	int order = strncmp(k->text, o->name, k->n);
	return order ? order : -(o->name[k->n] != '\0');
}

static bool fits(const struct option *o, bool whole)
{
	return o->form & (whole ? OPT_EXACT | OPT_NEXT : OPT_JOINED);
}

const struct option *option_find(const struct option_table *t, const char *arg)
{
	size_t len = strlen(arg);
	/* No name is longer than 63 bytes; file names may be much longer. */
	for (size_t n = len < 63 ? len : 63; n > 0; n--) {
		struct key k = {arg, n};
		const struct option *o =
		    bsearch(&k, t->rows, t->n, sizeof(*o), compare);
		if (o && fits(o, n == len))
			return o;
	}
	return NULL;
}

bool option_takes_next(const struct option *o, const char *arg)
{
	return (o->form & OPT_NEXT) && strcmp(o->name, arg) == 0;
}
