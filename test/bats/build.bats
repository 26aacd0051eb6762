#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The build itself: what it does again and what not, how it stops on wrong
# sources, what a distribution holds; and the checks of `make check`, which
# must find what they are for.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A tree for the checks, of which each test spoils something.
small_tree() {
	mkdir -p src/bin src/driver src/runtime/lib build/driver build/bin
	cat >src/driver/a.h <<-'EOF'
		int a(void);
	EOF
	cat >src/driver/a.c <<-'EOF'
		#include "a.h"

		#include <stdio.h>

		int a(void)
		{
			return puts("a");
		}
	EOF
	cat >src/bin/b.c <<-'EOF'
		#include "a.h"

		int main(void)
		{
			return a();
		}
	EOF
	gcc -c -iquote src/driver src/driver/a.c -o build/driver/a.o
	gcc -c -iquote src/driver src/bin/b.c -o build/bin/b.o
}

layers() {
	SRCDIR=$PWD/src BUILDDIR=$PWD/build HOST_NM=nm \
		LAYERS=$HALVM_SRC/tools/layers \
		bash "$HALVM_SRC/tools/check-layers"
}

@test "make again has nothing to do, and takes seconds" {
	need_sysroot
	start=$SECONDS
	works make -C "$HALVM_BUILD"
	[ $((SECONDS - start)) -lt 30 ]
	says_not ' CC '
	says_not building
}

@test "after an edit of the runtime, make takes seconds" {
	need_sysroot
	start=$SECONDS
	source=runtime/plat/linux/start.c
	works make -C "$HALVM_BUILD" all-am \
		-W "$(make -s -C "$HALVM_BUILD" print-srcdir)/$source"
	says runtime.o
	says_not building
	[ $((SECONDS - start)) -lt 30 ]
}

@test "a source with a wrong checksum stops the build, with the way out" {
	echo 'not musl' >musl.tar.gz
	run make -s -f "$HALVM_SRC/sysroot/sysroot.mk" fetch \
		SRCDIR="$HALVM_SRC" BUILDDIR="$PWD" MUSL_SOURCE="$PWD/musl.tar.gz"
	[ "$status" != 0 ]
	says 'wrong checksum'
	says "$PWD/musl.tar.gz"
	says --with-musl-source
}

@test "an edit that doesn't fit stops the build, with file and line" {
	mkdir tree
	printf 'one\ntwo\n' >tree/file
	edit() {
		printf 'edit file\n<<<<\n%s\n====\nthree\n>>>>\n' "$1" >edits
		run awk -v root=tree -f "$HALVM_SRC/sysroot/checked-edit.awk" \
			edits
	}
	edit absent
	[ "$status" = 1 ]
	says 'edits:'
	says file
	edit o
	[ "$status" = 1 ]
	says 'more than once'
	[ "$(cat tree/file)" = $'one\ntwo' ]
	edit two
	[ "$status" = 0 ]
	[ "$(cat tree/file)" = $'one\nthree' ]
}

@test "a distribution has every file of the repository and no other" {
	need_tool git
	[ -e "$HALVM_SRC/.git" ] || skip "no git tree"
	works make -s -C "$HALVM_BUILD" distdir distdir="$PWD/dist"
	(cd dist && find . -type f | sed 's|^\./||' | sort) >have
	git -C "$HALVM_SRC" ls-files -c | sort >tracked
	# not in the distribution: git's own; not in git: what autoreconf makes
	comm -23 tracked have | grep -v '^\.git' >lost || :
	comm -13 tracked have | grep -vE '^(build-aux/|aclocal\.m4|configure|Makefile\.in|config\.h\.in)' \
		>extra || :
	git -C "$HALVM_SRC" ls-files -o --exclude-standard | sort >untracked
	comm -23 extra untracked >surplus
	cat lost surplus
	[ ! -s lost ]
	[ ! -s surplus ]
}

@test "quickstart, run-tests and .ci/run are executable, and explain" {
	for script in quickstart run-tests; do
		works "$HALVM_SRC/$script" --help
		says "./$script"
		run "$HALVM_SRC/$script" --nonesuch
		[ "$status" = 2 ]
		says --nonesuch
	done
	[ -x "$HALVM_SRC/.ci/run" ]
	grep -q ./run-tests "$HALVM_SRC/.ci/run"
	grep -q ./quickstart "$HALVM_SRC/README.md"
	grep -q ./run-tests "$HALVM_SRC/README.md"
}

