/* SPDX-License-Identifier: BSD-3-Clause */
/* driver/options.c and every table of options. */
#include "config.h"

#include "check.h"
#include "options.h"

static const struct option rows[] = {
    {"-I", OPT_JOINED | OPT_NEXT, 1},
    {"-M", OPT_EXACT, 2},
    {"-MD", OPT_EXACT, 3},
    {"-MF", OPT_JOINED | OPT_NEXT, 4},
    {"-o", OPT_NEXT, 5},
    {"-o=", OPT_JOINED, 6},
};
static const struct option_table table = {"test", rows, 6};

static int what(const char *arg)
{
	const struct option *o = option_find(&table, arg);
	return o ? o->what : 0;
}

static void test_find(void)
{
	check(what("-Idir") == 1 && what("-I") == 1, "joined, or the next");
	check(what("-M") == 2 && what("-MD") == 3, "exact");
	check(what("-MFx") == 4 && what("-MF") == 4, "the longest name");
	check(what("-MX") == 0 && what("-MDx") == 0, "exact is no prefix");
	check(what("-o") == 5 && what("-odir") == 0, "the next only");
	check(what("-o=x") == 6 && what("-o=") == 0, "joined only");
	check(what("") == 0 && what("-") == 0 && what("x") == 0 &&
		  what("-Z") == 0 && what("--") == 0,
	      "not there");
	char arg[5000];
	memset(arg, 'x', sizeof(arg) - 1);
	arg[sizeof(arg) - 1] = '\0';
	check(what(arg) == 0, "a long argument");
	memcpy(arg, "-I", 2);
	check(what(arg) == 1, "a long value");
	check(option_takes_next(&rows[0], "-I"), "its value is the next");
	check(!option_takes_next(&rows[0], "-Ix"), "its value is joined");
	check(!option_takes_next(&rows[1], "-M"), "it has no value");
}

static void test_table(const struct option_table *t)
{
	bool sorted = true, sane = true, found = true;
	for (size_t i = 0; i < t->n; i++) {
		const struct option *o = &t->rows[i];
		if (i && strcmp(t->rows[i - 1].name, o->name) >= 0) {
			sorted = false;
			printf("# %s before %s\n", t->rows[i - 1].name,
			       o->name);
		}
		/* option_find looks at 63 bytes. */
		sane &= o->form && strlen(o->name) <= 63;
		if ((o->form & (OPT_EXACT | OPT_NEXT)) &&
		    option_find(t, o->name) != o) {
			found = false;
			printf("# %s isn't found\n", o->name);
		}
	}
	check(t->n > 20, "%s: the table has %zu rows", t->title, t->n);
	check(sorted, "%s: sorted, each name once", t->title);
	check(sane, "%s: each row can be found", t->title);
	check(found, "%s: each row is found by its name", t->title);
}

int main(void)
{
	test_find();
	test_table(&cc_options);
	test_table(&ghc_options);
	return check_done();
}
