#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Providers in Haskell: ordinary programs (test/providers) whose console, files
# or sockets are a package's, which only their .cabal file says. What they say
# is what they say on Linux. All is built once, with the packages that come
# with the SDK.

# Every test is a subshell, which suits it.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0
load common

setup_file() {
	need_sysroot
	need_tool cabal
	export HALVM_CABAL_DIR=$BATS_FILE_TMPDIR/state
	unset HALVM_CABAL HALVM_RUN_OPTIONS CABAL_DIR CABAL_CONFIG
	unset HALVM_FILES_MOUNT HALVM_FILES_LIMIT HALVM_BRIDGE_LOG
	cp -r "$HALVM_SRC/test/providers" "$BATS_FILE_TMPDIR/project"
	cd "$BATS_FILE_TMPDIR/project" || return
	halvm-cabal get halvm-filesystem-bridge || return
	a_tree || return
	tar --format=posix -C tree -cf site.tar . || return
	if ! timeout 1800 halvm-cabal build -v1 --target=kvm \
		providers-test >build.log 2>&1; then
		tail -n 40 build.log
		return 1
	fi
}

# a_tree: files of many kinds in tree/
a_tree() {
	local long
	long=$(printf 'long%.0s' {1..60})
	mkdir -p "tree/$long/$long" tree/empty || return
	echo inside >"tree/$long/$long/$long"
	seq 5000 >tree/numbers
	ln tree/numbers tree/empty/same
	ln -s ../numbers tree/empty/up
	ln -s nowhere tree/dangling
	: >tree/nothing
	chmod 600 tree/nothing
	touch -d '2001-02-03 04:05:06 UTC' tree/numbers
}

setup() {
	EXPECTED=$HALVM_SRC/test/providers/expected
	cd "$BATS_TEST_TMPDIR" || return
}

# program NAME: where it is
program() {
	echo "$BATS_FILE_TMPDIR/project/dist-newstyle/halvm/build"/*/*/*"/x/$1/build/$1/$1"
}

# run_on TARGET SECONDS PROGRAM ARGUMENT...: stdout to the file out, stderr to
# err, the status to $status
run_on() {
	local target=$1 seconds=$2 file
	file=$(program "$3")
	shift 3
	status=0
	if [ "$target" = linux ]; then
		timeout "$seconds" "$file" "$@" >out 2>err || status=$?
	else
		need_tool qemu-system-x86_64
		timeout "$seconds" halvm-run --memory=128M "$file.kvm" -- \
			"$@" >out 2>err || status=$?
	fi
}

# same EXPECTED: what is in out
same() {
	diff -u "$1" out || {
		head -n 5 err
		return 1
	}
}

# files TARGET WAY
files() {
	# The same program without a provider, on the host's files.
	run_on linux 60 files-none "$BATS_TEST_TMPDIR/host"
	[ "$status" = 3 ]
	mv out expected
	run_on "$1" 120 "files$2" /tmp/work
	[ "$status" = 3 ]
	same expected
	[ ! -e /tmp/work ]
}

@test "files in a Haskell Map: linux" {
	files linux ''
}

@test "files in a Haskell Map: linux, threaded" {
	files linux -threaded
}

@test "files in a Haskell Map: kvm" {
	files kvm ''
}

@test "files in a Haskell Map: kvm, threaded" {
	files kvm -threaded
}

sockets() {
	run_on "$1" 200 "sockets$2"
	[ "$status" = 0 ]
	same "$EXPECTED/sockets"
}

@test "sockets in memory: linux" {
	sockets linux ''
}

@test "sockets in memory: linux, threaded" {
	sockets linux -threaded
}

@test "sockets in memory: kvm" {
	sockets kvm ''
}

@test "sockets in memory: kvm, threaded" {
	sockets kvm -threaded
}

# Input that comes when the program waits for it.
feed() {
	local n=0
	until grep -q False out 2>/dev/null || [ $((n += 1)) = 300 ]; do
		sleep 0.1
	done
	sleep 0.5
	echo first
	sleep 0.2
	printf 'second\nthird\nno newline'
}

# The stamps go, and so does what many threads and many lines wrote.
console() {
	feed | run_console "$@"
	status=$(cat status)
	[ "$status" = 5 ]
	[ ! -s err ]
	grep -Ec '^.{25}INFO  x{60}$' out | grep -qx 2000
	grep -Ec '^.{25}INFO  thread [0-9]+ [0-9]+$' out | grep -qx 200
	grep -Ev 'x{60}$|thread ' out |
		sed -E 's/^20[0-9-]{8}T[0-9:.]{12}Z //' >plain
	diff -u "$EXPECTED/console" plain
}

run_console() {
	run_on "$1" 120 "console$2"
	echo "$status" >status
}

