/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-cc: compiles C for the sysroot; driver/cc.c does the work. */
#include "config.h"

#include "cc.h"
#include "rsp.h"

static const char help[] =
    "Usage: halvm-cc [GCC'S OPTIONS] FILE...\n"
    "Compiles C and assembly for HaLVM's sysroot with the host's gcc, and\n"
    "links with halvm-ld.\n"
    "\n"
    "All of gcc's options for compiling are taken, and for linking\n"
    "  -o -L -l -u -z -T -r -s -static -nostdlib -Wl,ARG -Xlinker ARG @FILE\n"
    "  --target=NAME --emit=portable|image --keep-portable --strict "
    "--root=DIR\n"
    "  --report=syscalls --forbid-syscall=NAME   as halvm-ld takes them\n"
    "  --help, --version          this text; our version and gcc's\n"
    "\n"
    "Objects have no red zone, no position independence and no stack\n"
    "canaries, whatever the options say. Shared libraries and languages other\n"
    "than C and assembly are refused.\n"
    "\n"
    "Environment: HALVM_SYSROOT, HALVM_TARGET, HALVM_HOST_CC, TMPDIR.\n"
    "More in halvm-cc(1).\n";

int main(int argc, char *argv[])
{
	struct install in;
	struct strlist args = {0};
	(void)argc;
	halvm_set_progname(argv[0]);
	install_find(&in);
	rsp_expand(argv, &args);
	cc_run(&in, &args, help);
}
