#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The stress programs of test/stress, on the linux target and booted by QEMU, in
# a small dose. `make stress` gives more: $STRESS_SECONDS for each program.
#
# From the environment: STRESS_SECONDS, STRESS_TARGETS (linux kvm).

bats_require_minimum_version 1.5.0
load common

export HALVM_ACCEL=tcg
STRESS=$HALVM_SRC/test/stress
STRESS_TARGETS=${STRESS_TARGETS:-linux kvm}

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	mkdir linux kvm
	for program in epoll files fpu locks memory pipes signals threads timers; do
		halvm-cc -std=gnu11 -g -O2 -Wall -Wextra -pthread \
			--emit=portable "$STRESS/$program.c" -o "$program.o"
		link "$program" "$program.o"
	done
	for program in Channels Forks Heap Timeouts; do
		for way in vanilla threaded; do
			options=(-rtsopts)
			[ $way = vanilla ] || options+=(-threaded)
			"${HGHC[@]}" -O -outputdir "$program" -i"$STRESS" \
				"${options[@]}" --emit=portable "$STRESS/$program.hs" \
				-o "$program-$way.o"
			link "$program-$way" "$program-$way.o"
		done
	done
}

# link NAME OBJECT: linux/NAME and kvm/NAME. One that fails is a failure of its
# own test, which misses it.
link() {
	local target
	for target in $STRESS_TARGETS; do
		halvm-ld --target="$target" "$2" -o "$target/$1" || :
	done
}

setup() {
	need_sysroot
	cd "$BATS_FILE_TMPDIR" || return
}

# launch TARGET NAME MEMORY ARGUMENT...: runs it; on kvm with so much memory
launch() {
	local target=$1 name=$2 memory=$3 seconds=$((120 + \
		${STRESS_SECONDS:-0} * 3))
	shift 3
	case $target in
	linux)
		run timeout "$seconds" "linux/$name" "$@"
		;;
	kvm)
		run timeout "$seconds" halvm-run --log="$BATS_TEST_TMPDIR/log" \
			--memory="$memory" "${qemu[@]}" "kvm/$name" "$@"
		;;
	esac
}

# withstands TARGET NAME MEMORY SMALL-DOSE...
withstands() {
	local target=$1 name=$2 memory=$3
	shift 3
	[[ " $STRESS_TARGETS " == *" $target "* ]] || skip "not asked for"
	[ "$target" != kvm ] || need_tool qemu-system-x86_64
	[ -z "${STRESS_SECONDS:-}" ] || set -- --seconds="$STRESS_SECONDS"
	launch "$target" "$name" "$memory" "$@"
	if [ "$status" != 0 ] || [ "$output" != "${name%-*}: ok" ]; then
		printf 'status %s: %s %s\n%s\n' "$status" "$name" "$*" "$output"
		cat "$BATS_TEST_TMPDIR/log" 2>/dev/null || :
		return 1
	fi
}

@test "threads: created, joined, detached, their data and registers (linux)" {
	withstands linux threads 256M --amount=2000
}

@test "threads: created, joined, detached, their data and registers (kvm)" {
	withstands kvm threads 256M --amount=500
}

@test "fpu: registers and modes over preemption and handlers (linux)" {
	withstands linux fpu 64M --amount=200
}

@test "fpu: registers and modes over preemption and handlers (kvm)" {
	withstands kvm fpu 64M --amount=100
}

@test "locks: a storm on futexes (linux)" {
	withstands linux locks 64M --amount=1000
}

@test "locks: a storm on futexes (kvm)" {
	withstands kvm locks 64M --amount=200
}

@test "timers: none lost, none early (linux)" {
	withstands linux timers 64M --amount=50
}

@test "timers: none lost, none early (kvm)" {
	withstands kvm timers 64M --amount=40
}

@test "signals in flight (linux)" {
	withstands linux signals 64M --amount=1000
}

@test "signals in flight (kvm)" {
	withstands kvm signals 64M --amount=500
}

@test "memory: mapped, protected, moved, given back (linux)" {
	withstands linux memory 64M --amount=64
}

@test "memory: mapped, protected, moved, given back (kvm)" {
	withstands kvm memory 64M --amount=24
}

@test "epoll: thousands of descriptors (linux)" {
	withstands linux epoll 256M --amount=3000
}

