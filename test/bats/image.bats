#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-image, and --root= of halvm-ld, halvm-ghc and halvm-cc: the files that a
# program finds.

bats_require_minimum_version 1.5.0
load common

export HALVM_ACCEL=tcg SOURCE_DATE_EPOCH=1000000000

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cat >read.c <<-'EOF'
		#include <stdio.h>
		#include <sys/stat.h>
		int main(int argc, char **argv)
		{
			static char text[100000];
			struct stat st;
			for (int i = 1; i < argc; i++) {
				FILE *f = fopen(argv[i], "r");
				size_t n;
				if (!f || fstat(fileno(f), &st) != 0) {
					perror(argv[i]);
					return 1;
				}
				n = fread(text, 1, sizeof text, f);
				printf("%o %ld ", st.st_mode & 07777,
				       (long)st.st_mtime);
				fwrite(text, 1, n, stdout);
				fclose(f);
			}
			return 0;
		}
	EOF
	halvm-cc -c read.c
	halvm-ld --target=kvm read.o -o kvm
	halvm-ld --target=linux read.o -o linux
	mkdir -p files/sub/deep
	echo 'hello' >files/hello
	echo 'below' >files/sub/deep/file
	ln -s sub/deep/file files/link
	chmod 640 files/hello
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	kvm=$BATS_FILE_TMPDIR/kvm
	linux=$BATS_FILE_TMPDIR/linux
	files=$BATS_FILE_TMPDIR/files
}

@test "--info says what an image is" {
	run -0 halvm-image --info "$kvm"
	says 'target: kvm'
	says 'format: elf'
	says 'entry: 0x'
	says 'root: none'
	says 'note: HaLVM 1 "kvm"'
	run -0 halvm-image --info "$linux"
	says 'target: linux'
	run bash -c 'halvm-image --info "$1" >/dev/full' - "$kvm"
	[ "$status" = 1 ]
}

@test "files go in, others take their place, and out again" {
	run -0 halvm-image "$kvm" --root="$files" -o with
	run -0 halvm-image --info with
	says '5 files'
	mkdir other
	head -c 50000 /dev/zero >other/zeros
	run -0 halvm-image with --root=other -o with2
	run -0 halvm-image --info with2
	says '1 files'
	run -0 halvm-image with2 "--root=$files" -owith2
	cmp with with2
	run -0 halvm-image with --strip -o without
	cmp "$kvm" without
	[ -x with ]
}

@test "tools take an image with files for a good one" {
	run -0 halvm-image "$kvm" --root="$files" -o with
	run -0 readelf -aW with
	says_not Warning
	[ "$(nm with)" = "$(nm "$kvm")" ]
	# the archive is loaded above all else, and to be read only
	run -0 readelf -lW with
	last=$(grep LOAD <<<"$output" | tail -n 1)
	[[ $last != *E* ]] && [[ $last != *W* ]]
}

@test "the same files make the same image, whoever makes it" {
	run -0 halvm-image "$kvm" --root="$files" -o a
	cp -R "$files" copy
	touch copy/hello
	run -0 halvm-image "$kvm" --root=copy -o b
	cmp a b
	run -0 halvm-ld --target=kvm --root=copy "$BATS_FILE_TMPDIR/read.o" -o c
	cmp a c
	run -0 halvm-cc --target=kvm --root=copy "$BATS_FILE_TMPDIR/read.o" -o d
	cmp a d
}

@test "the program finds them" {
	need_tool qemu-system-x86_64
	run -0 halvm-image "$kvm" --root="$files" -o with
	run -0 halvm-run --timeout=60 with /hello /link sub/deep/file
	[ "$output" = '640 1000000000 hello
644 1000000000 below
644 1000000000 below' ]
	# by the machine's loader, too, and over those in the image
	mkdir over
	echo 'other' >over/hello
	run -0 halvm-run --timeout=60 --root=over with /hello /link
	[[ $output == *' other'*' below' ]]
	run -0 halvm-run --timeout=60 --root=over "$kvm" /hello
	[[ $output == *' other' ]]
	run -1 halvm-run --timeout=60 "$kvm" /hello
	says 'No such file'
}

@test "halvm-ghc --root= links again when files changed" {
	need_tool qemu-system-x86_64
	mkdir site
	echo one >site/text
	cat >Main.hs <<-'EOF'
		main :: IO ()
		main = readFile "/text" >>= putStr
	EOF
	works "${HGHC[@]}" --target=kvm --root=site Main.hs -o m
	run -0 halvm-run --timeout=60 m
	[ "$output" = one ]
	echo two >site/text
	works "${HGHC[@]}" --target=kvm --root=site Main.hs -o m
	run -0 halvm-run --timeout=60 m
	[ "$output" = two ]
}

@test "large files, and more than an image can hold" {
	mkdir big
	truncate -s 30M big/zeros
	run -0 halvm-image "$kvm" --root=big -o with
	[ "$(stat -c %s with)" -gt 30000000 ]
	truncate -s 5G big/zeros
	fails_with 1 halvm-image "$kvm" --root=big -o never
	says '4 GiB'
	[ ! -e never ]
	[ -z "$(find . -name '.halvm*')" ]
}

@test "an archive that is at hand" {
	printf '%s%s\0\0\0\0' 0707010000000000000000000000000000000000000001\
0000000000000000000000000000000000000000000000000000000b00000000 \
		'TRAILER!!!' >archive
	run -0 halvm-image "$kvm" --root=archive -o with
	run -0 halvm-image --info with
	says '0 files'
	head -c 60 archive >short
	fails_with 1 halvm-image "$kvm" --root=short -o never
	says truncated
}

@test "what can't be done is told, and leaves nothing behind" {
	fails_with 2 halvm-image "$linux" --root="$files" -o never
	says linux
	fails_with 2 halvm-ld --target=linux --root="$files" \
		"$BATS_FILE_TMPDIR/read.o" -o never
	says linux
	fails_with 2 halvm-ld --target=kvm --emit=portable --root="$files" \
		"$BATS_FILE_TMPDIR/read.o" -o never
	echo 'main = print 1' >Main.hs
	run timeout 60 "${HGHC[@]}" --target=linux --root="$files" Main.hs
	[ "$status" = 2 ]
	says linux
	run timeout 60 "${HGHC[@]}" --target=kvm --root=missing Main.hs
	[ "$status" = 1 ]
	says missing
	[ ! -e Main.o ]
	fails_with 1 halvm-image "$kvm" --root=missing -o never
	fails_with 1 halvm-image Main.hs --root="$files" -o never
	says 'text file'
	fails_with 1 halvm-image --info /bin/sh
	fails_with 1 halvm-image "$kvm" --root="$files" -o no/such/dir
	fails_with 2 halvm-image "$kvm" --root="$files"
	fails_with 2 halvm-image "$kvm" -o never
	fails_with 2 halvm-image --info --strip "$kvm"
	fails_with 2 halvm-image --root="$files" --format=vhd "$kvm" -o never
	says vmdk
	fails_with 2 halvm-image
	fails_with 2 halvm-image --nonesuch
	SOURCE_DATE_EPOCH=soon fails_with 2 halvm-image "$kvm" \
		--root="$files" -o never
	[ ! -e never ]
	[ -z "$(find . -name '.halvm*')" ]
}
