#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# What a cabal package can have, by the projects in test/cabal: each is built by
# halvm-cabal, runs on linux and on kvm, and prints what its file `expected`
# says. Stock GHC and cabal make the same of those that don't look at the C
# library or the compiler; that is tested, too.

bats_require_minimum_version 1.5.0
load common

FIXTURES=$HALVM_SRC/test/cabal

# shellcheck disable=SC2154 # Bats sets the folders
setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	command -v cabal >/dev/null || return 0
	use_cabal
	cp -R "$FIXTURES/features" "$BATS_FILE_TMPDIR/features"
	cd "$BATS_FILE_TMPDIR/features" || return
	local status=0 tool
	for tool in alex happy c2hs; do
		command -v "$tool" >/dev/null || rm -rf tools
	done
	timeout 900 halvm-cabal build all >../build.log 2>&1 || status=$?
	echo "$status" >../build.status
}

# A store and a configuration of this file's own, with no repository of the
# user's.
use_cabal() {
	export HALVM_CABAL_DIR=$BATS_FILE_TMPDIR/cabal
	export CABAL_CONFIG=$BATS_FILE_TMPDIR/cabal.config
	: >>"$CABAL_CONFIG"
}

setup() {
	need_sysroot
	need_tool cabal
	use_cabal
	FEATURES=$BATS_FILE_TMPDIR/features
	cd "$BATS_TEST_TMPDIR" || return
}

# built: the features' project was
built() {
	[ "$(cat "$BATS_FILE_TMPDIR/build.status")" = 0 ] || {
		tail -n 40 "$BATS_FILE_TMPDIR/build.log"
		return 1
	}
	cd "$FEATURES" || return
}

# halvm COMMAND...: halvm-cabal, without cabal's own words
halvm() {
	local command=$1
	shift
	run --separate-stderr timeout 300 halvm-cabal "$command" -v0 "$@" \
		</dev/null
}

# prints FILE: the last halvm succeeded, and its output is FILE's
prints() {
	if [ "$status" != 0 ] || [ "$output" != "$(cat "$1")" ]; then
		# shellcheck disable=SC2154
		printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
		return 1
	fi
}

# gives TEXT: the last halvm succeeded, and its output is TEXT
gives() {
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/wanted"
	prints "$BATS_TEST_TMPDIR/wanted"
}

# runs_everywhere NAME: the executable NAME of the features prints what it
# should on linux and kvm
runs_everywhere() {
	built
	halvm run "exe:$1"
	prints "$1/expected"
	halvm run --target=kvm "exe:$1"
	prints "$1/expected"
}

@test "C and assembly sources, headers for others, pkg-config, hsc2hs, Cmm" {
	runs_everywhere consumer
}

@test "build type Configure: the script's tests are of the sysroot" {
	runs_everywhere configured
}

@test "build type Custom: Setup is compiled for linux, and runs" {
	runs_everywhere custom
}

@test "build tools: the project's own, alex, happy, c2hs, hsc2hs" {
	need_tool alex
	need_tool happy
	need_tool c2hs
	runs_everywhere tools
}

@test "Backpack: one module with two implementations of its signature" {
	runs_everywhere backpack
}

@test "Template Haskell reads files and calls C of another package" {
	runs_everywhere splices
}

@test "addDependentFile: the module is compiled again when the file changed" {
	built
	cp splices/table.txt "$BATS_TEST_TMPDIR/table.txt"
	works halvm-cabal build -v1 exe:splices
	says 'Up to date'
	echo '3 three' >>splices/table.txt
	halvm run exe:splices
	cp "$BATS_TEST_TMPDIR/table.txt" splices/table.txt
	[ "$status" = 0 ]
	says '(3,"three")'
}

@test "test suites of both types, and a benchmark, on linux" {
	built
	halvm run test:exit
	prints parts/expected
	works halvm-cabal test parts
	says '1 of 1 test suites (1 of 1 test cases) passed'
	says '1 of 1 test suites (2 of 2 test cases) passed'
	halvm run bench:bench
	gives 11
	PARTS_FAIL=yes run ! timeout 300 halvm-cabal test parts:test:exit
	says '0 of 1 test suites (0 of 1 test cases) passed'
}

@test "test suites on kvm: one that fails fails" {
	built
	halvm run --target=kvm test:exit
	prints parts/expected
	works halvm-cabal test --target=kvm parts
	says '1 of 1 test suites (1 of 1 test cases) passed'
	says '1 of 1 test suites (2 of 2 test cases) passed'
	HALVM_RUN_OPTIONS=--env=PARTS_FAIL=yes run ! timeout 300 \
		halvm-cabal test --target=kvm parts:test:exit
	says '0 of 1 test suites (0 of 1 test cases) passed'
	HALVM_RUN_OPTIONS=--env=PARTS_FAIL=yes halvm run --target=kvm test:exit
	[ "$status" = 7 ]
}

