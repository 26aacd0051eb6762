#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What a real Xen and its tools do to a guest, and hear of it: memory, requests
# to end, saving and restoring, panics, starts of the wrong kind.

bats_require_minimum_version 1.5.0
load common
load bed

# A bed of this file's own, of what is prepared for all.
export HALVM_BED=bats-guest

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cat >prog.c <<-'EOC'
		#include <signal.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/sysinfo.h>
		#include <time.h>
		#include <unistd.h>
		static void on(int sig)
		{
			printf("signal %d\n", sig);
			fflush(stdout);
			_exit(3);
		}
		int main(int argc, char **argv)
		{
			struct timespec t = {.tv_nsec = 200000000};
			struct sysinfo s;
			if (!strcmp(argv[1], "memory")) {
				sysinfo(&s);
				printf("%lu\n", s.totalram * s.mem_unit >> 20);
				return 0;
			}
			if (!strcmp(argv[1], "fault"))
				*(volatile char *)8 = 1;
			signal(SIGTERM, on);
			puts("up");
			fflush(stdout);
			for (;;)
				nanosleep(&t, NULL);
		}
	EOC
	halvm-cc -w --target=xen prog.c -o prog
}

setup() {
	enter_bed
	prog=$BATS_FILE_TMPDIR/prog
}

teardown_file() {
	leave_bed
}

# guest LINE WORD...: the program with a line more of xl's configuration
guest() {
	timeout 600 halvm-run --memory=64M --xl-arg="$1" "$prog" "${@:2}"
}

bed() {
	timeout 600 halvm-testbed "$@"
}

# start NAME: a guest that waits for a signal, in $pid; its output in out
start() {
	rm -f out
	guest "name = \"$1\"" wait >out 2>err 3>&- &
	pid=$!
	for ((i = 0; i < 1200; i++)); do
		grep -q up out && return
		sleep .1
	done
	cat err
	return 1
}

# state NAME: as xl list has it
state() {
	bed xl list "$1" | awk 'END { print $5 }'
}

# until_state NAME GLOB
until_state() {
	local now
	for ((i = 0; i < 120; i++)); do
		now=$(state "$1")
		# shellcheck disable=SC2053 # a pattern
		[[ $now == $2 ]] && return
		sleep .5
	done
	echo "$1 is $now, not $2"
	return 1
}

@test "a domain that may grow uses the memory it owns" {
	run -0 guest 'vcpus = 1' memory
	own=$output
	[ "$own" -ge 60 ]
	run -0 guest 'maxmem = 900' memory
	[ "$output" = "$own" ]
}

@test "xl shutdown and xl reboot are SIGTERM" {
	for request in shutdown reboot; do
		start "$request"
		bed xl "$request" "$request"
		status=0
		wait "$pid" || status=$?
		[ "$status" = 3 ]
		[ "$(cat out)" = $'up\nsignal 15' ]
	done
}

@test "saved, restored, rebooted: the status is in xenstore" {
	start saved
	bed xl save saved /tmp/saved
	status=0
	wait "$pid" || status=$?
	[ "$status" = 125 ]
	grep -q "the domain's end was a suspend" err
	bed xl restore -e /tmp/saved
	id=$(bed xl domid saved)
	[ "$(bed xenstore-read "/local/domain/$id/control/feature-reboot")" = 1 ]
	run -1 bed xenstore-read "/local/domain/$id/data/halvm/exit-status"
	bed xl reboot saved
	# It is kept as it ended, by the configuration that was saved with it.
	until_state saved '*sr*'
	[ "$(bed xenstore-read "/local/domain/$id/data/halvm/exit-status")" = 3 ]
	bed xl destroy saved
}

@test "a panic is a crash of the domain, status 125" {
	run -125 --separate-stderr guest 'vcpus = 1' fault
	# shellcheck disable=SC2154 # run sets it
	output=$stderr
	says 'halvm: panic: page fault'
	says 'main+0x'
}

@test "a PV guest says what it wants to be" {
	run -125 guest 'type = "pv"' memory
	says 'halvm: panic: this image wants a PVH guest, not a PV one'
	says "the domain's end was a crash"
}

@test "without Xen below the image says so" {
	run timeout 60 qemu-system-x86_64 -accel tcg -M pc -m 64 -nodefaults \
		-display none -no-reboot -serial stdio -kernel "$prog"
	says 'halvm: panic: this image is for Xen'
}
