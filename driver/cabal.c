/* SPDX-License-Identifier: BSD-3-Clause */
/* Running the host's cabal: see cabal.h. */
#include "config.h"
#include "cabal.h"

#include <stdlib.h>
#include <string.h>

#include "ghc.h"
#include "target.h"
#include "version.h"

/* Major and minor number of the first cabal-install with all that we use. */
#define NEEDED 3, 4

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
	static const long needed[] = {NEEDED};
	char *minor;
	long major;

	if (!number)
		die(EXIT_FAILED,
		    "'%s' doesn't tell its version as cabal does; set "
		    "HALVM_HOST_CABAL to cabal-install's program",
		    program);
	major = strtol(number, &minor, 10);
	if (major < needed[0] || (major == needed[0] && *minor &&
				  strtol(minor + 1, NULL, 10) < needed[1]))
		die(EXIT_FAILED,
		    "'%s' is cabal-install %s, and %ld.%ld or later is needed; "
		    "install that, or set HALVM_HOST_CABAL to its path",
		    program, number, needed[0], needed[1]);
	free(number);
}

char *cabal_version(void)
{
	const char *chosen = getenv("HALVM_HOST_CABAL");
	char *program = host_find(chosen && *chosen ? chosen : "cabal"),
	     *number = program ? number_of(program) : NULL,
	     *s = number ? xasprintf("cabal-install %s", number) : NULL;

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
	const char *command = c->args.command->name;
	char *config = path_join(c->dir, "config");

	unsetenv("HALVM_CABAL");
	ghc_environment();
	if (strcmp(command, "exec") == 0 && c->args.target)
		setenv("HALVM_TARGET", c->target, 1);
	else if (strcmp(command, "exec") != 0)
		unsetenv("HALVM_TARGET");
	setenv("CABAL_DIR", c->dir, 1);
	setenv("CABAL_CONFIG", config, 1);
	setenv("HALVM_CABAL", command, 1);
	free(config);
}

static enum cabal_kind kind_of(const struct cabal *c, const char *command)
{
	/* `build` is what others begin with. */
	return strcmp(command, c->args.command->name) == 0
		   ? c->args.command->kind
		   : CABAL_IMAGES;
}

/* By which the user can do without ours. */
static bool names_repositories(const struct strlist *global)
{
	for (size_t i = 0; i < global->n; i++)
		if (str_starts(global->v[i], "--active-repositories"))
			return true;
	return false;
}

void cabal_command_line(const struct cabal *c, const char *command,
			struct strlist *argv)
{
	enum cabal_kind kind = kind_of(c, command);

	strlist_push(argv, c->program);
	strlist_append(argv, &c->args.global);
	/* A freeze file of another cabal names repositories without ours. */
	if (c->repositories && !names_repositories(&c->args.global))
		strlist_pushf(argv, "--active-repositories=%s",
			      c->repositories);
	strlist_push(argv, command);
	if (kind != CABAL_OTHER)
		strlist_pushf(argv, "--builddir=%s", c->args.builddir);
	/* A cabal.project may name another compiler. */
	if (kind == CABAL_BUILD || kind == CABAL_IMAGES) {
		strlist_pushf(argv, "--with-compiler=%s/halvm-ghc",
			      c->in.bindir);
		strlist_pushf(argv, "--with-hc-pkg=%s/halvm-ghc-pkg",
			      c->in.bindir);
		/*
		 * Old Setup programs want a Cabal that no GHC 9.0 comes with,
		 * and work with ours. The configuration can't say this.
		 */
		strlist_push(argv, "--allow-newer=*:Cabal");
	}
	strlist_append(argv, &c->args.options);
}

static _Noreturn void pass(const struct cabal *c)
{
	const char *suffix = NULL;
	struct strlist argv = {0};
	int status;

	cabal_command_line(c, c->args.command->name, &argv);
	strlist_append(&argv, &c->args.words);
	if (c->args.dashes)
		strlist_push(&argv, "--");
	strlist_append(&argv, &c->args.rest);
	if (strcmp(c->args.command->name, "configure") == 0)
		suffix = ".local";
	if (strcmp(c->args.command->name, "freeze") == 0)
		suffix = ".freeze";
	if (!suffix)
		run_exec(argv.v);
	status = run_wait(argv.v);
	cabal_project_clean(c, suffix);
	exit(status);
}

static bool asks_help(const struct cabal *c)
{
	for (size_t i = 0; i < c->args.options.n; i++)
		if (strcmp(c->args.options.v[i], "--help") == 0 ||
		    strcmp(c->args.options.v[i], "-h") == 0)
			return true;
	return false;
}

void cabal_check_target(struct cabal *c)
{
	struct target t;

	/* Compiling needs none. */
	if (strcmp(c->target, TARGET_DEFAULT) == 0)
		return;
	target_load(&c->in, c->target, &t);
	target_need_built(&c->in, &t);
	c->guest = t.run && strcmp(t.run, "host") != 0;
	target_free(&t);
}

static void answer(struct cabal *c, const char *help)
{
	if (c->args.command)
		return;
	if (c->args.help)
		print_help(help);
	if (c->args.version)
		print_version(cabal_version());
	die(EXIT_USAGE, "no command; %s --help tells more", halvm_progname());
}

_Noreturn void cabal_run(struct cabal *c, const struct strlist *words,
			 const char *help)
{
	bool images;

	install_find(&c->in);
	if (getenv(CABAL_BOOT) && words->n && words->v[0][0] == '/')
		cabal_test(c, words);
	cabal_args_parse(&c->args, words);
	answer(c, help);
	if (!c->args.builddir)
		c->args.builddir = xstrdup(CABAL_BUILD_FOLDER);
	install_need_sysroot(&c->in);
	c->target = target_choice(c->args.target);
	cabal_check_target(c);
	c->program = find_cabal();
	check_version(c->program);
	cabal_home(c);
	cabal_configure(c);
	set_environment(c);
	images = c->args.command->kind == CABAL_IMAGES && !asks_help(c);
	if (images && (cabal_wants_images(c) ||
		       strcmp(c->args.command->name, "install") == 0))
		cabal_do(c);
	pass(c);
}
