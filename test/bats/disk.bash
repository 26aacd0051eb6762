# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What the tests of disks and machines share: an image for bare metal, and disks
# of it, in $BATS_FILE_TMPDIR, where they run; $work is a test's own folder.

export SOURCE_DATE_EPOCH=1000000000

# The folder of GRUB's modules.
grub=${HALVM_GRUB_DIR:-/usr/lib/grub}

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cat >guest.c <<-'EOT'
		#include <stdio.h>
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			const char *x = getenv("X");
			char text[40] = "-";
			FILE *f = fopen("/text", "r");
			if (f)
				fgets(text, sizeof text, f);
			printf("name %s, X %s, file %s,", argv[0], x ? x : "-",
			       text);
			for (int i = 1; i < argc; i++)
				printf(" [%s]", argv[i]);
			puts(" the end");
			return 0;
		}
	EOT
	halvm-cc --target=kvm guest.c -o guest
	halvm-cc --target=linux guest.c -o guest.linux
	mkdir files
	printf hello >files/text
	# what all disks of these tests are told and have
	made=(guest --root=files --env='X=a  b' -- one 'two "2"' '')
	[ -r "$grub/i386-pc/boot.img" ] || return 0
	halvm-image --firmware=bios --format=raw -o bios.raw "${made[@]}"
	halvm-image --firmware=bios --format=iso -o bios.iso "${made[@]}"
	[ -r "$grub/x86_64-efi/kernel.img" ] || return 0
	halvm-image --firmware=both --format=raw -o both.raw "${made[@]}"
	halvm-image --firmware=both --format=iso -o both.iso "${made[@]}"
}

setup() {
	need_sysroot
	[ -r "$grub/i386-pc/boot.img" ] || skip 'no GRUB for BIOS'
	need_tool grub-mkimage
	cd "$BATS_FILE_TMPDIR" || return
	export work=$BATS_TEST_TMPDIR
}

need_uefi() {
	[ -r "$grub/x86_64-efi/kernel.img" ] || skip 'no GRUB for UEFI'
}
