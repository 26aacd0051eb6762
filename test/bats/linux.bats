#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The linux target: what it makes is an ordinary executable to the host's
# tools; --strict and HALVM_STRICT answer as a unikernel would.

load common

setup_file() {
	[ -r "$HALVM_BUILD/lib/halvm/sysroot/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" -g Main.hs -o hello
	cat >forks.c <<-'EOF'
		#include <errno.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		#include <unistd.h>
		int main(void)
		{
			pid_t pid = fork();
			if (pid < 0) {
				printf("fork: %s\n", strerror(errno));
				return 1;
			}
			if (pid == 0)
				_exit(7);
			int status;
			waitpid(pid, &status, 0);
			printf("child: %d\n", WEXITSTATUS(status));
			return 0;
		}
	EOF
	halvm-cc -c forks.c
	halvm-ld forks.o -o forks
	halvm-ld --strict forks.o -o forks-strict
}

setup() {
	need_sysroot
	cd "$BATS_FILE_TMPDIR" || return
}

@test "the image is static, not PIE, below 2 GiB, and never both W and X" {
	is_static hello
	run readelf -lW hello
	says_not RWE
	high=$(readelf -lW hello | awk '$1 == "LOAD" &&
		($3 "") > "0x000000007fffffff" { print $3 }')
	[ "$high" = "" ]
}

@test "a program that forks runs, by default" {
	run ./forks
	[ "$status" = 0 ]
	[ "$output" = 'child: 7' ]
}

@test "--strict at the link refuses what a unikernel refuses" {
	run ./forks-strict
	[ "$status" = 1 ]
	says 'fork: '
}

@test "HALVM_STRICT=1 at run time does too, and =0 lifts --strict" {
	HALVM_STRICT=1 run ./forks
	[ "$status" = 1 ]
	HALVM_STRICT=0 run ./forks-strict
	[ "$status" = 0 ]
}

@test "a program that needs nothing of class never runs strictly" {
	HALVM_STRICT=1 run ./hello strictly
	[ "$output" = 'hello strictly' ]
	works "${HGHC[@]}" --strict Main.o -o "$BATS_TEST_TMPDIR/strict"
	[ "$("$BATS_TEST_TMPDIR/strict")" = hello ]
}

@test "System.Process fails strictly with an exception, not a crash" {
	cd "$BATS_TEST_TMPDIR" || return
	cat >Main.hs <<-'EOF'
		import Control.Exception
		import System.Process
		main :: IO ()
		main = do
		  r <- try (callProcess "/bin/true" []) :: IO (Either IOException ())
		  putStrLn (either (const "refused") (const "ran") r)
	EOF
	works "${HGHC[@]}" Main.hs -o run
	[ "$(./run)" = ran ]
	[ "$(HALVM_STRICT=1 ./run)" = refused ]
}

@test "gdb sets a breakpoint at a Haskell symbol of a -g program" {
	need_tool gdb
	# shellcheck disable=SC2016
	run timeout 60 gdb -nx -batch -ex 'break Main_main_info' -ex run \
		-ex 'info symbol $pc' ./hello
	says 'Breakpoint 1,'
	says Main_main_info
	says Main.hs
}

@test "gdb shows a backtrace through C, from the syscall up to main" {
	need_tool gdb
	cd "$BATS_TEST_TMPDIR" || return
	hello_sources
	works halvm-cc -g -O0 hello.c -o chello
	run timeout 60 gdb -nx -batch -ex 'break halvm_syscall_writev' \
		-ex 'break halvm_syscall_write' -ex run -ex bt ./chello
	says 'main ()'
}

@test "strace sees the syscalls" {
	need_tool strace
	strace -o "$BATS_TEST_TMPDIR/log" ./hello >/dev/null 2>&1 ||
		skip 'strace may not trace here'
	grep -q '^write(1, "hello\\n", 6)' "$BATS_TEST_TMPDIR/log"
	grep -q '^exit_group(0)' "$BATS_TEST_TMPDIR/log"
}

@test "perf records it and names its functions" {
	need_tool perf
	perf record -q -o "$BATS_TEST_TMPDIR/data" ./hello >/dev/null 2>&1 ||
		skip 'perf may not record here'
	works perf script -i "$BATS_TEST_TMPDIR/data" -F comm,sym
	says hello
}

@test "the exit status and the text of an uncaught exception" {
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'main :: IO ()' 'main = error "boom"' >Main.hs
	works "${HGHC[@]}" Main.hs -o boom
	run ./boom
	[ "$status" = 1 ]
	says 'boom: boom'
	says CallStack
}

@test "death by a signal is death by that signal" {
	cd "$BATS_TEST_TMPDIR" || return
	cat >abort.c <<-'EOF'
		#include <stdlib.h>
		int main(void) { abort(); }
	EOF
	works halvm-cc abort.c -o abort
	run bash -c 'ulimit -c 0; ./abort'
	[ "$status" = 134 ]
}
