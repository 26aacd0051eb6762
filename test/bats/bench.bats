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
