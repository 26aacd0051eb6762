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
	printf '#!/bin/sh\nexec ghc -DHALVM -package-env - "$@"\n' >"$HALVM_GHC"
	chmod +x "$HALVM_GHC"
	cd "$BATS_TEST_TMPDIR" || return
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
	says 'ok alike (vanilla, linux)'
	says 'ok alike (threaded, linux)'
	says '2 passed, 0 failed'
}

@test "a difference in stdout, in stderr and in the status fails" {
	differing | sed 's/OURS/putStrLn "ours"/' | program in-stdout
	differing | sed 's/OURS/hPutStrLn stderr "ours"/' | program in-stderr
	differing | sed 's/OURS/putStrLn "the same" >> exitWith (ExitFailure 3)/' |
		program in-status
	run "$corpus" run
	[ "$status" = 1 ]
	says 'not ok in-stdout (vanilla, linux)'
	says 'out differs:'
	says '+ours'
	says 'not ok in-stderr (vanilla, linux)'
	says 'err differs:'
	says 'not ok in-status (vanilla, linux)'
	says 'status differs:'
	says '0 passed, 3 failed'
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
	says '1 passed, 0 failed'
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
	says 'ok cases/one (vanilla, linux)'
	says 'ok cases/two (vanilla, linux)'
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

@test "another target runs by its runner, and skips what is linux only" {
	program portable <<<'main = putStrLn "portable"'
	program bound linux-only='starts a process' <<<'main = pure ()'
	printf '#!/bin/sh\necho "by the runner"\nexec "$@"\n' >runner
	chmod +x runner
	TARGETS='linux other' CORPUS_RUNNER_other=$PWD/runner run "$corpus" run
	[ "$status" = 1 ]
	says 'ok portable (vanilla, linux)'
	says 'not ok portable (vanilla, other)'
	says '+by the runner'
	says 'skip bound (vanilla, other): starts a process'
}

@test "the generated Bats file has a test for each program, way and case" {
	program plain 'ways=vanilla threaded' <<<'main = pure ()'
	program cases '[a]' '[b]' <<<'main = pure ()'
	works "$corpus" generate
	[ "$(grep -c '^@test' <<<"$output")" = 4 ]
	works "$corpus" bats
	says 'ok 4 plain (threaded, linux)'
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
