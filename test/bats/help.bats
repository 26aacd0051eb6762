#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What each command says about itself: --help, --version, its man page.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "every command has --help, on standard output" {
	for command in $COMMANDS; do
		[ "$command" != halvm-ghc ] || need_sysroot
		works "$command" --help
		says "$command"
		[ "$("$command" --help 2>/dev/null | wc -l)" -gt 3 ]
	done
}

@test "every command has --version, with our name and version" {
	for command in $COMMANDS; do
		[ "$command" != halvm-ghc ] || need_sysroot
		works "$command" --version
		if [ "$command" = halvm-pkg-config ]; then
			# configure scripts and cabal expect pkg-config's number
			[[ $output =~ ^[0-9.]+$ ]]
		else
			says "HaLVM"
			says "3.0.0"
		fi
	done
}

@test "halvm-ghc --version speaks of GHC 9.0.2 too" {
	need_sysroot
	works halvm-ghc --version
	says 9.0.2
	works halvm-ghc --numeric-version
	[ "$output" = 9.0.2 ]
}

@test "every command has a man page that renders without a warning" {
	need_tool man
	for command in $COMMANDS; do
		page=$HALVM_SRC/doc/man/$command.1
		[ -r "$page" ]
		run bash -c 'MANROFFSEQ= MANWIDTH=80 man --warnings -l "$1" \
			2>&1 >"$2"' - "$page" page.txt
		[ "$status" = 0 ]
		[ "$output" = '' ]
		grep -q "^NAME" page.txt
		grep -q "$command" page.txt
		grep -q -e '--help' page.txt
	done
}

# The others print the help of the tool that they wrap.
@test "a man page names every option that --help names" {
	need_sysroot
	need_tool man
	for command in halvm-cabal halvm-cc halvm-ghc halvm-image halvm-ld \
		halvm-run; do
		MANWIDTH=200 man -E ascii -l "$HALVM_SRC/doc/man/$command.1" \
			>page.txt 2>/dev/null
		for option in $("$command" --help |
			grep -oE -e '(^|[ (,])--[a-z][a-z-]+' |
			grep -oE -e '--[a-z-]+' | sort -u); do
			grep -q -e "$option" page.txt || {
				echo "$command: $option is not in its man page"
				false
			}
		done
	done
}

@test "full standard output is an error, not silence" {
	[ -c /dev/full ] || skip 'no /dev/full'
	for command in $COMMANDS; do
		[ "$command" != halvm-ghc ] || need_sysroot
		for option in --help --version; do
			run bash -c '"$0" "$1" >/dev/full' "$command" "$option"
			[ "$status" != 0 ] || {
				echo "$command $option >/dev/full: status 0"
				false
			}
		done
	done
}

@test "halvm-ghc --print-targets lists what there is" {
	works halvm-ghc --print-targets
	says linux
}

@test "halvm-ghc --print-sysroot prints the sysroot in use" {
	need_sysroot
	works halvm-ghc --print-sysroot
	[ "$output" -ef "$SYSROOT" ]
	mkdir other
	cp "$SYSROOT/sysroot.conf" other
	HALVM_SYSROOT=$PWD/other works halvm-ghc --print-sysroot
	[ "$output" = "$PWD/other" ]
}
