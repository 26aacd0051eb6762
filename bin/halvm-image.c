/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm-image: tells what an image is, puts files into one, and makes disks
 * that boot one; driver/image*.c and what they call do the work.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "image_args.h"
#include "target.h"
#include "version.h"

static const char help[] =
    "Usage: halvm-image IMAGE --root=DIR|FILE -o OUT\n"
    "       halvm-image IMAGE --strip -o OUT\n"
    "       halvm-image IMAGE --format=FORMAT [OPTION...] -o OUT\n"
    "                         [-- ARGUMENT...]\n"
    "       halvm-image --info IMAGE\n"
    "Makes images from images that halvm-ld and halvm-ghc linked: with files,\n"
    "on disks, as machines.\n"
    "\n"
    "  --format=FORMAT   what to make:\n"
    "      elf           an image again (default)\n"
    "      raw, qcow2    a disk that boots the image, as it is; for QEMU\n"
    "      vmdk          for VMware, streamOptimized: to be moved and "
    "imported\n"
    "      vmdk-sparse   for VMware, monolithicSparse: to be run from\n"
    "      iso           a CD\n"
    "      vmx           a configuration for VMware, and its disk beside it\n"
    "      ova           a machine in one file, to be deployed (OVF 1.1)\n"
    "      xl            a configuration for Xen's xl\n"
    "  --root=DIR|FILE   the files of this directory, or of this cpio "
    "archive,\n"
    "                    become the program's root file system; in an image, "
    "in\n"
    "                    the place of those that it has, on a disk, over them\n"
    "  --strip           take the image's files out\n"
    "  -o FILE, --output=FILE\n"
    "                    the new one; may be the old one's name\n"
    "  --info            print target, entry, segments, files and notes\n"
    "\n"
    "What the program is given, but in an image:\n"
    "  --env=NAME=VALUE  a variable; repeat\n"
    "  --host-name=NAME, --cwd=DIR, --log-level=LEVEL\n"
    "                    as halvm-run's\n"
    "  --command-line=TEXT\n"
    "                    all of the guest's command line, as it is\n"
    "\n"
    "Disks and machines:\n"
    "  --firmware=bios|uefi|both\n"
    "                    what a disk boots by (both, if GRUB for UEFI is "
    "there)\n"
    "  --reboot          reset the machine when the image can't be loaded\n"
    "  --name=NAME       the machine's (the image's)\n"
    "  --memory=SIZE, --cpus=N\n"
    "                    of the machine (512M, 1)\n"
    "  --network=NAME    with a network adapter (vmx, ova)\n"
    "  --serial=FILE|pipe:NAME\n"
    "                    where the serial port leads (vmx)\n"
    "  --help, --version\n"
    "\n"
    "Environment: SOURCE_DATE_EPOCH, HALVM_GRUB_DIR, HALVM_GRUB_MKIMAGE.\n"
    "More in halvm-image(1).\n";

/* Xen's domains have no disk to start from; nobody else reads xl's files. */
static void check_target(const struct image_job *job, const struct target *t)
{
	bool xen = t->run && strcmp(t->run, "xl") == 0;

	if (job->root && job->format == IMAGE_ELF)
		target_need_root(t);
	if (job->format == IMAGE_XL && !xen)
		die(EXIT_USAGE,
		    "--format=xl: an image for '%s' is no guest of Xen",
		    t->name);
	if (job->format != IMAGE_ELF && job->format != IMAGE_XL && xen)
		die(EXIT_USAGE,
		    "an image for '%s' boots from no disk: --format=xl is for "
		    "it",
		    t->name);
}

int main(int argc, char *argv[])
{
	struct image_job job;
	struct mapfile file;
	struct install in;
	struct image im;
	struct target t;

	(void)argc;
	halvm_set_progname(argv[0]);
	switch (image_args_parse(&job, argv + 1)) {
	case IMAGE_HELP:
		print_help(help);
	case IMAGE_VERSION:
		print_version(NULL);
	case IMAGE_MAKE:
		break;
	}
	image_load(&im, &file, job.image);
	install_find(&in);
	target_load(&in, im.target, &t);
	if (job.info)
		image_info(&im, job.image, t.title);
	else
		check_target(&job, &t);
	if (!job.info)
		image_make(&job, &file);
	target_free(&t);
	install_free(&in);
	mapfile_close(&file);
	finish(0);
}
