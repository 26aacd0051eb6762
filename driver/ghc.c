/* SPDX-License-Identifier: BSD-3-Clause */
/* Running GHC: see ghc.h. */
#include "config.h"
#include "ghc.h"

#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ghcargs.h"
#include "own_leaf.h"
#include "systab.h"
#include "target.h"
#include "version.h"

char *ghc_program(const struct install *in, const char *name)
{
	install_need_sysroot(in);
	char *path = xasprintf("%s/ghc/bin/%s", in->sysroot, name);
	if (!file_exists(path))
		die(EXIT_FAILED,
		    "the sysroot is incomplete: there is no '%s'; build it "
		    "again with 'make'",
		    path);
	return path;
}

char *ghc_version(const struct install *in)
{
	char *v = install_conf(in, "ghc");
	char *s = v ? xasprintf("GHC %s", v) : NULL;
	free(v);
	return s;
}

const char *ghc_cabal_command(void)
{
	const char *command = getenv("HALVM_CABAL");

	return command && *command ? command : NULL;
}

static bool below_build(void)
{
	const char *command = ghc_cabal_command();

	return command && strcmp(command, "exec") != 0;
}

void ghc_environment(void)
{
	unsetenv("GHC_PACKAGE_PATH");
	/* halvm-cabal exec says with it which packages there are. */
	if (!ghc_cabal_command())
		unsetenv("GHC_ENVIRONMENT");
	/*
	 * In a locale that has ASCII only, GHC 9.0.2 can't write a file name
	 * with other letters into the response file of a link
	 * ("recoverEncode: invalid argument"). C.UTF-8 is the same locale with
	 * an encoding that can.
	 */
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0) {
		const char *all = getenv("LC_ALL");
		setenv(all && *all ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
	}
	setlocale(LC_CTYPE, "C");
}

static _Noreturn void print_targets(const struct install *in)
{
	struct strlist names = {0};
	target_list(in, &names);
	for (size_t i = 0; i < names.n; i++) {
		struct target t;
		target_load(in, names.v[i], &t);
		printf("%s\t%s\t%s\n", t.name, t.title,
		       t.built ? "built" : "not built");
		target_free(&t);
	}
	finish(0);
}

/*
 * The default target isn't looked at: compiling needs none, and halvm-ld does
 * it at the link. One that was chosen is worth an error before the first
 * module is compiled.
 */
static const char *checked_target(const struct install *in,
				  const struct ghc_args *g)
{
	const char *name = target_choice(g->target);
	struct target t;

	if (below_build())
		return TARGET_DEFAULT;
	if (strcmp(name, TARGET_DEFAULT) == 0 && !g->root)
		return name;
	target_load(in, name, &t);
	if (!g->emit || strcmp(g->emit, "portable") != 0)
		target_need_built(in, &t);
	if (g->root)
		target_need_root(&t);
	target_free(&t);
	return name;
}

static void check_forbidden(const struct install *in, const struct ghc_args *g)
{
	struct systab table;
	if (!g->forbid.n)
		return;
	char *path = path_join(in->sysroot, "share/syscalls.tbl");
	systab_load(path, &table);
	for (size_t i = 0; i < g->forbid.n; i++) {
		if (!systab_find(&table, g->forbid.v[i]))
			die(EXIT_USAGE,
			    "--forbid-syscall=%s: there is no such syscall; "
			    "halvm-syscalls(7) lists them",
			    g->forbid.v[i]);
	}
	systab_free(&table);
	free(path);
}

/* GHC cuts the value of -pgmP into words at any white space. */
static bool is_one_word(const char *s)
{
	for (; *s; s++) {
		if (isspace((unsigned char)*s) || (unsigned char)*s > 126)
			return false;
	}
	return true;
}

/*
 * The sysroot's settings file names our commands relative to itself. That is
 * wrong when the sysroot stands elsewhere (HALVM_SYSROOT, a symbolic link).
 */
