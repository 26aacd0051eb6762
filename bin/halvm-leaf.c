/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-leaf: a build tool that lists the functions of archives from which no
 * syscall can be reached, and checks such a list by a second method. See
 * driver/leaf.h for what is proven.
 */
#include "config.h"

#include "leaf.h"
#include "version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: halvm-leaf [options] FILE...\n"
    "       halvm-leaf --check LIST [options] FILE...\n"
    "\n"
    "Lists the global functions of archives and objects from which no syscall\n"
    "can be reached, one per line.\n"
    "\n"
    "  --assume-leaf=NAME  references to NAME don't count (abort paths)\n"
    "  --check=LIST        prove LIST by linking it alone: exit 1, with the\n"
    "                      differences, if that finds more\n"
    "  --known=LIST        leaves of other libraries\n"
    "  --stats             counts, on standard error\n"
    "  --why=NAME          why NAME is no leaf, instead of the list\n"
    "  --with=FILE         resolve references in FILE, don't list it\n"
    "  --help, --version\n";

enum what { ASSUME, CHECK, HELP, KNOWN, STATS, VERSION, WHY, WITH };

/* Sorted. Those with a value take =VALUE or the next argument. */
static const struct {
	const char *name;
	bool value;
	enum what what;
} options[] = {
    {"--assume-leaf", true, ASSUME},
    {"--check", true, CHECK},
    {"--help", false, HELP},
    {"--known", true, KNOWN},
    {"--stats", false, STATS},
    {"--version", false, VERSION},
    {"--why", true, WHY},
    {"--with", true, WITH},
};

struct args {
	struct leaf_options o;
	struct strlist files, with, why;
	const char *check;
	bool stats;
};

/* One name per line; # begins a comment. */
static void read_list(const char *path, struct strlist *out)
{
	size_t len;
	char *text = read_file(path, &len), *line, *save;

	if (!text)
		die(EXIT_FAILED, "can't read '%s': %s", path, strerror(errno));
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		line[strcspn(line, " \t\r#")] = 0;
		if (*line)
			strlist_push(out, line);
	}
	free(text);
}

static void option(struct args *a, enum what what, const char *value)
{
	switch (what) {
	case ASSUME:
		strlist_push(&a->o.assumed, value);
		break;
	case CHECK:
		a->check = value;
		break;
	case HELP:
		print_help(help);
	case KNOWN:
		read_list(value, &a->o.known);
		break;
	case STATS:
		a->stats = true;
		break;
	case VERSION:
		print_version(NULL);
	case WHY:
		strlist_push(&a->why, value);
		break;
	case WITH:
		strlist_push(&a->with, value);
		break;
	}
}

static void parse(struct args *a, char **argv)
{
	size_t i, n;
	const char *word;

	while ((word = *++argv)) {
		if (word[0] != '-') {
			strlist_push(&a->files, word);
			continue;
		}
		n = strcspn(word, "=");
		for (i = 0; i < ARRAY_SIZE(options); i++)
			if (strlen(options[i].name) == n &&
			    strncmp(options[i].name, word, n) == 0)
				break;
		if (i == ARRAY_SIZE(options) || (word[n] && !options[i].value))
			die(EXIT_USAGE, "unknown option %s (see --help)", word);
		if (options[i].value && !word[n] && !argv[1])
			die(EXIT_USAGE, "%s needs a value", word);
		option(a, options[i].what,
		       !options[i].value ? NULL
		       : word[n]	 ? word + n + 1
					 : *++argv);
	}
	if (!a->files.n)
		die(EXIT_USAGE, "no archive or object given (see --help)");
	strlist_sort(&a->o.known);
}

static int check(const struct args *a)
{
	struct strlist list = {0}, problems = {0};
	size_t i;

	read_list(a->check, &list);
	leaf_check(&list, &a->files, &a->with, &a->o, &problems);
	for (i = 0; i < problems.n; i++)
		fprintf(stderr, "%s: error: %s\n", halvm_progname(),
			problems.v[i]);
	if (a->stats)
		fprintf(stderr, "%zu leaves checked, %zu problems\n", list.n,
			problems.n);
	return problems.n ? EXIT_FAILED : 0;
}

static void list(const struct args *a, struct leaf *l)
{
	struct strlist leaves = {0};
	struct leaf_counts c;
	size_t i;

	leaf_find(l, &a->o, &leaves, &c);
	for (i = 0; i < leaves.n; i++)
		puts(leaves.v[i]);
	if (a->stats)
		fprintf(stderr,
			"%zu global functions: %zu leaves, %zu reach a "
			"syscall, %zu only an indirect call, %zu only an "
			"unresolved symbol, %zu enter the kernel themselves\n",
			c.functions, c.leaves, c.syscall, c.indirect,
			c.unresolved, c.kernel);
	strlist_free(&leaves);
}

int main(int argc, char **argv)
{
	struct args a = {0};
	struct leaf l;
	char *why;
	size_t i;

	(void)argc;
	halvm_set_progname(argv[0]);
	parse(&a, argv);
	if (a.check)
		finish(check(&a));
	leaf_open(&l, &a.files, &a.with, &a.o);
	for (i = 0; i < a.why.n; i++) {
		why = leaf_why(&l, &a.o, a.why.v[i]);
		puts(why);
		free(why);
	}
	if (!a.why.n)
		list(&a, &l);
	leaf_close(&l);
	finish(0);
}
