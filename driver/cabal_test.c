/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Test suites on another target: cabal starts us in the place of the suite
 * (--test-wrapper), and we make its image and boot it. The package's files are
 * its root, so that a suite finds its data by the same relative names.
 */
#include "config.h"
#include "cabal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rsp.h"

char *cabal_boot_text(const struct cabal *c)
{
	struct strlist words = {0};
	char *text;

	strlist_push(&words, c->target);
	strlist_append(&words, &c->args.link);
	strlist_push(&words, "--");
	strlist_append(&words, &c->args.run);
	text = rsp_text(&words);
	strlist_free(&words);
	return text;
}

static void read_boot_text(struct cabal *c)
{
	const char *text = getenv(CABAL_BOOT);
	struct strlist words = {0};
	struct parse_error e;
	size_t i;

	if (!rsp_parse(text, strlen(text), &words, &e))
		parse_die(CABAL_BOOT, &e);
	if (!words.n)
		die(EXIT_USAGE, "%s is of halvm-cabal's own use; unset it",
		    CABAL_BOOT);
	c->target = xstrdup(words.v[0]);
	for (i = 1; i < words.n && strcmp(words.v[i], "--") != 0; i++)
		strlist_push(&c->args.link, words.v[i]);
	for (i++; i < words.n; i++)
		strlist_push(&c->args.run, words.v[i]);
}

_Noreturn void cabal_test(struct cabal *c, const struct strlist *words)
{
	struct strlist args = {0}, options = {0}, argv = {0};
	struct cabal_guest g = {.args = &args, .options = &options};
	char *results = NULL;

	read_boot_text(c);
	unsetenv(CABAL_BOOT);
	for (size_t i = 1; i < words->n; i++)
		strlist_push(&args, words->v[i]);
	cabal_check_target(c);
	if (c->guest)
		cabal_data_variables(&options);
	if (c->guest)
		results = cabal_detailed_begin(words->v[0]);
	g.image = cabal_image(c, words->v[0], true);
	if (cabal_needs_root(c))
		g.archive = cabal_archive(".");
	cabal_boot(c, &g, &argv);
	if (results)
		exit(cabal_detailed_run(argv.v, results));
	run_exec(argv.v);
}
