#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
#
# Signals and cancellation where the runtime is the kernel: C programs of
# test/programs-c that the linux target passes, too, in QEMU without KVM.

bats_require_minimum_version 1.5.0
load common

export HALVM_ACCEL=tcg
# shellcheck disable=SC2153 # common.bash sets it
PROGRAMS=$HALVM_SRC/test/programs-c

setup() {
	need_sysroot
	need_tool qemu-system-x86_64
	cd "$BATS_TEST_TMPDIR" || return
}

# boot NAME [ARGUMENT...]: builds the program NAME and runs it
boot() {
	halvm-cc --target=kvm -std=gnu11 -g -O1 -Wall -Wextra \
		-I "$HALVM_SRC/include" "$PROGRAMS/$1.c" -o "$1"
	halvm-run --timeout=100 "${OPTIONS[@]}" "$1" -- "${@:2}" \
		>stdout 2>stderr || {
		local status=$?
		cat stdout stderr
		return "$status"
	}
}

OPTIONS=()

@test "kvm: handlers' registers, faults, stacks, timers, cancellation" {
	boot signals-deep
	diff -u "$PROGRAMS/signals-deep.out" stdout
}

@test "kvm: the same, when each instruction may be interrupted" {
	OPTIONS=(--qemu-arg=-singlestep)
	boot signals-deep
	diff -u "$PROGRAMS/signals-deep.out" stdout
}

@test "kvm: a cancellation at each instruction of the window" {
	boot cancel-window kvm
	head -n 1 "$PROGRAMS/cancel-window.out" | diff -u - stdout
}

@test "kvm: the ids of all threads" {
	boot setxid
	diff -u "$PROGRAMS/setxid.out" stdout
}
