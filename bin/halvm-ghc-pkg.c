/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-ghc-pkg: ghc-pkg on the sysroot's package database. */
#include "config.h"

#include <string.h>

#include "ghc.h"
#include "rsp.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-ghc-pkg COMMAND [OPTIONS] [ARGUMENTS]\n"
    "Runs GHC's ghc-pkg on the package database of HaLVM's sysroot; the\n"
    "user's database isn't looked at unless --user or --user-package-db is\n"
    "given. `halvm-ghc-pkg -?` is ghc-pkg's own help. Common commands:\n"
    "\n"
    "  list [PACKAGE]        list packages\n"
    "  describe PACKAGE      print a package's description\n"
    "  field PACKAGE FIELD   print a field of it\n"
    "  register FILE         register a package\n"
    "  check                 check the database for consistency\n"
    "  --help, --version     this text; our version and GHC's\n"
    "\n"
    "Environment: HALVM_SYSROOT. More in halvm-ghc-pkg(1).\n";

static bool wants_user(const struct strlist *args)
{
	for (size_t i = 0; i < args->n; i++) {
		if (str_starts(args->v[i], "--user"))
			return true;
	}
	return false;
}

int main(int argc, char *argv[])
{
	struct install in;
	struct strlist args = {0}, call = {0};
	(void)argc;
	halvm_set_progname(argv[0]);
	install_find(&in);
	rsp_expand(argv, &args);
	if (args.n && strcmp(args.v[0], "--help") == 0)
		print_help(help);
	/* cabal takes the fifth word for GHC's version. */
	if (args.n && (strcmp(args.v[0], "--version") == 0 ||
		       strcmp(args.v[0], "-V") == 0))
		print_version(ghc_version(&in));
	if (!args.n)
		die(EXIT_USAGE, "no command; %s --help tells more",
		    halvm_progname());
	strlist_push(&call, ghc_program(&in, "ghc-pkg"));
	strlist_pushf(&call, "--global-package-db=%s/ghc/package.conf.d",
		      in.sysroot);
	if (!wants_user(&args))
		strlist_push(&call, "--no-user-package-db");
	strlist_append(&call, &args);
	ghc_environment();
	run_exec(call.v);
}
