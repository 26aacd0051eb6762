#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The corpus harness itself: what it compares, and that each kind of
# difference fails. Stock GHC plays both parts; a wrapper that defines HALVM
# makes programs differ at will.

load common

setup() {
	need_tool ghc
	export CORPUS_SRC=$BATS_TEST_TMPDIR/programs
	export CORPUS_OUT=$BATS_TEST_TMPDIR/results
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	export STOCK_GHC=ghc HALVM_GHC=$BATS_TEST_TMPDIR/other-ghc
	# shellcheck disable=SC2153 # common.bash sets it
	corpus=$HALVM_SRC/test/bats/corpus
	count=$HALVM_SRC/test/bats/tap-count
	cd "$BATS_TEST_TMPDIR" || return
	cat >"$HALVM_GHC" <<-'EOF'
		#!/bin/bash
		echo "ghc $*" >>"$CORPUS_OUT/calls"
		exec ghc -DHALVM -package-env - "${@/--emit=portable/-v1}"
	EOF
	# What it leaves is a program already, so linking is copying.
	cat >halvm-ld <<-'EOF'
		#!/bin/bash
		[[ $1 == *absent* ]] && echo "unknown target" && exit 2
		[[ $# = 4 ]] || exit 2
		echo "ld $*" >>"$CORPUS_OUT/calls"
		cp "$2" "$4"
	EOF
	# It takes its own options away.
	cat >halvm-run <<-'EOF'
		#!/bin/bash
		while [[ $1 == --* ]]; do shift; done
		exec "$@"
	EOF
	chmod +x "$HALVM_GHC" halvm-ld halvm-run
}

# program NAME [CONF-LINE...]: its Main.hs is read from stdin
program() {
	local name=$1
	shift
	mkdir -p "$CORPUS_SRC/$name"
	{
		printf '{-# LANGUAGE CPP #-}\n'
		cat
	} >"$CORPUS_SRC/$name/Main.hs"
	printf '%s\n' "ways=vanilla" "$@" >"$CORPUS_SRC/$name/test.conf"
}

# table_says ROW: a regular expression for a whole row of the table
table_says() {
	grep -qE "^# $1\$" <<<"$output" || {
		printf 'no row: %s\n%s\n' "$1" "$output"
		return 1
	}
}

# differing: a program that prints and exits as HALVM says
differing() {
	cat <<-'EOF'
		import System.Exit
		import System.IO
		main :: IO ()
		main = do
		#ifdef HALVM
		  OURS
		#endif
		  putStrLn "the same"
	EOF
}

@test "a program that behaves alike passes, in both ways" {
	program alike 'ways=vanilla threaded' <<<'main = putStrLn "alike"'
	works "$corpus" run
	says 'ok 1 alike (vanilla, linux)'
	says 'ok 2 alike (threaded, linux)'
	says '1..3'
	table_says 'all +2'
}

@test "a difference in stdout, in stderr and in the status fails" {
	differing | sed 's/OURS/putStrLn "ours"/' | program in-stdout
	differing | sed 's/OURS/hPutStrLn stderr "ours"/' | program in-stderr
	differing | sed 's/OURS/putStrLn "the same" >> exitWith (ExitFailure 3)/' |
		program in-status
	run "$corpus" run
	[ "$status" = 1 ]
	says ' in-stdout (vanilla, linux)'
	says 'out differs:'
	says '+ours'
	says ' in-stderr (vanilla, linux)'
	says 'err differs:'
	says ' in-status (vanilla, linux)'
	says 'status differs:'
	table_says 'all +0, 3 FAILED'
}

@test "a trailing newline less is a difference" {
	program newline <<-'EOF'
		main :: IO ()
		#ifdef HALVM
		main = putStr "text"
		#else
		main = putStr "text\n"
		#endif
	EOF
	run "$corpus" run
	[ "$status" = 1 ]
	says 'No newline at end of file'
}

@test "a program that one compiler can't build fails, with its words" {
	program unbuilt <<-'EOF'
		main :: IO ()
		#ifdef HALVM
		main = notThere
		#else
		main = pure ()
		#endif
	EOF
	run "$corpus" run
	[ "$status" = 1 ]
	says 'unbuilt could not be built for linux'
	says 'Variable not in scope: notThere'
}

@test "a program that hangs is stopped and fails, though stock hangs too" {
	program hanging timeout=1 <<-'EOF'
		import Control.Concurrent
		main :: IO ()
		main = threadDelay 60000000
	EOF
	run timeout 60 "$corpus" run
	[ "$status" = 1 ]
	says 'timed out'
}

@test "what a program expects takes the place of stock's behaviour" {
	program expecting <<-'EOF'
		import System.Exit
		main :: IO ()
		main = do
		#ifdef HALVM
		  putStrLn "ours"
		#endif
		  exitWith (ExitFailure 4)
	EOF
	printf 'ours\n' >"$CORPUS_SRC/expecting/expect.out"
	run "$corpus" run
	[ "$status" = 1 ]
	says 'status differs'
	echo 4 >"$CORPUS_SRC/expecting/expect.status"
	works "$corpus" run
}

@test "cases share a program and have their own arguments and environment" {
	program cases env=SHARED=1 '[one]' 'arg=two words' '[two]' arg= \
		'arg=a\nb' env=OWN=x <<-'EOF'
		import System.Environment
		main :: IO ()
		main = do
		  getArgs >>= print
		  mapM lookupEnv ["SHARED", "OWN", "CORPUS_SRC"] >>= print
	EOF
	works "$corpus" run
	says 'ok 1 cases/one (vanilla, linux)'
	says 'ok 2 cases/two (vanilla, linux)'
	run cat "$CORPUS_OUT/linux/cases/vanilla.one.out"
	[ "$output" = $'["two words"]\n[Just "1",Nothing,Nothing]' ]
	run cat "$CORPUS_OUT/linux/cases/vanilla.two.out"
	[ "$output" = $'["","a\\nb"]\n[Just "1",Just "x",Nothing]' ]
}

@test "stock GHC's results come from the cache the second time" {
	program cached <<<'main = putStrLn "cached"'
	works "$corpus" run
	# shellcheck disable=SC2016 # for the script to expand
	printf '#!/bin/sh\n[ "$1" = --info ] && exec ghc "$@"\nexit 1\n' >stock
	chmod +x stock
	# The key is made of --info, which is the same.
	STOCK_GHC=$PWD/stock works "$corpus" run
	echo 'main = putStrLn "changed"' >"$CORPUS_SRC/cached/Main.hs"
	STOCK_GHC=$PWD/stock run "$corpus" run
	[ "$status" = 1 ]
	says 'the stock compiler could not build cached'
}

@test "an error in test.conf names the file and the line" {
	program wrong colour=red <<<'main = pure ()'
	run "$corpus" run
	[ "$status" != 0 ]
	says "wrong/test.conf:2: unknown key 'colour'"
}

@test "another target runs by halvm-run, and skips what is linux only" {
	program portable <<<'main = putStrLn "portable"'
	program bound linux-only='starts a process' <<<'main = pure ()'
	sed -i '$i echo "on a machine"' halvm-run
	TARGETS='linux other' run "$corpus" run
	[ "$status" = 1 ]
	[[ $output =~ ok\ [0-9]+\ portable\ \(vanilla,\ linux\) ]]
	[[ $output =~ not\ ok\ [0-9]+\ portable\ \(vanilla,\ other\) ]]
	says '+on a machine'
	[[ $output =~ bound\ \(vanilla,\ other\)\ #\ SKIP\ starts\ a\ process ]]
	table_says 'portable +1 +0, 1 FAILED'
	table_says 'bound +1 +\(1\)'
	works "$corpus" table
	[ "$(grep -cE '^portable +1 +0, 1 FAILED$' <<<"$output")" = 1 ]
}

@test "a machine has the same files, environment, arguments and input" {
	program machine arg=one env=OWN=x env=LANG=C stdin=pipe <<-'EOF'
		main :: IO ()
		main = pure ()
	EOF
	mkdir -p "$CORPUS_SRC/machine/files/sub"
	echo text >"$CORPUS_SRC/machine/files/sub/file"
	echo typed >"$CORPUS_SRC/machine/stdin"
	cat >halvm-run <<-'EOF'
		#!/bin/bash
		printf '%s\n' "$@" >"$CORPUS_OUT/options"
		for option; do
			[[ $option != --root=* ]] ||
				cp -R "${option#*=}" "$CORPUS_OUT/root"
		done
		cat >"$CORPUS_OUT/typed"
	EOF
	TARGETS=other works "$corpus" run
	[ "$(cat "$CORPUS_OUT/root/tmp/corpus/sub/file")" = text ]
	[ "$(cat "$CORPUS_OUT/typed")" = typed ]
	run cat "$CORPUS_OUT/options"
	says '--clear-env'
	says '--env=OWN=x'
	says '--env=TMPDIR=/tmp/corpus'
	says '--env=LANG=C'
	says_not '--env=LANG=C.UTF-8'
	says '--cwd=/tmp/corpus'
	[ "${lines[-1]}" = one ]
}

@test "a program is compiled once, and linked for each target from that" {
	program once 'ways=vanilla threaded' <<<'main = putStrLn "once"'
	TARGETS='one two three' works "$corpus" run
	[ "$(grep -c '^ghc .*--make' "$CORPUS_OUT/calls")" = 2 ]
	[ "$(grep -c '^ld ' "$CORPUS_OUT/calls")" = 6 ]
	for target in one two three; do
		grep -q "^ld --target=$target .*/vanilla/once.halvm.o" \
			"$CORPUS_OUT/calls"
		grep -q "^ld --target=$target .*/threaded/once.halvm.o" \
			"$CORPUS_OUT/calls"
	done
	says 'ok 7 one compilation: all targets had the same objects'
}

@test "an object that changed between two links fails" {
	program changed <<<'main = putStrLn "changed"'
	# shellcheck disable=SC2016 # for the script to expand
	sed -i '$a touch "$2"' halvm-ld
	TARGETS='one two' CORPUS_JOBS=1 run "$corpus" run
	[ "$status" = 1 ]
	says 'not ok 3 one compilation'
	says 'changed, two'
}

@test "a target that can't be run here is skipped, and why" {
	program plain <<<'main = pure ()'
	TARGETS='linux absent' works "$corpus" run
	says 'ok 1 the corpus on absent # SKIP'
	says 'knows no such target'
	says 'ok 2 plain (vanilla, linux)'
	HALVM_QEMU=no-such-qemu TARGETS='linux kvm' works "$corpus" run
	says 'ok 1 the corpus on kvm # SKIP no no-such-qemu'
	says '# not run: kvm (no no-such-qemu)'
}

@test "a test bed is started for xen and stopped, unless it ran before" {
	need_tool qemu-system-x86_64
	program plain <<<'main = pure ()'
	cat >halvm-testbed <<-'EOF'
		#!/bin/bash
		echo "$1" >>"$CORPUS_OUT/bed"
		echo "$1: the words" >&2
		case $1 in
		status) exit "$BED_STATUS" ;;
		start) exit "$BED_START" ;;
		esac
	EOF
	chmod +x halvm-testbed
	export TARGETS=xen BED_STATUS=1 BED_START=0
	works "$corpus" run
	says 'ok 1 plain (vanilla, xen)'
	[ "$(cat "$CORPUS_OUT/bed")" = $'status\nstart\nstop' ]
	rm "$CORPUS_OUT/bed"
	BED_STATUS=0 works "$corpus" run
	[ "$(cat "$CORPUS_OUT/bed")" = status ]
	BED_START=77 works "$corpus" run
	says 'ok 1 the corpus on xen # SKIP no test bed (status 77): start: the words'
	BED_START=1 run "$corpus" run
	[ "$status" = 1 ]
	says 'not ok 1 the corpus on xen: no test bed (status 1): start: the words'
}

@test "tap-count sums up, and a run cut short has failed" {
	printf '1..3\nok 1 a\nok 2 b # skip no reason\nnot ok 3 c\n' >mixed.tap
	run "$count" mixed.tap
	[ "$status" = 1 ]
	says 'FAILED: 3 c'
	says '1 passed, 1 failed'
	printf '1..2\nok 1 a\nok 2 b\n' >good.tap
	works "$count" good.tap
	says '2 passed, 0 failed'
	printf '1..3\nok 1 a\n' >short.tap
	run "$count" good.tap short.tap
	[ "$status" = 1 ]
	says '3 passed, 2 failed'
	: >empty.tap
	run "$count" good.tap empty.tap
	[ "$status" = 1 ]
}