static void add_programs(const struct install *in, struct strlist *argv)
{
	char *near = xasprintf("%s/ghc/../../../../bin/halvm-cc", in->sysroot);
	char *cc = path_join(in->bindir, "halvm-cc");
	static const char *const kinds[] = {"c", "a", "l"};
	if (!same_file(near, cc)) {
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
			strlist_pushf(argv, "-pgm%s", kinds[i]);
			strlist_push(argv, cc);
		}
		strlist_push(argv, "-pgmlm");
		strlist_pushf(argv, "%s/halvm-ld", in->bindir);
		/* -pgmlm takes away what settings says goes with it. */
		strlist_push(argv, "-optlm-r");
		bool whole = is_one_word(cc);
		if (!whole) {
			const char *old = getenv("PATH");
			char *path = xasprintf("%s:%s", in->bindir,
					       old ? old : "/usr/bin:/bin");
			setenv("PATH", path, 1);
			free(path);
		}
		strlist_push(argv, "-pgmP");
		strlist_pushf(argv, "%s -E -undef -traditional",
			      whole ? cc : "halvm-cc");
	}
	free(near);
	free(cc);
}

/*
 * Options that come before the user's, so that his win: neither packages that
 * the host's GHC of the same version has for this user, nor its environment
 * files in this directory and those above.
 */
static void add_own(const struct install *in, const struct ghc_args *g,
		    const char *target, struct strlist *argv)
{
	strlist_pushf(argv, "-B%s/ghc", in->sysroot);
	strlist_push(argv, "-no-user-package-db");
	if (!getenv("GHC_ENVIRONMENT")) {
		strlist_push(argv, "-package-env");
		strlist_push(argv, "-");
	}
	add_programs(in, argv);
	/* Else no function with a `switch` could be proven to be a leaf. */
	strlist_push(argv, "-optc-fno-jump-tables");
	strlist_pushf(argv, "-optl--target=%s", target);
	if (below_build())
		strlist_push(argv, "-optl--keep-portable");
	if (g->emit)
		strlist_pushf(argv, "-optl--emit=%s", g->emit);
	for (size_t i = 0; i < g->link.n; i++)
		strlist_pushf(argv, "-optl%s", g->link.v[i]);
	/*
	 * GHC links again if the options differ from those recorded in the
	 * program. A report is wanted each time, and files of --root= may have
	 * changed, so the options must differ each time; a linker drops a -D.
	 */
	if (g->report || g->root) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		strlist_pushf(argv, "-optl-Dhalvm_link_at=%lld.%09ld",
			      (long long)now.tv_sec, now.tv_nsec);
	}
}

static void answer(const struct install *in, const struct ghc_args *g,
		   const char *help)
{
	switch (g->ask) {
	case ASK_NOTHING:
		return;
	case ASK_HELP:
		print_help(help);
	case ASK_VERSION:
		print_version(ghc_version(in));
	case ASK_SYSROOT:
		puts(in->sysroot);
		finish(0);
	case ASK_TARGETS:
		print_targets(in);
	}
}

void ghc_run(const struct install *in, const struct strlist *args,
	     const char *help)
{
	struct ghc_args g;
	struct strlist argv = {0};
	ghc_parse(args, &g);
	if (!args->n)
		die(EXIT_USAGE, "no input files; %s --help tells more",
		    halvm_progname());
	answer(in, &g, help);
	if (g.error)
		die(EXIT_USAGE, "%s", g.error);
	const char *target = checked_target(in, &g);
	if (g.root && !file_exists(g.root) && !dir_exists(g.root))
		die(EXIT_FAILED, "--root=%s: there is no such directory",
		    g.root);
	char *ghc = ghc_program(in, "ghc");
	check_forbidden(in, &g);
	ghc_environment();
	for (size_t i = 0; i < g.ignored.n; i++)
		warn("%s is ignored: an image has a fixed place",
		     g.ignored.v[i]);
	strlist_push(&argv, ghc);
	add_own(in, &g, target, &argv);
	ghc_look_for_plugins(&g.pass);
	if (!g.no_analysis)
		own_leaf_add(in, &g.pass, &argv);
	strlist_append(&argv, &g.pass);
	run_exec(argv.v);
}
