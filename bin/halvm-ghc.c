/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-ghc: GHC for HaLVM's targets; driver/ghc.c does the work. */
#include "config.h"

#include "ghc.h"
#include "rsp.h"

static const char help[] =
    "Usage: halvm-ghc [OPTIONS] FILE...\n"
    "Compiles and links Haskell programs for HaLVM's targets. All modes and\n"
    "options of GHC are taken; `halvm-ghc -?` is GHC's own help. Ours:\n"
    "\n"
    "  --target=NAME           link for this target (default: $HALVM_TARGET,\n"
    "                          else linux); --print-targets lists them\n"
    "  --emit=portable         make one relocatable file for all targets,\n"
    "                          which halvm-ld --target=NAME turns into images\n"
    "  --emit=image            make an image (the default)\n"
    "  --keep-portable         keep the portable file inside the image\n"
    "  --strict                on linux, answer as a unikernel would\n"
    "  --report=syscalls       list the syscalls the program can reach\n"
    "  --forbid-syscall=NAME   fail if the program can reach this syscall\n"
    "  --root=DIR              the files of DIR are the program's, inside its\n"
    "                          image\n"
    "  -fhalvm-ffi-report[=FILE]\n"
    "                          tell what was done about each foreign import\n"
    "  -fhalvm-leaf-list=FILE  C functions that reach no syscall, one a line\n"
    "  -fhalvm-no-leaf-analysis\n"
    "                          don't look for such in the package's C sources\n"
    "\n"
    "  --print-sysroot         print the sysroot's directory\n"
    "  --print-targets         print each target's name, title, and whether\n"
    "                          its runtime is built\n"
    "  --help                  this text\n"
    "  --version, -V           our version and GHC's; --numeric-version is\n"
    "                          GHC's alone\n"
    "\n"
    "Options that need shared or profiling libraries (-dynamic, -shared,\n"
    "-prof ...) are refused.\n"
    "\n"
    "Environment: HALVM_TARGET, HALVM_SYSROOT, HALVM_HOST_CC, TMPDIR.\n"
    "More in halvm-ghc(1).\n";

int main(int argc, char *argv[])
{
	struct install in;
	struct strlist args = {0};
	(void)argc;
	halvm_set_progname(argv[0]);
	install_find(&in);
	rsp_expand(argv, &args);
	ghc_run(&in, &args, help);
}
