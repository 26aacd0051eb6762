#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2154 # dollars meant so; run sets status
# SPDX-License-Identifier: BSD-3-Clause
#
# Every command in README.md and doc/*.md, as a reader would give it.

load common

# document FILE: in a folder and a home of its own
document() {
	need_sysroot
	export HALVM_SRC HALVM_ACCEL=tcg HOME=$BATS_TEST_TMPDIR/home
	unset XDG_CONFIG_HOME XDG_DATA_HOME
	mkdir -p "$HOME" work
	cd work || return
	run timeout 1200 bash "$HALVM_SRC/test/docs/run-document" \
		"$HALVM_SRC/$1"
	printf '%s\n' "$output"
	[ "$status" = 0 ]
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "every document is one of those below" {
	local file
	for file in "$HALVM_SRC"/README.md "$HALVM_SRC"/doc/*.md; do
		file=${file#"$HALVM_SRC"/}
		if ! grep -qxF "	document $file" "$BATS_TEST_FILENAME"; then
			printf 'not tested: %s\n' "$file"
			return 1
		fi
	done
}

@test "README.md" {
	document README.md
}

@test "doc/ARCHITECTURE.md" {
	document doc/ARCHITECTURE.md
}

@test "doc/BUILDING.md" {
	document doc/BUILDING.md
}

@test "doc/PACKAGES.md" {
	document doc/PACKAGES.md
}

@test "doc/PACKAGING.md" {
	document doc/PACKAGING.md
}

@test "doc/GUIDE.md" {
	need_tool cabal
	document doc/GUIDE.md
}

@test "doc/PORTING.md" {
	document doc/PORTING.md
}

@test "doc/PROVIDERS.md" {
	document doc/PROVIDERS.md
}

@test "doc/PROJECTS.md" {
	document doc/PROJECTS.md
}

@test "a wrong document is told: output, status, a command that isn't run" {
	local fence='```'
	export HALVM_SRC
	printf '%s\n' "${fence}console" '$ echo a' b "$fence" >output.md
	printf '%s\n' "${fence}console" '$ false' "$fence" >status.md
	printf '%s\n' "${fence}console" '$ false' '$ echo $?' 1 "$fence" \
		"${fence}text file=x y" one "$fence" "${fence}console" \
		'$ cat x' o… "$fence" >right.md
	printf '%s\n' '' '    $ ls' >indented.md
	printf '%s\n' '<!-- not run: why; test/none.bats -->' >unnamed.md
	for file in output status indented unnamed; do
		run bash "$HALVM_SRC/test/docs/run-document" $file.md
		[ "$status" = 1 ]
		says "$file.md:"
	done
	run bash "$HALVM_SRC/test/docs/run-document" right.md
	printf '%s\n' "$output"
	[ "$status" = 0 ]
	says '3 commands'
}
