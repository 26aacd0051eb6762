/* SPDX-License-Identifier: BSD-3-Clause */
/* Running the host's cabal: see cabal.h. */
#include "config.h"
#include "cabal.h"

#include <stdlib.h>
#include <string.h>

#include "ghc.h"
#include "target.h"
#include "version.h"

/* Where projects that name none are built: apart from cabal's own builds. */
#define BUILD_FOLDER "dist-newstyle/halvm"
/* The first cabal-install with all that we use. */
enum { NEEDED_MAJOR = 3 };

static char *find_cabal(void)
{
	static const char *const names[] = {"cabal", NULL};

	return host_tool("HALVM_HOST_CABAL", names,
			 "cabal-install (Debian: apt-get install "
			 "cabal-install)");
}

/* The number that `cabal --numeric-version` prints; NULL if it has none. */
static char *number_of(char *program)
{
	char *argv[] = {program, "--numeric-version", NULL}, *out;
	int status = run_capture(argv, &out);

	out[strcspn(out, "\n")] = '\0';
	if (status == 0 && *out && !out[strspn(out, "0123456789.")])
		return out;
	free(out);
	return NULL;
}

static void check_version(char *program)
{
	char *number = number_of(program);

	if (!number)
		die(EXIT_FAILED,
		    "'%s' doesn't tell its version as cabal does; set "
		    "HALVM_HOST_CABAL to cabal-install's program",
		    program);
	if (strtol(number, NULL, 10) < NEEDED_MAJOR)
		die(EXIT_FAILED,
		    "'%s' is cabal-install %s, and %d.0 or later is needed; "
		    "install that, or set HALVM_HOST_CABAL to its path",
		    program, number, NEEDED_MAJOR);
	free(number);
}

char *cabal_version(void)
{
	char *program = host_find("cabal"), *number, *s;

	number = program ? number_of(program) : NULL;
	s = number ? xasprintf("cabal-install %s", number) : NULL;
	free(number);
	free(program);
	return s;
}

/*
 * HALVM_CABAL tells halvm-ghc that cabal is above it. Setup and its like must
 * be programs of this machine, whatever target is wished for.
 */
static void set_environment(const struct cabal *c)
{
	char *config = path_join(c->dir, "config");

	ghc_environment();
	unsetenv("HALVM_TARGET");
	setenv("CABAL_DIR", c->dir, 1);
	setenv("CABAL_CONFIG", config, 1);
	setenv("HALVM_CABAL", c->args.command->name, 1);
	free(config);
}

static void base_command(const struct cabal *c, struct strlist *argv)
{
	const struct cabal_args *a = &c->args;

	strlist_push(argv, c->program);
	strlist_append(argv, &a->global);
	strlist_push(argv, a->command->name);
	if (a->command->kind != CABAL_OTHER && !a->builddir)
		strlist_push(argv, "--builddir=" BUILD_FOLDER);
	/* A cabal.project may name another compiler. */
	if (a->command->kind == CABAL_BUILD) {
		strlist_pushf(argv, "--with-compiler=%s/halvm-ghc",
			      c->in.bindir);
		strlist_pushf(argv, "--with-hc-pkg=%s/halvm-ghc-pkg",
			      c->in.bindir);
	}
	strlist_append(argv, &a->options);
}

static _Noreturn void pass(const struct cabal *c)
{
	struct strlist argv = {0};

	base_command(c, &argv);
	if (c->args.dashes)
		strlist_push(&argv, "--");
	strlist_append(&argv, &c->args.rest);
	run_exec(argv.v);
}

_Noreturn void cabal_run(struct cabal *c, const struct strlist *words,
			 const char *help)
{
	cabal_args_parse(&c->args, words);
	if (!c->args.command && c->args.help)
		print_help(help);
	if (!c->args.command && c->args.version)
		print_version(cabal_version());
	if (!c->args.command)
		die(EXIT_USAGE, "no command; %s --help tells more",
		    halvm_progname());
	install_find(&c->in);
	install_need_sysroot(&c->in);
	c->program = find_cabal();
	check_version(c->program);
	cabal_home(c);
	cabal_configure(c);
	set_environment(c);
	pass(c);
}