@test "a console with time stamps: linux" {
	console linux ''
}

@test "a console with time stamps: linux, threaded" {
	console linux -threaded
}

@test "a console with time stamps: kvm" {
	console kvm ''
}

@test "a console with time stamps: kvm, threaded" {
	console kvm -threaded
}

@test "a program with splices and a console" {
	local target
	grep -qx compiling "$BATS_FILE_TMPDIR/project/build.log"
	for target in linux kvm; do
		run_on $target 60 splice
		[ "$status" = 0 ]
		grep -Eqx "[0-9-]{10}T[0-9:.]{12}Z INFO +2432902008176640000" out
	done
}

@test "exceptions of a provider become the program's IOErrors" {
	local way
	for way in '' -threaded; do
		run_on linux 60 "errors$way"
		[ "$status" = 0 ]
		same "$EXPECTED/errors"
		grep -qx 'a trace' err
		grep -qx 'written below' err
	done
}

@test "exceptions of a provider become the program's IOErrors: kvm" {
	run_on kvm 120 errors-threaded
	[ "$status" = 0 ]
	same "$EXPECTED/errors"
}

@test "what a provider throws by mistake can be looked at" {
	HALVM_BRIDGE_LOG=1 run_on linux 60 errors
	[ "$status" = 0 ]
	grep -q 'HaLVM.FileSystem.open: called error' err
}

@test "the RTS's own text needs no provider" {
	local target way
	for target in linux kvm; do
		for way in '' -threaded; do
			run_on "$target" 60 "statistics$way"
			[ "$status" = 0 ]
			grep -Eq '^.{25}INFO  done$' out
			grep -Eq '^ *[0-9,]+ bytes allocated in the heap' err
		done
		run_on "$target" 60 heap
		[ "$status" = 251 ]
		grep -Eq '^.{25}ERROR begins$' out
		grep -q 'Heap exhausted' err
	done
}

@test "a mount point other than the root" {
	mkdir below
	HALVM_FILES_MOUNT=$BATS_TEST_TMPDIR/below \
		run_on linux 60 files "$BATS_TEST_TMPDIR/below/x"
	[ "$status" = 3 ]
	[ -z "$(ls below)" ]
	grep -q '^sum: 834245$' out
}

@test "a full file system" {
	HALVM_FILES_LIMIT=500000 run_on linux 60 files /tmp/work
	[ "$status" = 1 ]
	grep -q 'resource exhausted (No space left on device)' err
}

# tree_of TARGET PROGRAM: what is said of the archive is said of the folder
tree_of() {
	run_on linux 60 tree-none "$BATS_FILE_TMPDIR/project/tree"
	rm "$BATS_FILE_TMPDIR/project/tree/new"
	grep -v '^written' out >expected
	run_on "$1" 60 "$2" /
	[ "$status" = 0 ]
	grep -qx 'written: Just 30' out
	grep -v '^written' out >said
	diff -u expected said
}

@test "files of a tar archive: linux" {
	local format
	for format in posix gnu; do
		tar --format="$format" -C "$BATS_FILE_TMPDIR/project/tree" \
			-cf site.tar .
		HALVM_ARCHIVE=$PWD/site.tar tree_of linux tree
	done
	HALVM_ARCHIVE=$PWD/site.tar tree_of linux tree-threaded
}

@test "files of a tar archive that is in the program: linux, kvm" {
	tree_of linux embedded
	tree_of kvm embedded
}

@test "files of a zip archive" {
	base64 -d "$EXPECTED/site.zip.base64" >site.zip
	HALVM_ARCHIVE=$PWD/site.zip run_on linux 60 tree /
	[ "$status" = 0 ]
	same "$EXPECTED/zip"
}

@test "what is no archive is an error" {
	echo nothing >site.tar
	HALVM_ARCHIVE=$PWD/site.tar run_on linux 60 tree /
	[ "$status" = 1 ]
	HALVM_ARCHIVE=$PWD/none run_on linux 60 tree /
	[ "$status" = 1 ]
	HALVM_BRIDGE_LOG=1 HALVM_ARCHIVE=$PWD/site.tar run_on linux 60 tree /
	grep -q 'neither a tar nor a zip archive' err
}

@test "spoilt archives give errors" {
	mkdir some
	head -n 300 "$BATS_FILE_TMPDIR/project/tree/numbers" >some/numbers
	ln -s numbers some/link
	tar --format=posix -cf a.tar some
	tar --format=gnu -cf b.tar some
	tar --format=v7 -cf c.tar some
	base64 -d "$EXPECTED/site.zip.base64" >d.zip
	run_on linux 120 hostile a.tar b.tar c.tar d.zip
	[ "$status" = 0 ]
	grep -qx 'still good: True, told: True' out
}
