/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-cabal: cabal for HaLVM's targets; driver/cabal*.c do the work. */
#include "config.h"

#include "cabal.h"

static const char help[] =
    "Usage: halvm-cabal COMMAND [CABAL'S OPTIONS] [--target=NAME]\n"
    "                   [CABAL-TARGET...] [-- ARGUMENT...]\n"
    "Builds cabal projects with HaLVM's compiler, and a configuration and a "
    "store\n"
    "of its own. All of cabal's commands and options are taken; 'halvm-cabal "
    "help'\n"
    "lists them. Those that know targets:\n"
    "\n"
    "  build                 make an image of each executable that is built\n"
    "  run [EXE]             build one and boot it; its status is ours\n"
    "  test, bench           boot test suites and benchmarks\n"
    "  list-bin EXE          print where the image is\n"
    "  install               put images into --installdir\n"
    "\n"
    "Options of ours, anywhere before --:\n"
    "  --target=NAME         what the executables are for (default: "
    "$HALVM_TARGET,\n"
    "                        else linux); nothing is compiled anew for it\n"
    "  --root=DIR, --forbid-syscall=NAME, --report=syscalls, --strict\n"
    "                        as halvm-ld's, for the images\n"
    "  --run-option=OPTION   one of halvm-run's, such as --memory=1G; repeat\n"
    "  --help, --version     this text; our version and cabal's\n"
    "\n"
    "Environment: HALVM_CABAL_DIR, HALVM_HOST_CABAL, HALVM_RUN_OPTIONS,\n"
    "HALVM_SYSROOT, HALVM_TARGET. More in halvm-cabal(1).\n";

int main(int argc, char *argv[])
{
	struct strlist words = {0};
	struct cabal c = {0};

	halvm_set_progname(argv[0]);
	for (int i = 1; i < argc; i++)
		strlist_push(&words, argv[i]);
	cabal_run(&c, &words, help);
}
