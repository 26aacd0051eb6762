#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The linux target seen from Haskell: its programs are ordinary executables to
# the host's tools, and strict mode answers as a unikernel would. The C side
# of it is in runtime-linux.bats.

load common

setup_file() {
	[ -r "$HALVM_BUILD/lib/halvm/sysroot/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" -g Main.hs -o hello
	cat >Process.hs <<-'EOF'
		import Control.Exception
		import System.Process
		main :: IO ()
		main = do
		  r <- try (callProcess "/bin/true" [])
		  putStrLn (either refused (const "ran") r)
		refused :: IOException -> String
		refused _ = "refused"
	EOF
	"${HGHC[@]}" -main-is Main -odir p -hidir p Process.hs -o process
	"${HGHC[@]}" --strict -package process p/Main.o -o process-strict
}

setup() {
	need_sysroot
	cd "$BATS_FILE_TMPDIR" || return
}

@test "both RTS ways make static executables" {
	is_static hello
	works "${HGHC[@]}" -threaded Main.o -o hello-threaded
	is_static hello-threaded
	[ "$(./hello-threaded +RTS -N2)" = hello ]
}

@test "System.Process runs programs, by default" {
	[ "$(./process)" = ran ]
}

@test "strict: System.Process fails with an exception, not a crash" {
	[ "$(HALVM_STRICT=1 ./process)" = refused ]
	[ "$(./process-strict)" = refused ]
	[ "$(HALVM_STRICT=0 ./process-strict)" = ran ]
}

@test "strict: a program that needs nothing of class never doesn't notice" {
	HALVM_STRICT=1 run ./hello strictly
	[ "$status" = 0 ]
	[ "$output" = 'hello strictly' ]
}

@test "gdb knows the Haskell symbols and lines of a -g program" {
	need_tool gdb
	# shellcheck disable=SC2016
	run timeout 60 gdb -nx -batch -ex 'break Main_main_info' -ex run \
		-ex 'info symbol $pc' ./hello
	says 'Breakpoint 1,'
	says Main_main_info
	says Main.hs
}

@test "without -g the symbols of Haskell are there too, until -s" {
	cd "$BATS_TEST_TMPDIR" || return
	works "${HGHC[@]}" "$BATS_FILE_TMPDIR/Main.o" -o plain
	nm plain | grep -q ' Main_main_info$'
	works "${HGHC[@]}" "$BATS_FILE_TMPDIR/Main.o" -optl-s -o stripped
	run nm stripped
	says_not Main_main_info
	[ "$(./stripped)" = hello ]
}

@test "strace sees the calls of a Haskell program" {
	need_tool strace
	strace -f -o "$BATS_TEST_TMPDIR/log" ./hello >/dev/null 2>&1 ||
		skip 'strace may not trace here'
	grep -q 'write(1, "hello\\n", 6)' "$BATS_TEST_TMPDIR/log"
	grep -q 'exit_group(0)' "$BATS_TEST_TMPDIR/log"
}

@test "perf records it" {
	need_tool perf
	perf record -q -o "$BATS_TEST_TMPDIR/data" ./hello >/dev/null 2>&1 ||
		skip 'perf may not record here'
	works perf script -i "$BATS_TEST_TMPDIR/data" -F comm,sym
	says hello
}

@test "death by a signal is death by that signal" {
	cd "$BATS_TEST_TMPDIR" || return
	cat >Main.hs <<-'EOF'
		import System.Posix.Signals
		main :: IO ()
		main = raiseSignal sigKILL
	EOF
	works "${HGHC[@]}" Main.hs -o dies
	run ./dies
	[ "$status" = 137 ]
}
