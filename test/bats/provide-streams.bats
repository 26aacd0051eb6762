#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
#
# Consoles and networks from providers in C (test/provide): the same programs,
# with the same words, on every target.

bats_require_minimum_version 1.5.0
load common
load bed

export HALVM_ACCEL=tcg HALVM_BED=bats-provide
PROVIDE=$HALVM_SRC/test/provide

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	local file
	for file in "$PROVIDE"/{upcase,console,loopback,loopback_io}.c \
		"$PROVIDE"/network*.c; do
		halvm-cc -std=gnu11 -g -O1 -Wall -Wextra -Wno-unused-result \
			-c "$file" || return
	done
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
}

teardown_file() {
	leave_bed
}

# both TARGET: links the two programs for it and runs them
both() {
	local of=$BATS_FILE_TMPDIR
	halvm-cc --target="$1" "$of"/{upcase,console}.o -o console
	halvm-cc --target="$1" "$of"/network*.o "$of"/loopback*.o -o network
	try console
	grep -qx 'TO STDERR' stderr
	try network
}

# try NAME: the program says what it should
try() {
	timeout 300 halvm-run "./$1" </dev/null >stdout 2>stderr || {
		local status=$?
		cat stdout stderr
		return "$status"
	}
	diff -u "$PROVIDE/$1.out" stdout
}

@test "linux: a console and a network from providers" {
	both linux
}

@test "kvm: a console and a network from providers" {
	need_tool qemu-system-x86_64
	both kvm
}

@test "vmware: a console and a network from providers" {
	need_tool qemu-system-x86_64
	[ -d /usr/lib/grub/i386-pc ] || skip 'no GRUB for BIOS (grub-pc-bin)'
	both vmware
}

@test "xen: a console and a network from providers" {
	enter_bed
	both xen
}
