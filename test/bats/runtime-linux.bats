# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# The linux runtime and its link script, by C programs (test/programs-c): what
# each prints is compared with NAME.out.
#
# HALVM_CC is the compiler to test, if not the build tree's.

bats_require_minimum_version 1.5.0
load common

# shellcheck disable=SC2153 # common.bash sets it
PROGRAMS=$HALVM_SRC/test/programs-c
HALVM_CC=${HALVM_CC:-halvm-cc}

setup() {
	[ "$HALVM_CC" != halvm-cc ] || need_sysroot
	cd "$BATS_TEST_TMPDIR" || exit
}

# build NAME [FLAG...]: compiles the program NAME to ./NAME
build() {
	"$HALVM_CC" -std=gnu11 -g -O1 -Wall -Wextra -I "$HALVM_SRC/include" \
		"$PROGRAMS/$1.c" -o "$1" "${@:2}"
}

# check NAME STATUS COMMAND...: compares standard output with NAME.out
check() {
	local got=0
	timeout -s KILL 60 "${@:3}" >stdout 2>stderr || got=$?
	cat stderr
	diff -u "$PROGRAMS/$1.out" stdout
	[ "$got" -eq "$2" ]
}

@test "start: arguments, environment, constructors, thread-local data, status" {
	build start
	HALVM_TEST='one two' check start 7 ./start 'a b' '' 'ü"'\''\$'
}

@test "threads: create, join, detach, keys, locks, clone" {
	build threads -pthread
	check threads 0 ./threads
}

@test "syscall(2): numbers, six arguments, errors" {
	build syscall
	check syscall 0 ./syscall
}

@test "memory: rights, places, files, advice, moving, reservations" {
	build memory
	check memory 0 ./memory
}

@test "descriptors: pipes, timers, sets, sockets, locks" {
	build descriptors -pthread
	check descriptors 0 ./descriptors
}

@test "cancel: every kind of cancellation point" {
	build cancel -pthread
	check cancel 0 ./cancel
}

@test "cancel: at each instruction of the window" {
	build cancel-window -pthread
	for _ in 1 2 3 4 5; do
		check cancel-window 0 ./cancel-window
	done
}

@test "signals: handlers, masks, stacks, faults, timers" {
	build signals -pthread
	check signals 0 ./signals
}

@test "signals: what a runtime may get wrong that is a kernel itself" {
	build signals-deep -pthread
	check signals-deep 0 ./signals-deep
}

@test "processes: fork, exec, wait, posix_spawn, system" {
	build processes -pthread
	check processes 0 ./processes
}

@test "setxid: the ids of all threads" {
	build setxid -pthread
	check setxid 0 ./setxid
}

@test "stacks: deep, large, overflowing" {
	build stacks -pthread
	check stacks 0 ./stacks
}

@test "clock: as the kernel's" {
	build clock -pthread
	check clock 0 ./clock
}

@test "clock: the same on a host without a vDSO" {
	need_tool gdb
	build clock -pthread
	gdb -nx -batch -ex 'break main' -ex 'run >without' -ex 'set \
		{long}&linux_clock_gettime = (long)&linux_clock_gettime_call' \
		-ex continue ./clock >log 2>&1 </dev/null || :
	cat log
	grep 'exited normally' log
	diff "$PROGRAMS/clock.out" without
}

@test "sections: each in its segment" {
	build sections
	check sections 0 ./sections
	run -0 readelf -p .debug-ghc-link-info sections
	[[ $output == *'kept note'* ]]
}

@test "image: static, fixed, no segment writable and executable" {
	build start
	run -0 readelf -hlW start
	[[ $output == *'EXEC (Executable file)'* ]]
	[[ $output != *INTERP* && $output != *DYNAMIC* ]]
	[[ $output != *RWE* ]]
	[ "$(grep -c '^ *LOAD ' <<<"$output")" -eq 3 ]
	grep -E '^ *PHDR .* 0x0000000000400040 ' <<<"$output"
	strip -o stripped start
	HALVM_TEST='one two' check start 7 ./stripped 'a b' '' 'ü"'\''\$'
}