@test "epoll: thousands of descriptors (kvm)" {
	withstands kvm epoll 256M --amount=1500
}

@test "pipes: many writers, large streams (linux)" {
	withstands linux pipes 64M --amount=200
}

@test "pipes: many writers, large streams (kvm)" {
	withstands kvm pipes 64M --amount=60
}

@test "files: a churn against a model (linux)" {
	withstands linux files 128M --amount=200
}

@test "files: a churn against a model (kvm)" {
	withstands kvm files 128M --amount=50
}

@test "Forks, vanilla: thousands of Haskell threads, MVar, STM, killThread (linux)" {
	withstands linux Forks-vanilla 256M --amount=2000
}

@test "Forks, vanilla: thousands of Haskell threads, MVar, STM, killThread (kvm)" {
	withstands kvm Forks-vanilla 256M --amount=1000
}

@test "Timeouts, vanilla (linux)" {
	withstands linux Timeouts-vanilla 128M --amount=200
}

@test "Timeouts, vanilla (kvm)" {
	withstands kvm Timeouts-vanilla 128M --amount=80
}

@test "Heap, vanilla: grows, shrinks, finalizers, stacks (linux)" {
	withstands linux Heap-vanilla 256M --amount=32
}

@test "Heap, vanilla: grows, shrinks, finalizers, stacks (kvm)" {
	withstands kvm Heap-vanilla 256M --amount=8
}

@test "Channels, vanilla: many pipes and handles (linux)" {
	withstands linux Channels-vanilla 128M --amount=100
}

@test "Channels, vanilla: many pipes and handles (kvm)" {
	withstands kvm Channels-vanilla 128M --amount=40
}

@test "Forks, threaded: thousands of Haskell threads, MVar, STM, killThread (linux)" {
	withstands linux Forks-threaded 256M --amount=2000
}

@test "Forks, threaded: thousands of Haskell threads, MVar, STM, killThread (kvm)" {
	withstands kvm Forks-threaded 256M --amount=1000
}

@test "Timeouts, threaded (linux)" {
	withstands linux Timeouts-threaded 128M --amount=200
}

@test "Timeouts, threaded (kvm)" {
	withstands kvm Timeouts-threaded 128M --amount=80
}

@test "Heap, threaded: grows, shrinks, finalizers, stacks (linux)" {
	withstands linux Heap-threaded 256M --amount=32
}

@test "Heap, threaded: grows, shrinks, finalizers, stacks (kvm)" {
	withstands kvm Heap-threaded 256M --amount=8
}

@test "Channels, threaded: many pipes and handles (linux)" {
	withstands linux Channels-threaded 128M --amount=100
}

@test "Channels, threaded: many pipes and handles (kvm)" {
	withstands kvm Channels-threaded 128M --amount=40
}

@test "memory: all there is, again and again (kvm)" {
	STRESS_SECONDS='' withstands kvm memory 32M --amount=0 --rounds=3
}

@test "memory: all that a limit leaves (linux)" {
	ulimit -v 300000
	STRESS_SECONDS='' withstands linux memory - --amount=0 --rounds=3
}

@test "a heap that takes all memory ends in GHC's own message (kvm)" {
	need_tool qemu-system-x86_64
	for way in vanilla threaded; do
		run -251 timeout 120 halvm-run --memory=64M "kvm/Heap-$way" \
			--exhaust
		[[ $output == *'ut of memory'* || $output == *'eap exhausted'* ]]
	done
}

@test "a run repeats to the nanosecond when instructions are the clock (kvm)" {
	need_tool qemu-system-x86_64
	qemu=(--qemu-arg=-icount "--qemu-arg=shift=0,sleep=off" --qemu-arg=-rtc
		"--qemu-arg=base=2026-01-01,clock=vm" --qemu-arg=-seed
		--qemu-arg=1)
	for program in locks signals timers; do
		# A host so busy that QEMU itself comes late is seen in some
		# runs; by chance no two would take the same nanoseconds.
		seen=" "
		repeated=no
		for _ in {1..8}; do
			launch kvm $program 64M --amount=40 --clock
			[ "${lines[0]}" = "$program: ok" ]
			if [[ $seen == *" ${lines[1]} "* ]]; then
				repeated=yes
				break
			fi
			seen+="${lines[1]} "
		done
		[ $repeated = yes ]
	done
}
