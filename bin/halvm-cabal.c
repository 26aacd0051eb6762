/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-cabal: cabal for HaLVM's targets; driver/cabal*.c do the work. */
#include "config.h"

#include "cabal.h"

static const char help[] =
    "Usage: halvm-cabal COMMAND [OPTIONS] [TARGETS] [-- ARGUMENTS]\n"
    "Runs cabal with HaLVM's compiler, and with a configuration and a store "
    "of its\n"
    "own. All of cabal's commands and options are taken; `halvm-cabal help` "
    "lists\n"
    "them. Common commands:\n"
    "\n"
    "  build                 compile what a project has\n"
    "  run [EXE] [-- ARG...] build and run an executable\n"
    "  test, bench           build and run test suites, benchmarks\n"
    "  list-bin EXE          print where an executable is\n"
    "  install               build and put executables into --installdir\n"
    "  repl, exec, update, freeze, sdist, clean ...\n"
    "\n"
    "  --target=NAME         what the executables are for (default linux);\n"
    "                        anywhere among the options\n"
    "  --help, --version     this text; our version and cabal's\n"
    "\n"
    "Environment: HALVM_CABAL_DIR, HALVM_HOST_CABAL, HALVM_SYSROOT.\n"
    "More in halvm-cabal(1).\n";

int main(int argc, char *argv[])
{
	struct strlist words = {0};
	struct cabal c = {0};

	halvm_set_progname(argv[0]);
	for (int i = 1; i < argc; i++)
		strlist_push(&words, argv[i]);
	cabal_run(&c, &words, help);
}
