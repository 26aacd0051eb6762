#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-run with images for vmware: the disk that it makes, the machine that it
# asks of QEMU, what it refuses, and how it deals with what machine and outside
# do. A program stands in QEMU's place; what real machines do is vmware.bats' to
# show.

bats_require_minimum_version 1.5.0
load common
load boot

export HALVM_ACCEL=tcg

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	fake_guest
	boot_programs vmware
	# In QEMU's place, too: keeps the disk that it is given.
	cat >keep <<-'EOF'
		#!/bin/bash
		for word; do
			case $word in
			*format=raw,file=*) cp "${word#*,file=}" "$KEPT" ;;
			esac
		done
		printf '\020V1\020x00'
	EOF
	chmod +x keep
}

setup() {
	need_sysroot
	[ -d /usr/lib/grub/i386-pc ] || skip 'no GRUB for BIOS (grub-pc-bin)'
	cd "$BATS_TEST_TMPDIR" || return
	image=$BATS_FILE_TMPDIR/status
	fake=(--qemu="$BATS_FILE_TMPDIR/guest" "$image")
}

@test "the machine is VMware's as far as QEMU has it, and nothing else" {
	run -0 guest args --memory=64M
	for want in -nodefaults -no-user-config -no-reboot pc,vmport=on 64M \
		'menu=off,strict=on,reboot-timeout=0' chardev:console \
		pvscsi,id=disks; do
		says "$want"
	done
	says 'manufacturer=VMware,, Inc.'
	says 'serial=VMware-56 4d'
	says scsi-hd,bus=disks.0,drive=disk,bootindex=0
	says_not -kernel
	says_not -append
	says_not isa-debug
	says_not virtio
	says_not -netdev
	says_not -bios
}

@test "--machine, --disk-controller and --firmware choose" {
	run -0 guest args --machine=q35
	says q35,vmport=on
	run -0 guest args --disk-controller=ahci
	says ich9-ahci,id=disks
	run -0 guest args --disk-controller=ahci --machine=q35
	says ide-hd,bus=ide.0
	says_not ich9-ahci
	run -0 guest args --disk-controller=ide
	says ide-hd,bus=ide.0
	run -0 guest args --disk-controller=lsi
	says lsi53c895a
	[ -d /usr/lib/grub/x86_64-efi ] ||
		skip 'no GRUB for UEFI (grub-efi-amd64-bin)'
	HALVM_OVMF=/dev/null run -0 guest args --firmware=uefi
	says $'-bios\n/dev/null'
	says ich9-ahci,id=disks
}

@test "what a machine can't have is told, before anything runs" {
	fails_with 2 halvm-run --machine=microvm "$image"
	says 'pc q35'
	fails_with 2 halvm-run --console=virtio "$image"
	says 'serial port'
	fails_with 2 halvm-run --disk-controller=floppy "$image"
	says 'pvscsi, ahci, ide or lsi'
	fails_with 2 halvm-run --firmware=coreboot "$image"
	says 'bios or uefi'
	fails_with 2 halvm-run --firmware=uefi --disk-controller=pvscsi "$image"
	says 'ahci or ide'
	fails_with 2 halvm-run --machine=q35 --disk-controller=ide "$image"
	says 'pc has'
	fails_with 1 halvm-run --firmware=uefi --memory=16M "$image"
	says 48M
	HALVM_OVMF=/nonexistent/OVMF.fd fails_with 1 halvm-run \
		--firmware=uefi "$image"
	says "HALVM_OVMF names '/nonexistent/OVMF.fd'"
	fails_with 1 halvm-run --memory=1M "$image"
	says 'the image alone'
	fails_with 1 halvm-run --root=missing "$image"
	fails_with 1 halvm-run --qemu=/nonexistent/qemu "$image"
	halvm-cc --target=kvm "$BATS_FILE_TMPDIR/cat.c" -o kvm
	fails_with 2 halvm-run --firmware=bios kvm
	says 'for kvm'
	fails_with 2 halvm-run --disk-controller=ahci kvm
	says 'for kvm'
}

@test "no GRUB: the message names its package" {
	mkdir none
	HALVM_GRUB_DIR=$PWD/none fails_with 1 halvm-run "${fake[@]}"
	says grub-pc-bin
}

# kept OPTION... ARGUMENT...: halvm-run, whose disk is kept as ./disk
kept() {
	KEPT=$PWD/disk timeout 60 halvm-run --qemu="$BATS_FILE_TMPDIR/keep" "$@"
}