@test "flags: one set by hand, one that the solver turns off" {
	built
	halvm run --builddir="$BATS_TEST_TMPDIR/dist" --constraint='parts +loud' test:exit
	says '["loud"]'
	run ! timeout 300 halvm-cabal build --dry-run \
		--builddir="$BATS_TEST_TMPDIR/dist" --constraint='parts +absent' test:exit
	says 'Could not resolve dependencies'
}

@test "data files are found by Paths_, on bare metal in the image" {
	runs_everywhere datafiles
}

@test "stock GHC and cabal make the same of the same packages" {
	built
	local stock=$BATS_FILE_TMPDIR/stock ghc exe name
	ghc=$(make -s -C "$HALVM_BUILD" print-GHC | tail -n 1)
	# What looks at the C library or at the compiler is left out.
	cp -R "$FIXTURES/features" "$stock"
	rm -rf "${stock:?}"/{tools,configured,custom,gentool}
	: >"$BATS_TEST_TMPDIR/config"
	cd "$stock"
	CABAL_DIR=$BATS_TEST_TMPDIR works cabal \
		--config-file="$BATS_TEST_TMPDIR/config" build all \
		--with-compiler="$ghc"
	for name in consumer backpack splices datafiles; do
		exe=$(find dist-newstyle -type f -perm -1 -name "$name")
		datafiles_datadir=$stock/datafiles/data run "$exe"
		prints "$name/expected"
	done
	run "$(find dist-newstyle -type f -perm -1 -name exit)"
	prints parts/expected
}

@test "C++ sources are refused, with the way out" {
	cp -R "$FIXTURES/refused/cxx" .
	cd cxx
	run ! timeout 300 halvm-cabal build
	says 'halvm-cc: error:'
	says 'only C and assembly can be compiled'
	says 'Rewrite it in C, or build the package without it'
	says_not 'Missing dependency on a foreign library'
}

@test "foreign libraries are refused, with the way out" {
	cp -R "$FIXTURES/refused/foreign" .
	cd foreign
	run ! timeout 300 halvm-cabal build
	says 'there are no shared libraries'
	says 'make a library of a foreign-library'
}

@test "profiling and dynamic programs are refused, with the way out" {
	cp -R "$FIXTURES/refused/plain" .
	cd plain
	run ! timeout 300 halvm-cabal build --enable-profiling
	says 'the sysroot has no profiling libraries'
	says '--disable-profiling'
	run ! timeout 300 halvm-cabal build --enable-executable-dynamic
	says 'there are no shared libraries'
	says '--disable-executable-dynamic'
	# Static and shared libraries at once: only the static ones are made.
	works halvm-cabal run -v0 --enable-shared
	[ "$output" = plain ]
}

# repository NAME VERSION...: a repository of the user's, repo/, has these
# versions of the package whose sources are in the folder NAME/
repository() {
	local name=$1 version
	shift
	mkdir -p repo
	for version; do
		cp -R "$name" "$name-$version"
		sed "s/@VERSION@/$version/" "$name/$name.cabal.in" \
			>"$name-$version/$name.cabal"
		tar -czf "repo/$name-$version.tar.gz" "$name-$version"
		rm -rf "$name-$version"
	done
	printf 'repository users\n  url: file+noindex://%s#shared-cache\n' \
		"$PWD/repo" >user.config
	export CABAL_CONFIG=$PWD/user.config
	export HALVM_CABAL_DIR=$PWD/cabal
}

@test "cabal.project.freeze is honoured, one by stock cabal, too" {
	cp -R "$FIXTURES/frozen" .
	cd frozen
	repository dep 1.0 1.1
	halvm run user
	gives 'dep 1.1'
	# As stock cabal writes it: it names no repository of ours, which hsc2hs
	# comes from.
	printf '%s\n' 'active-repositories: users:merge' \
		'constraints: any.dep ==1.0' >cabal.project.freeze
	halvm run user
	gives 'dep 1.0'
	rm cabal.project.freeze
	halvm freeze --constraint='dep ==1.0'
	[ "$status" = 0 ]
	grep -q 'any.dep ==1.0' cabal.project.freeze
	halvm run user
	gives 'dep 1.0'
}

@test "old Setups: without custom-setup, or bounded to an old Cabal" {
	cp -R "$FIXTURES/oldsetup" .
	cd oldsetup
	halvm run exe:implicit
	gives 'by an old Setup, 11'
	halvm run exe:bounded
	gives 'by a bounded Setup'
}