@test "image: what a program can't reach isn't in it" {
	echo 'int main(void) { return 0; }' >empty.c
	"$HALVM_CC" empty.c -o empty
	run -0 nm empty
	[[ $output == *halvm_syscall_exit_group* ]]
	[[ $output != *halvm_syscall_socket* && $output != *cancel_point* ]]
}

# The table's calls of class never, for the program strict to read.
never_list() {
	awk '$4 == "never" { print $1, $2, $6 }' \
		"$HALVM_SRC/sysroot/syscalls.tbl" >never
	[ "$(wc -l <never)" -gt 100 ]
}

@test "strict: HALVM_STRICT=1 refuses what a unikernel refuses" {
	build strict -pthread
	never_list
	HALVM_STRICT=1 check strict 0 ./strict <never
}

@test "strict: so does a program linked with --strict" {
	build strict -pthread --strict
	never_list
	check strict 0 ./strict <never
}

@test "strict: HALVM_STRICT=0 wins over the link, an empty one doesn't" {
	build strict -pthread --strict
	HALVM_STRICT=0 run -0 ./strict open
	[ "$output" = 'fork works' ]
	HALVM_STRICT='' run -1 ./strict open
}

@test "strict: off by default" {
	build strict -pthread
	run -0 ./strict open
	[ "$output" = 'fork works' ]
	HALVM_STRICT=0 run -0 ./strict open
	HALVM_STRICTLY=1 run -0 ./strict open
}

@test "strict: another value of HALVM_STRICT is an error" {
	build strict -pthread
	for value in 2 yes 11 ' 1'; do
		HALVM_STRICT=$value run -2 ./strict open
		[ "$output" = 'halvm: error: HALVM_STRICT must be 0 or 1' ]
	done
}

@test "strict: a setuid program doesn't heed HALVM_STRICT" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need_tool setpriv
	build strict -pthread
	chmod 4755 strict
	chmod 755 "$BATS_TEST_TMPDIR"
	setpriv --reuid 65534 --clear-groups ./strict open ||
		skip 'no setuid programs in this file system'
	HALVM_STRICT=1 run -0 setpriv --reuid 65534 --clear-groups \
		./strict open
	[ "$output" = 'fork works' ]
}

@test "gdb sees through a system call, a signal and a new thread" {
	need_tool gdb
	cat >trace.c <<-'END'
		#include <pthread.h>
		#include <signal.h>
		#include <unistd.h>
		static void inner(void) { write(1, "x\n", 2); }
		static void handler(int s) { (void)s; inner(); }
		static void *body(void *a) { raise(SIGUSR1); return a; }
		int main(void)
		{
			pthread_t t;
			signal(SIGUSR1, handler);
			pthread_create(&t, 0, body, 0);
			return pthread_join(t, 0);
		}
	END
	"$HALVM_CC" -g -O1 trace.c -o trace -pthread
	gdb -nx -batch -ex 'handle SIGUSR1 nostop noprint' \
		-ex 'break halvm_syscall_write' -ex run -ex backtrace \
		-ex 'stepi 3' -ex backtrace ./trace >log 2>&1 </dev/null || :
	cat log
	if grep -qi 'ptrace\|not permitted' log; then
		skip 'no tracing here'
	fi
	grep -E '^#0 .*halvm_syscall_write' log
	grep -E '^#[1-9].* inner ' log
	grep -E '^#[1-9].* handler ' log
	grep '^#[1-9].*<signal handler called>' log
	grep -E '^#[1-9].* body ' log
	run ! grep -E 'corrupt|\?\?' log
}

@test "strace names the calls" {
	need_tool strace
	build syscall
	strace -f -o log ./syscall >stdout || skip 'no tracing here'
	grep -E 'mmap\(NULL, 4096, PROT_READ, MAP_PRIVATE, [0-9]+, 0x1000\)' log
	grep 'exit_group(0)' log
}