@test "without the rights to install packages, it says which are missing" {
	mkdir fake
	printf '#!/bin/sh\nexit 1\n' >fake/dpkg-query
	printf '#!/bin/sh\necho 1000\n' >fake/id
	printf '#!/bin/sh\nexit 1\n' >fake/sudo
	chmod +x fake/*
	PATH=$PWD/fake:$PATH run sh "$HALVM_SRC/tools/install-packages" \
		stamp build test
	[ "$status" = 1 ]
	says 'apt-get install'
	says ' ghc'
	says ' bats'
	[ ! -e stamp ]
}

@test "when all packages are there, nothing is installed" {
	mkdir fake
	printf '#!/bin/sh\necho "ii "\n' >fake/dpkg-query
	printf '#!/bin/sh\necho called >called\n' >fake/apt-get
	chmod +x fake/*
	PATH=$PWD/fake:$PATH works sh "$HALVM_SRC/tools/install-packages" \
		stamp build test
	[ ! -e called ]
}

@test "check-layers: a sound tree passes" {
	small_tree
	run layers
	[ "$status" = 0 ]
	says_not 'not ok'
	says 'ok 3'
}

@test "check-layers: driver must not include from bin" {
	small_tree
	echo 'int b(void);' >src/bin/b.h
	echo '#include "../bin/b.h"' >>src/driver/a.c
	run layers
	says 'driver/a.c includes bin/b.h'
	says 'not ok'
}

@test "check-layers: driver must not call what bin defines" {
	small_tree
	echo 'int main(void); int a(void) { return main(); }' >src/driver/a.c
	gcc -c src/driver/a.c -o build/driver/a.o
	run layers
	says 'driver/a.o calls main, of bin'
}

@test "check-layers: runtime includes and calls nothing of libc" {
	small_tree
	mkdir -p build/runtime/lib
	printf '#include <stdint.h>\n#include <stdio.h>\n%s\n' \
		'int f(void) { return puts(""); }' >src/runtime/lib/f.c
	gcc -c src/runtime/lib/f.c -o build/runtime/lib/f.o
	run layers
	says 'runtime/lib/f.c includes <stdio.h>'
	says 'runtime/lib/f.o calls puts'
	says_not stdint.h
}

@test "check-layers: a folder without a row is told" {
	small_tree
	mkdir -p src/runtime/odd
	echo 'int f;' >src/runtime/odd/f.c
	run layers
	says 'runtime/odd/f.c is in no folder'
}

@test "check-format finds a source that clang-format would change" {
	need_tool clang-format
	small_tree
	cp "$HALVM_SRC/.clang-format" src/
	for file in src/*/*.[ch]; do
		clang-format -i "$file"
	done
	SRCDIR=$PWD/src works sh "$HALVM_SRC/tools/check-format"
	echo 'int   x ;' >>src/driver/a.c
	SRCDIR=$PWD/src run sh "$HALVM_SRC/tools/check-format"
	[ "$status" != 0 ]
	says driver/a.c
}

@test "check-ring0 finds a red zone, a syscall, a hlt" {
	cat >bad.s <<-'EOF'
		.globl red, call, stop, fine
		red: movl %edi, -4(%rsp)
			ret
		call: syscall
			ret
		stop: hlt
		fine: leaq -4(%rsp), %rax
			ret
	EOF
	gcc -c bad.s
	run sh "$HALVM_SRC/sysroot/check-ring0" bad.o
	[ "$status" = 1 ]
	says 'red zone'
	says 'system call'
	says hlt
	says_not fine
}

@test "the last line of make check sums up, and a failure counts" {
	mkdir -p src/test/bats src/tools build
	cp "$HALVM_SRC/test/bats/tap-count" src/test/bats/
	printf '#!/bin/sh\necho 1..2; echo ok 1 - a; echo ok 2 - b\n' >build/good
	printf '#!/bin/sh\necho 1..2; echo ok 1; echo not ok 2 - c\nexit 1\n' \
		>build/bad
	printf '#!/bin/sh\necho 1..3; echo ok 1 - d\n' >build/short
	printf '#!/bin/sh\nkill -SEGV $$\n' >build/crash
	printf '#!/bin/sh\necho 1..1; echo "ok 1 - e # SKIP no moon"\n' \
		>build/skips
	printf '#!/bin/sh\nexit 0\n' >build/silent
	chmod +x build/*
	checks() {
		SRCDIR=$PWD/src BUILDDIR=$PWD/build UNIT_TESTS=$1 run bash \
			"$HALVM_SRC/tools/run-checks" unit
	}
	checks 'good silent'
	[ "$status" = 0 ]
	[ "${lines[-1]}" = '3 passed, 0 failed' ]
	checks 'good bad'
	[ "$status" = 1 ]
	[ "${lines[-1]}" = '3 passed, 1 failed' ]
	checks 'short'
	[ "$status" = 1 ]
	[ "${lines[-1]}" = '1 passed, 2 failed' ]
	checks 'crash'
	[ "$status" = 1 ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
	checks 'good skips'
	[ "$status" = 0 ]
	says 'no moon'
	[ "${lines[-1]}" = '2 passed, 0 failed' ]
}
