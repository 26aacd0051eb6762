/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-ld: links HaLVM programs. Wraps LLVM lld; stands where GHC and cabal
 * expect a C compiler as linker, or `ld -r`. The work is in driver/link*.c.
 */
#include "config.h"

#include "link.h"
#include "rsp.h"
#include "version.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Usage: halvm-ld [options] file... -o OUT\n"
    "\n"
    "Links objects and archives into a HaLVM program. Takes the options that\n"
    "GHC and cabal pass to a C compiler when linking.\n"
    "\n"
    "  --target=NAME          what the program runs on (default: linux, or\n"
    "                         $HALVM_TARGET)\n"
    "  --emit=image           make a program for the target (default)\n"
    "  --emit=portable        make one object for every target; link it with\n"
    "                         halvm-ld --target=NAME FILE -o OUT\n"
    "  --keep-portable        keep the portable object inside the image, for\n"
    "                         images of other targets\n"
    "  --strict               refuse syscalls of class `never` as a unikernel\n"
    "                         does\n"
    "  --report=syscalls[:FILE]\n"
    "                         list the syscalls the program can reach, who\n"
    "                         reaches them and what the target answers;\n"
    "                         without -o nothing is linked\n"
    "  --forbid-syscall=NAME  fail if the program can reach it\n"
    "  --root=DIR             the files of DIR are the program's, inside its\n"
    "                         image\n"
    "  --no-gc-sections       keep what the program can't reach\n"
    "  -Wno-refused           no warning about syscalls the target refuses\n"
    "  -o FILE, -L DIR, -l LIB, -l:FILE, -u SYMBOL, -T SCRIPT, -s, -static\n"
    "                         as for a C compiler\n"
    "  -Wl,OPTION,... -Xlinker OPTION\n"
    "                         options for lld\n"
    "  -r                     merge objects into one\n"
    "  @FILE                  arguments from a file\n"
    "  -v, -###               show the commands; show them only\n"
    "  --help, --version\n"
    "\n"
    "Environment: HALVM_TARGET, HALVM_SYSROOT, HALVM_LLD. See halvm-ld(1).\n";

int main(int argc, char **argv)
{
	struct strlist words = {0};
	struct link_args args;
	struct link_job job = {.args = &args};

	(void)argc;
	halvm_set_progname(argv[0]);
	rsp_expand(argv, &words);
	link_args_parse(&args, &words);
	switch (args.mode) {
	case LINK_HELP:
		print_help(help);
	case LINK_VERSION:
		print_version(NULL);
	case LINK_LINKER_VERSION:
		printf("%s\n", lld_version());
		finish(0);
	default:
		finish(link_run(&job));
	}
}
