#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# That `make bench` measures and says so when it can't: one program, once.

bats_require_minimum_version 1.5.0
load common

setup() {
	need_sysroot
	need_tool ghc
	export BUILDDIR=$HALVM_BUILD BENCH_OUT=$BATS_TEST_TMPDIR/out
	export BENCH_TABLE=$BATS_TEST_TMPDIR/bench.txt
	# shellcheck disable=SC2153 # common.bash sets it
	bench=$HALVM_SRC/test/bench/run.sh
	cd "$BATS_TEST_TMPDIR" || return
}

@test "one program, once: a row for each way, a mean, the compile time" {
	works sh "$bench" --quick --no-counts NQueens
	run cat bench.txt
	[ "$(grep -cE '^\| NQueens +\| +(vanilla|threaded) +\| +[0-9.]+ \| +[0-9.]+ \| +[0-9.]+ \|' bench.txt)" = 2 ]
	[ "$(grep -cE '^\| geometric mean +\| +both .* [0-9]+\.[0-9]+ \|' bench.txt)" = 1 ]
	says 'the programs above (1), -O2'
}

@test "a program that fails has no row, and the run fails" {
	printf '#!/bin/sh\nexec halvm-ghc "$@" -with-rtsopts=--wrong\n' \
		>halvm-ghc-bad
	chmod +x halvm-ghc-bad
	HALVM_GHC=$PWD/halvm-ghc-bad run sh "$bench" --quick --no-counts NQueens
	[ "$status" = 1 ]
	says 'failed: halvm: NQueens, vanilla'
	run ! grep '^| NQueens' bench.txt
}

@test "wrong use is told" {
	run sh "$bench" --nonsense
	[ "$status" = 2 ]
	says 'bench: error: unknown option: --nonsense'
	run sh "$bench" NoSuchProgram
	[ "$status" = 2 ]
	says 'no such program'
	HALVM_GHC=$PWD/absent run sh "$bench"
	[ "$status" = 2 ]
	says 'run make'
}

@test "guest: exact counts of a start, without a Linux guest" {
	need_tool qemu-system-x86_64
	export BENCH_KERNEL=none BENCH_TARGETS=''
	works sh "$bench" --guest --quick NQueens
	cp bench.txt first.txt
	run grep -cE '^\| hello of (C|Haskell) +\| +runtime or kernel, [^|]*\| +[0-9]+ \|' bench.txt
	[ "$output" = 2 ]
	grep -qE '^\| getpid +\| +[0-9]+ \| +- \|' bench.txt
	grep -qE '^\| NQueens +\| +vanilla \| +[0-9.]+ \|' bench.txt
	# The runtime's part of a start and what all of hello takes: the aims.
	awk -F '|' '
		$2 ~ /hello of Haskell/ && /runtime or kernel/ { part = $4 }
		$2 ~ /hello of Haskell/ && /all, from the entry/ { all = $4 }
		END { exit !(part > 0 && part < 60000 && all < 400000) }' bench.txt
}

# counted IMAGE RESULT ARGUMENT: boots it with the plugin, exactly
counted() {
	timeout 120 qemu-system-x86_64 -M microvm -accel tcg -m 64 -nodefaults \
		-no-user-config -no-reboot -display none -serial stdio \
		-cpu max -icount shift=0,sleep=off \
		-device isa-debug-exit,iobase=0xf4,iosize=1 \
		-kernel "$1" -append halvm.debug-exit=0xf4 \
		-plugin "$PWD/count.so,out=$2,$3" </dev/null || [ $? = 1 ]
}

@test "guest: counts by address are those from the entry on; marks forget" {
	need_tool qemu-system-x86_64
	need_tool gcc
	gcc -O2 -shared -fPIC "$HALVM_SRC/test/bench/guest/count.c" -o count.so
	hello_sources
	halvm-cc --target=kvm hello.c -o hello
	address() {
		nm hello | awk -v name="$1" '$3 == name { print "0x" $1 }'
	}
	marks=at=_start:$(address _start),at=main:$(address main)
	counted hello all "$marks"
	counted hello ours "$marks,range=$(address halvm_ehdr_start):$(
		address halvm_end)"
	# What all of the program took: the same, and the entry is its beginning.
	awk '{ n[FILENAME, $1] = $2 } END {
		exit !(n["ours", "_start"] == 0 && n["ours", "end"] > 0 &&
			n["ours", "end"] == n["all", "end"] - n["all", "_start"])
	}' all ours
	# main comes once; when it does, what came before is forgotten.
	counted hello after "$marks,after=main"
	[ "$(awk '{ print $1, $4 }' all)" = $'_start 1\nmain 1\nend 1' ]
	[ "$(awk '{ print $1, $4 }' after)" = $'_start 0\nmain 1\nend 1' ]
	run counted hello wrong "$marks,after=nobody"
	says 'count.so: wrong argument: after=nobody'
}
