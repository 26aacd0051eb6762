#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The Xen test bed by itself; what runs in it is in run-xen.bats.

# Each test is a process of its own, and so are its variables.
# shellcheck disable=SC2030,SC2031

load common
load bed

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# A bed of this file's own, of what is prepared for all.
	export HALVM_BED=bats-testbed
	unset HALVM_BED_XEN HALVM_BED_LINUX HALVM_BED_IDLE HALVM_BED_MEMORY
}

teardown() {
	timeout 60 halvm-testbed stop || :
}

# The bed's folder, as status tells it.
folder() {
	halvm-testbed status | sed "s/^[a-z]* //"
}

pid() {
	cat "$(folder)/pid"
}

@test "what is asked wrongly is told" {
	fails_with 2 halvm-testbed
	fails_with 2 halvm-testbed dance
	says "no 'dance'"
	fails_with 2 halvm-testbed start stop
	fails_with 2 halvm-testbed start --anew
	fails_with 2 halvm-testbed --fast
	HALVM_BED=../x fails_with 2 halvm-testbed status
	says HALVM_BED
	HOME='' XDG_CACHE_HOME='' fails_with 1 halvm-testbed status
	says XDG_CACHE_HOME
}

@test "what a bed's start lacks is told, and nothing is left" {
	need_tool qemu-system-x86_64
	export XDG_CACHE_HOME=$PWD/cache
	mkdir none
	HALVM_XEN_PACKAGES=$PWD/none fails_with 1 halvm-testbed start
	says "no .deb file"
	HALVM_XEN_PACKAGES=$PWD/nowhere fails_with 1 halvm-testbed start
	says nowhere
	HALVM_QEMU=$PWD/none/qemu fails_with 1 halvm-testbed start
	says HALVM_QEMU
	HALVM_BED_MEMORY=much fails_with 2 halvm-testbed start
	says HALVM_BED_MEMORY
	[ -z "$(find cache -name 'new-*' -o -name 'dom0-*')" ]
	run halvm-testbed status
	[ "$status" = 1 ]
	says stopped
}

@test "one bed runs however many start it, until it is stopped" {
	need_bed
	works timeout 280 halvm-testbed prepare
	run halvm-testbed status
	[ "$status" = 1 ]
	halvm-testbed start &
	first=$!
	works halvm-testbed start
	wait "$first"
	works halvm-testbed status
	says running
	one=$(pid)
	works halvm-testbed start
	[ "$(pid)" = "$one" ]
	kill -0 "$one"
	works halvm-testbed stop
	run halvm-testbed status
	[ "$status" = 1 ]
	works halvm-testbed stop
}

@test "a start that was killed is made good by the next" {
	need_bed
	timeout -s KILL 0.3 halvm-testbed start || :
	works halvm-testbed start
	works halvm-testbed status
	says running
}

@test "a bed that nobody uses ends by itself" {
	need_bed
	HALVM_BED_IDLE=1 works halvm-testbed start
	for ((i = 0; i < 240; i++)); do
		halvm-testbed status >/dev/null || break
		sleep 0.5
	done
	run halvm-testbed status
	says stopped
	works halvm-testbed console
	says 'idle for 1 s'
}

@test "a saved bed that is damaged is booted anew, and saved" {
	need_bed
	works timeout 280 halvm-testbed prepare
	dom0=$(readlink -f "$(folder)/dom0")
	export XDG_CACHE_HOME=$PWD/cache
	mkdir -p cache/halvm/xen-bed
	cp -R "$dom0" cache/halvm/xen-bed/
	saved=$(echo cache/halvm/xen-bed/dom0-*/saved-*)
	head -c 1000000 "$saved" >part
	mv part "$saved"
	works halvm-testbed start
	says 'boots anew'
	[ "$(stat -c %s "$saved")" -gt 10000000 ]
	works halvm-testbed status
	works halvm-testbed stop
}