@test "the disk holds image, files and command line; nothing stays" {
	need_tool mcopy
	mkdir tmp files
	echo x >files/file
	TMPDIR=$PWD/tmp kept --env=A='b c' --root=files --cwd=/d \
		--host-name=h --log-level=debug "$image" one 'two words'
	[ -z "$(ls tmp)" ]
	export MTOOLS_SKIP_CHECK=1
	works mdir -b -i disk@@1M ::
	says IMAGE.ELF
	mcopy -i disk@@1M ::CMDLINE.TXT line
	line=$(tr -d '\0' <line)
	for want in halvm.framed=1 halvm.console=serial0 halvm.host=h \
		halvm.cwd=/d halvm.log=debug '"halvm.env=A=b c"' \
		'-- one "two words"'; do
		[[ $line == *"$want"* ]]
	done
	[[ $line != *halvm.debug-exit* ]]
	mcopy -i disk@@1M ::ROOT.CPI root
	grep -q 070701 root
	grep -q file root
}

@test "arguments: a megabyte of them" {
	# One word of the host's is at most 128 KiB.
	word=$(head -c 100000 /dev/zero | tr '\0' x)
	kept "$image" "$word" "$word" "$word"
	need_tool mcopy
	MTOOLS_SKIP_CHECK=1 mcopy -i disk@@1M ::CMDLINE.TXT line
	[ "$(tr -cd x <line | wc -c)" -ge 300000 ]
	fails_with 1 halvm-run "${fake[@]}" "$word" "$word" "$word" "$word" \
		"$word" "$word" "$word" "$word" "$word" "$word" "$word"
	says 1048575
}

@test "--dry-run prints commands that make the disk and boot it" {
	mkdir files
	run --separate-stderr halvm-run --dry-run --memory=64M --root=files \
		--qemu=/bin/echo "$image" "it's" 'a  b'
	[ "$status" = 0 ]
	[[ $output == *halvm-image*'&& /bin/echo '* ]]
	[ ! -e "$image.raw" ]
	again=$(eval "$output")
	[ -s "$image.raw" ]
	[[ $again == *'-m 64M'* ]]
	[[ $again == *"file=$image.raw "* ]]
	grep -aqF -- "-- it's \"a  b\"" "$image.raw"
	rm "$image.raw"
}

@test "a comma in a path is none of QEMU's" {
	mkdir 'a,b'
	TMPDIR=$PWD/a,b run -0 guest args
	says a,,b/
}

@test "streams, status, log, standard input, closed descriptors" {
	run -42 --separate-stderr guest streams
	[ "$output" = $'out\nout' ]
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = $'err\nhalvm: log' ]
	run -42 --separate-stderr guest streams --log=log
	[ "$stderr" = err ]
	grep -q BIOS log
	head -c 100000 /dev/urandom >data
	guest cat <data >copy
	cmp data copy
	run -0 bash -c 'GUEST=cat timeout 30 halvm-run "$@" <&-' - "${fake[@]}"
	run -0 guest args --log=log
	says isa-debugcon,iobase=0xe9
	run -0 guest args --gdb=12345
	says tcp:127.0.0.1:12345
	says 'target remote 127.0.0.1:12345'
	run -0 guest args --qemu-arg=-foo
	says $'\n-foo'
	run -0 guest args --verbose
	says 'target vmware, accelerator tcg'
}

@test "a panic: status 125, and names beside the addresses" {
	address=$(nm "$image" | awk '$3 == "main" { print $1 }')
	ADDRESS=0x$address run -125 guest panic
	says "  at 0x$address main+0x0"
	run -125 guest stops
	says 'without a status'
	run -125 guest fails
	says 'no such machine'
}

@test "--timeout and signals; the machine and the disk don't stay" {
	mkdir tmp
	export TMPDIR=$PWD/tmp
	for kind in hang never; do
		GUEST=$kind run timeout 30 halvm-run --timeout=0.5 "${fake[@]}"
		[ "$status" = 124 ]
	done
	signalled cat INT
	[ "$status" = 130 ]
	[ "$(cat out)" = '[i]' ]
	signalled cat TERM
	[ "$status" = 143 ]
	signalled hang HUP
	[ "$status" = 129 ]
	signalled never TERM
	[ "$status" = 143 ]
	gone
	[ -z "$(ls tmp)" ]
}

@test "a disk that can't be written is an error" {
	TMPDIR=$PWD/none fails_with 1 halvm-run "${fake[@]}"
}
