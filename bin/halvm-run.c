/* SPDX-License-Identifier: BSD-3-Clause */
/* halvm-run: runs an image of any target; driver/run*.c do the work. */
#include "config.h"

#include "run.h"
#include "run_xen.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-run [OPTIONS] IMAGE [ARGUMENT...]\n"
    "Runs a HaLVM program: an image for kvm or vmware boots in QEMU, one for "
    "xen\n"
    "is a domain of this dom0 or, elsewhere, of a test bed's, one for linux "
    "just\n"
    "runs. Its standard streams, Ctrl-C and exit status are ours.\n"
    "\n"
    "  --memory=SIZE        of the machine, with K, M, G or T (default 512M)\n"
    "  --cpus=N             of the machine (default 1, as the runtime uses)\n"
    "  --machine=NAME       microvm (default), pc or q35; for vmware pc "
    "(default)\n"
    "                       or q35\n"
    "  --disk-controller=pvscsi|ahci|ide|lsi\n"
    "                       of the disk that vmware boots from (default "
    "pvscsi)\n"
    "  --firmware=bios|uefi what boots from it (default bios)\n"
    "  --accel=auto|kvm|tcg how QEMU runs it (default $HALVM_ACCEL, else "
    "auto:\n"
    "                       KVM where it works and isn't slower)\n"
    "  --console=serial|virtio\n"
    "                       the console of a machine for kvm (default virtio)\n"
    "  --env=NAME[=VALUE]   a variable of the program's environment\n"
    "  --clear-env          no LANG, LC_ALL, LC_CTYPE and TERM from here\n"
    "  --host-name=NAME, --cwd=DIR\n"
    "                       its host name and current directory\n"
    "  --root=DIR|FILE      its files: a directory, or a cpio archive\n"
    "  --timeout=SECONDS    stop it then, with status 124\n"
    "  --gdb[=PORT]         wait for gdb, and say how to start it\n"
    "  --log=FILE           the firmware's, the runtime's and QEMU's messages\n"
    "  --log-level=error|warning|info|debug\n"
    "                       what the runtime tells (default warning)\n"
    "  --dry-run            print the command, and don't run it\n"
    "  --qemu=PROGRAM, --qemu-arg=ARGUMENT\n"
    "                       another QEMU; an argument more for it\n"
    "  --xl-arg=LINE        a line more of xl's configuration\n"
    "  --verbose, -v        say what is done and why\n"
    "  --help, --version\n"
    "\n"
    "Status: the program's; 124 stopped by --timeout, 125 a panic or a "
    "machine\n"
    "that stopped without a status, 1 not run, 2 asked wrongly.\n"
    "Environment: HALVM_ACCEL, HALVM_QEMU, HALVM_OVMF, HALVM_XL.\n"
    "More in halvm-run(1).\n";

int main(int argc, char *argv[])
{
	struct strlist words = {0};
	struct run_args args;
	struct install in;

	halvm_set_progname(argv[0]);
	for (int i = 1; i < argc; i++)
		strlist_push(&words, argv[i]);
	int status = run_carry(&words);
	if (status >= 0)
		return status;
	switch (run_args_parse(&args, &words)) {
	case RUN_HELP:
		print_help(help);
	case RUN_VERSION:
		print_version(NULL);
	case RUN_IT:
		break;
	}
	install_find(&in);
	return run_image(&in, &args);
}
