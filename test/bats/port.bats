#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# doc/PORTING.md is true: the example's files, taken from the page, make a
# target beside an installation, as it says; its programs boot.
#
# Nothing of the tree or of the build is changed.

bats_require_minimum_version 1.5.0
load common
load boot

export HALVM_ACCEL=tcg

# page_files DIR: writes each of the page's blocks whose first line is a comment
# with a file's name to that file below DIR
page_files() {
	awk -v dir="$1" '
		/^```/ { inside = !inside; file = ""; first = inside; next }
		inside && first {
			first = 0
			if (match($0, /[a-z_]+\/[a-z_\/]+\.[a-zA-Z]+/)) {
				file = dir "/" substr($0, RSTART, RLENGTH)
				folder = file
				sub(/\/[^\/]*$/, "", folder)
				system("mkdir -p '\''" folder "'\''")
			}
		}
		inside && file != "" { print >file }
	' "$HALVM_SRC/doc/PORTING.md"
}

# made VARIABLE: what the build's make has for it
made() {
	make -s --no-print-directory -C "$HALVM_BUILD" "print-$1"
}

# sources_of_mine: their names, from runtime/sources.am and the page's addition
sources_of_mine() {
	make -s --no-print-directory -f - <<-EOF2
		include $HALVM_SRC/runtime/sources.am
		include $BATS_FILE_TMPDIR/page/runtime/sources.am
		all: ; @echo \$(mine_sources)
	EOF2
}

# builds_runtime: runtime.o of mine in the current folder
builds_runtime() {
	local cc source object objects=()
	cc=$(made bare_cc) || return
	for source in $(sources_of_mine); do
		object=$HALVM_BUILD/${source%.*}.o
		if [ -e "page/$source" ]; then
			object=$PWD/$(basename "${source%.*}").o
			(cd "$HALVM_BUILD" && $cc -c "$OLDPWD/page/$source" \
				-o "$object") || return
		fi
		objects+=("$object")
	done
	for object in $(made bare_objects); do
		objects+=("$HALVM_BUILD/$object")
	done
	"$(made HOST_CC)" -nostdlib -no-pie -r -o runtime.o "${objects[@]}" &&
		"$(made HOST_OBJCOPY)" --wildcard \
			--keep-global-symbol='halvm_*' \
			--keep-global-symbol=_start runtime.o
}

# installs_mine: an installation like the build's, with one target more
installs_mine() {
	local part
	mkdir -p bin lib/halvm/targets
	for part in $COMMANDS; do
		cp "$HALVM_BUILD/bin/$part" bin
	done
	for part in "$HALVM_BUILD"/lib/halvm/*; do
		[ "${part##*/}" = targets ] || ln -s "$part" lib/halvm/
	done
	for part in "$HALVM_BUILD"/lib/halvm/targets/*; do
		ln -s "$part" lib/halvm/targets/
	done
	mkdir lib/halvm/targets/mine
	cp page/targets/mine/target.conf runtime.o lib/halvm/targets/mine
	cp "$HALVM_SRC/targets/bare.lds" lib/halvm/targets/mine/link.lds
}

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	[ -e "$HALVM_BUILD/Makefile" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	page_files page
	builds_runtime
	installs_mine
	PATH=$PWD/bin:$PATH
	hello_sources
	boot_programs mine
	"${HGHC[@]}" --target=mine -threaded Main.hs -o hello
}

# shellcheck disable=SC2034 # boot.bash reads log
setup() {
	need_sysroot
	[ -e "$HALVM_BUILD/Makefile" ] || skip "no Makefile in $HALVM_BUILD"
	need_tool qemu-system-x86_64
	cd "$BATS_FILE_TMPDIR" || return
	PATH=$PWD/bin:$PATH
	log=$BATS_TEST_TMPDIR/log
}

@test "the page has all files of the example" {
	for file in targets/mine/target.conf runtime/sources.am \
		runtime/plat/mine/note.S runtime/plat/mine/platform.c \
		runtime/boot/machine_mine.c; do
		[ -s "page/$file" ] || { echo "no $file"; return 1; }
	done
}

@test "the runtime's object keeps the contract" {
	works env HOST_NM=nm HOST_OBJDUMP=objdump AWK=awk \
		sh "$HALVM_SRC/tools/check-runtime-object" --bare \
		runtime.o "$HALVM_SRC/sysroot/syscalls.tbl" \
		halvm_ehdr_start halvm_end etext
}

@test "the commands know it" {
	run -0 halvm-ghc --print-targets
	says 'a machine with a serial port'
	run -0 halvm-image --info hello
	says 'target: mine'
}

@test "its programs boot, in C and in Haskell, on each machine" {
	for machine in pc q35; do
		boots $'[a]\n[b c]' --machine=$machine --console=serial \
			echo a 'b c'
		boots 'hello a' --machine=$machine --console=serial hello a
	done
}

@test "stdin, the exit status, a panic" {
	run -0 timeout 60 halvm-run --console=serial cat <<<'a line'
	[ "$output" = 'a line' ]
	run -7 timeout 60 halvm-run --console=serial status 7
	[ "$output" = $'out\nerr' ]
	run -125 timeout 60 halvm-run --console=serial status fault
	says panic
}

@test "a portable object of another target's becomes one of its images" {
	"${HGHC[@]}" --emit=portable Main.hs -o Main.halvm.o
	works halvm-ld --target=mine Main.halvm.o -o linked
	boots 'hello b' --console=serial linked b
}
