#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
#
# Real packages: what test/packages has is right, and the part of
# `make check-packages` that there is time for.

load common

packages=$HALVM_SRC/test/packages

# counted EXPECTED: what counts.awk makes of standard input
counted() {
	local got
	got=$(awk -f "$packages/counts.awk")
	[ "$got" = "$1" ] || {
		printf 'counted %s instead of %s\n' "$got" "$1"
		return 1
	}
}

# small_pins: pins of one package, in $BATS_TEST_TMPDIR, whose source is there
small_pins() {
	export HALVM_CACHE_DIR=$BATS_TEST_TMPDIR/cache
	export HALVM_PACKAGES_PINS=$BATS_TEST_TMPDIR/pins
	export HALVM_PACKAGES_SOURCES=$BATS_TEST_TMPDIR/sources
	mkdir -p "$HALVM_PACKAGES_SOURCES" tree/small
	printf '%s\n' 'cabal-version: 2.4' 'name: small' 'version: 1.2' \
		>tree/small/small.cabal
	tar -C tree -czf "$HALVM_PACKAGES_SOURCES/small.tar.gz" small
	printf 'small-1.2 small 1.2-3 small.tar.gz %s .\n' \
		"$(sha256sum <"$HALVM_PACKAGES_SOURCES/small.tar.gz" |
			cut -d ' ' -f 1)" >"$HALVM_PACKAGES_PINS"
}

@test "the words of test frameworks are counted" {
	counted '13 2' <<-'EOF'
		Finished in 0.0013 seconds
		15 examples, 2 failures, 1 pending
	EOF
	printf '\033[32mAll 70 tests passed (1.2s)\033[0m\n' | counted '70 0'
	printf '2 out of 70 tests failed (1.2s)\n' | counted '68 2'
	printf '%s\n' '         Properties  Test Cases  Total' \
		' Passed  3           1021        1024' \
		' Failed  1           0           1' | counted '1024 1'
	printf 'Cases: 9  Tried: 3  Errors: 0  Failures: 0\r%s\n' \
		'Cases: 9  Tried: 9  Errors: 1  Failures: 2' | counted '6 3'
	printf '+++ OK, passed 100 tests.\n*** Failed! Falsified\n' |
		counted '1 1'
	printf 'nothing of the kind\n' | counted '0 0'
}

@test "sources come from a folder, and only as pinned" {
	cd "$BATS_TEST_TMPDIR"
	small_pins
	works "$packages/fetch"
	[ -f cache/sources/small.tar.gz ]
	rm cache/sources/small.tar.gz
	printf 'x' >>"$HALVM_PACKAGES_SOURCES/small.tar.gz"
	run timeout 60 "$packages/fetch"
	[ "$status" = 3 ]
	says 'another than the pinned one'
	[ ! -e cache/sources/small.tar.gz ]
}

@test "same sources make the same sdists" {
	cd "$BATS_TEST_TMPDIR"
	small_pins
	works "$packages/fetch"
	works "$packages/make-repository"
	cp cache/packages/repository/small-1.2.tar.gz first
	[ "$(tar -tf first | grep -v '/$')" = small-1.2/small.cabal ]
	rm -r cache/packages
	works "$packages/make-repository"
	cmp first cache/packages/repository/small-1.2.tar.gz
}

@test "a result that isn't stock GHC's fails, unless it is explained" {
	cd "$BATS_TEST_TMPDIR"
	printf 'known spec kvm sockets\n' >differences
	cat >try <<-'EOF'
		. "$packages/report.bash"
		result() { [ "$1" = kvm ] && echo 1 4 1 || echo 0 5 0; }
		known= number=0 passed_checks=0 failed_checks=0
		report_suite new-1.0 spec
		report_suite known-1.0 spec
		echo "$passed_checks $failed_checks"
	EOF
	packages=$packages HERE=$PWD run bash -u try
	says 'ok 1 - new-1.0: spec on linux: exit status 0, 5 passed, 0 failed'
	says 'not ok 2 - new-1.0: spec on kvm: exit status 1, 4 passed, 1 failed'
	says 'ok 4 - known-1.0: spec on kvm'
	says ': sockets'
	[ "${lines[-1]}" = '3 1' ]
}

@test "every row of test/packages is of a pinned package" {
	local file
	for file in suites part remarks differences; do
		run awk 'NR == FNR { sub(/-[0-9.]*$/, "", $1); known[$1]; next }
			!/^#/ && NF && !($1 in known) { print $1 }' \
			"$packages/pins" "$packages/$file"
		[ -z "$output" ] || {
			printf '%s: %s\n' "$file" "$output"
			return 1
		}
	done
	run awk '!/^#/ && (NF != 6 || length($5) != 64)' "$packages/pins"
	[ -z "$output" ]
}

# Needs the network once for the sources, as the sysroot does.
@test "real packages build, and their suites say what they say on stock GHC" {
	need_sysroot
	need_tool cabal
	need_tool qemu-system-x86_64
	run env BUILDDIR="$HALVM_BUILD" timeout 1700 "$packages/check" --part
	[ "$status" != 3 ] || [ -n "${CI:-}" ] ||
		skip "no sources: ${lines[-1]}"
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	says '0 failed'
}
