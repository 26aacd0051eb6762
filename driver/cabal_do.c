/* SPDX-License-Identifier: BSD-3-Clause */
/* cabal's commands for another target: cabal's own first, then images. */
#include "config.h"
#include "cabal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The kernel's coarse clock, of files' times, may be so much behind. */
#define COARSE_NS 20000000L

static void run_cabal(const struct cabal *c, const char *command,
		      const char *word)
{
	struct strlist argv = {0};
	int status;

	cabal_command_line(c, command, &argv);
	if (word)
		strlist_push(&argv, word);
	else
		strlist_append(&argv, &c->args.words);
	status = run_wait(argv.v);
	if (status)
		exit(status);
	strlist_free(&argv);
}

static bool younger(const struct stat *st, const struct timespec *t)
{
	if (st->st_mtim.tv_sec != t->tv_sec)
		return st->st_mtim.tv_sec > t->tv_sec;
	return st->st_mtim.tv_nsec >= t->tv_nsec;
}

/* The best of what the words mean for it; without words, the package here. */
static enum cabal_match meant(const struct cabal *c, const struct plan_exe *e)
{
	enum cabal_match best = MATCH_NONE;

	if (!c->args.words.n)
		return same_file(".", e->folder) ? MATCH_PACKAGE : MATCH_NONE;
	for (size_t i = 0; i < c->args.words.n; i++) {
		enum cabal_match m = cabal_match(c->args.words.v[i], e);

		if (m > best)
			best = m;
	}
	return best;
}

/*
 * A package's test suites and benchmarks are built if an option or a
 * cabal.project says so, which shows in their being young.
 */
static bool was_built(const struct cabal *c, const struct plan_exe *e,
		      const struct timespec *start)
{
	enum cabal_match m = meant(c, e);
	struct stat st;

	if (m == MATCH_NONE || stat(e->file, &st) < 0)
		return false;
	return m == MATCH_EXE || strcmp(e->kind, "exe") == 0 ||
	       younger(&st, start);
}

static bool is_quiet(const struct cabal *c)
{
	for (size_t i = 0; i < c->args.options.n; i++)
		if (strcmp(c->args.options.v[i], "-v0") == 0 ||
		    strcmp(c->args.options.v[i], "--verbose=0") == 0)
			return true;
	return false;
}

static bool builds_nothing(const struct cabal *c)
{
	static const char *const options[] = {
	    "--dry-run",	   "--help",	      "-h",
	    "--only-dependencies", "--only-download", "--only-configure"};

	for (size_t i = 0; i < c->args.options.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(options); k++)
			if (strcmp(c->args.options.v[i], options[k]) == 0)
				return true;
	return false;
}

static void do_build(const struct cabal *c)
{
	struct timespec start;
	struct plan p;

	clock_gettime(CLOCK_REALTIME, &start);
	start.tv_nsec -= COARSE_NS;
	if (start.tv_nsec < 0) {
		start.tv_nsec += 1000000000L;
		start.tv_sec--;
	}
	run_cabal(c, "build", NULL);
	if (builds_nothing(c))
		return;
	cabal_plan(c, &p);
	for (size_t i = 0; i < p.n; i++)
		if (was_built(c, &p.exes[i], &start))
			free(cabal_image(c, p.exes[i].file, is_quiet(c)));
	plan_free(&p);
}

static char *component(const struct plan_exe *e)
{
	return xasprintf("%s:%s:%s", e->package, e->kind, e->name);
}

static const char *first_word(const struct cabal *c)
{
	return c->args.words.n ? c->args.words.v[0] : NULL;
}

static void refuse_script(const struct cabal *c)
{
	const char *word = first_word(c);

	if (word && file_exists(word) && !str_ends(word, ".cabal"))
		die(EXIT_USAGE,
		    "'%s' is a script, which cabal runs by itself; for another "
		    "target compile it with halvm-ghc --target=%s",
		    word, c->target);
}

static _Noreturn void do_run(const struct cabal *c)
{
	const struct plan_exe *e;
	struct strlist args = {0}, options = {0}, argv = {0};
	struct cabal_guest g = {.args = &args, .options = &options};
	struct plan p;
	char *word;

	refuse_script(c);
	cabal_make_plan(c, NULL, &p);
	e = cabal_choose(&p, first_word(c));
	word = component(e);
	run_cabal(c, "build", word);
	g.image = cabal_image(c, e->file, true);
	if (cabal_has_data(e, c->guest ? "" : e->folder, &options) &&
	    cabal_needs_root(c))
		g.archive = cabal_archive(e->folder);
	for (size_t i = 1; i < c->args.words.n; i++)
		strlist_push(&args, c->args.words.v[i]);
	strlist_append(&args, &c->args.rest);
	cabal_boot(c, &g, &argv);
	run_exec(argv.v);
}

static void do_list_bin(const struct cabal *c)
{
	const struct plan_exe *e;
	struct plan p;
	char *image;

	cabal_make_plan(c, NULL, &p);
	e = cabal_choose(&p, first_word(c));
	/* As with cabal, it needn't have been built. */
	image = file_exists(e->file) ? cabal_image(c, e->file, true)
				     : xasprintf("%s.%s", e->file, c->target);
	puts(image);
}

static _Noreturn void do_test(const struct cabal *c)
{
	struct strlist argv = {0};
	size_t i;

	for (i = 0; i < c->args.options.n; i++)
		if (str_starts(c->args.options.v[i], "--test-wrapper"))
			die(EXIT_USAGE,
			    "--test-wrapper: with --target, halvm-cabal is the "
			    "wrapper itself");
	setenv(CABAL_BOOT, cabal_boot_text(c), 1);
	cabal_command_line(c, "test", &argv);
	strlist_pushf(&argv, "--test-wrapper=%s/halvm-cabal", c->in.bindir);
	strlist_append(&argv, &c->args.words);
	run_exec(argv.v);
}

/* The words of --benchmark-option=WORD and --benchmark-options="WORD...". */
static void bench_arguments(const struct cabal *c, struct strlist *args)
{
	const struct strlist *o = &c->args.options;

	for (size_t i = 0; i < o->n; i++) {
		const char *one = cabal_value(o, &i, "--benchmark-option"),
			   *all =
			       one ? NULL
				   : cabal_value(o, &i, "--benchmark-options");
		struct span rest = {all, all ? strlen(all) : 0}, word;

		if (one)
			strlist_push(args, one);
		while (all && span_word(&rest, &word))
			strlist_pushf(args, "%.*s", (int)word.n, word.p);
	}
}

static int bench_one(const struct cabal *c, const struct plan_exe *e)
{
	struct strlist args = {0}, options = {0}, argv = {0};
	struct cabal_guest g = {.args = &args, .options = &options};
	char *word = component(e);
	int status;

	run_cabal(c, "build", word);
	g.image = cabal_image(c, e->file, is_quiet(c));
	bench_arguments(c, &args);
	printf("Benchmark %s: RUNNING...\n", e->name);
	fflush(stdout);
	cabal_has_data(e, c->guest ? "" : e->folder, &options);
	if (cabal_needs_root(c))
		g.archive = cabal_archive(e->folder);
	cabal_boot(c, &g, &argv);
	status = run_wait(argv.v);
	printf("Benchmark %s: %s\n", e->name, status ? "ERROR" : "FINISH");
	free(word);
	strlist_free(&args);
	strlist_free(&options);
	strlist_free(&argv);
	return status;
}

static int do_bench(const struct cabal *c)
{
	int status = 0, found = 0;
	struct plan p;

	cabal_make_plan(c, "--enable-benchmarks", &p);
	for (size_t i = 0; i < p.n; i++) {
		if (strcmp(p.exes[i].kind, "bench") != 0 ||
		    meant(c, &p.exes[i]) == MATCH_NONE)
			continue;
		found++;
		if (bench_one(c, &p.exes[i]) != 0)
			status = EXIT_FAILED;
	}
	if (!found)
		die(EXIT_FAILED, "no benchmark is meant; cabal's targets "
				 "choose one, and 'all' all of them");
	return status;
}

_Noreturn void cabal_do(const struct cabal *c)
{
	const char *command = c->args.command->name;
	int status = 0;

	if (strcmp(command, "install") == 0)
		cabal_install(c);
	if (strcmp(command, "run") == 0)
		do_run(c);
	if (strcmp(command, "test") == 0)
		do_test(c);
	if (strcmp(command, "list-bin") == 0)
		do_list_bin(c);
	else if (strcmp(command, "bench") == 0)
		status = do_bench(c);
	else
		do_build(c);
	finish(status);
}
