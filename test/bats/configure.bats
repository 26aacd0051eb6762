#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# configure: what it finds, what it says when something is missing, and what
# it takes as prebuilt.

load common

setup() {
	[ -x "$HALVM_SRC/configure" ] || skip 'no configure'
	unset BATS SHELLCHECK CLANG CLANG_FORMAT GHC GHC_PKG LLD HOST_CC HOST_NM
	cd "$BATS_TEST_TMPDIR" || return
}

# path_without PATTERN...: a folder of links to all programs but these
path_without() {
	local name
	mkdir tools
	ln -sf /bin/* /usr/bin/* tools/ 2>/dev/null || :
	for name; do
		# shellcheck disable=SC2086 # a pattern
		rm -f tools/$name
	done
	export PATH="$PWD/tools"
}

configure() {
	timeout 120 "$HALVM_SRC/configure" --cache-file=/dev/null "$@"
}

# what a prebuilt sysroot looks like to configure and sysroot-use
fake_sysroot() {
	mkdir -p "$1/lib"
	printf 'abi=1\nghc=9.0.2\n' >"$1/sysroot.conf"
	echo text >"$1/lib/file"
	(cd "$1" && sha256sum lib/file sysroot.conf >SHA256SUMS)
}

@test "configure --help lists our options" {
	run configure --help
	for option in --with-sysroot --with-musl-source --with-ghc-source \
		--with-gmp-source --with-zlib-source --with-ncurses-source \
		--with-cache-dir --disable-cache --enable-development; do
		says "$option"
	done
}

@test "the summary says what was found" {
	run configure --prefix=/opt/halvm
	[ "$status" = 0 ]
	for text in 'prefix              /opt/halvm' 'for targets' sysroot \
		cache libFuzzer bats shellcheck clang-format; do
		says "$text"
	done
}

@test "missing tools are told together, with the packages to install" {
	path_without 'xz*' 'm4' 'ld.lld*'
	run configure
	[ "$status" = 1 ]
	says 'apt-get install'
	says xz-utils
	says m4
	says lld
	[ ! -e Makefile ]
}

@test "an lld older than 14 is not taken" {
	path_without 'ld.lld*'
	printf '#!/bin/sh\necho "LLD 13.0.1 (compatible with GNU linkers)"\n' \
		>tools/ld.lld
	chmod +x tools/ld.lld
	run configure
	[ "$status" = 1 ]
	says 'ld.lld 14 or later'
}

@test "another version of GHC is not taken" {
	path_without 'ghc*'
	printf '#!/bin/sh\necho 9.2.8\n' >tools/ghc
	cp tools/ghc tools/ghc-pkg
	chmod +x tools/ghc tools/ghc-pkg
	run configure
	[ "$status" = 1 ]
	says 9.2.8
	says 9.0.2
	says --with-sysroot
}

@test "a prebuilt sysroot needs neither GHC nor the archive's tools" {
	path_without 'ghc*' 'apt-get' 'dpkg-source' 'm4' 'tic'
	fake_sysroot prebuilt
	run configure --with-sysroot=prebuilt
	[ "$status" = 0 ]
	says "$PWD/prebuilt"
	run make -s fetch
	[ "$status" = 0 ]
	says 'nothing to fetch'
}

@test "the tests' tools may be missing" {
	path_without 'bats*' 'shellcheck*' 'clang*'
	run configure
	[ "$status" = 0 ]
	says 'bats                none'
	says 'without shellcheck:'
}

@test "bad values of options are told" {
	run configure --with-sysroot=nothing-there
	[ "$status" = 1 ]
	says nothing-there
	run configure --with-sysroot
	[ "$status" = 1 ]
	run configure --with-musl-source=nothing-there.tar.gz
	[ "$status" = 1 ]
	says nothing-there.tar.gz
	run configure --with-musl-source
	[ "$status" = 1 ]
	run configure --with-cache-dir
	[ "$status" = 1 ]
}

@test "a build folder that make can't handle is refused" {
	mkdir 'a b'
	cd 'a b' || return
	run configure
	[ "$status" = 1 ]
	says 'blanks'
}

@test "--libdir: the commands still find what is theirs" {
	run configure --prefix=/usr --libdir=/usr/lib/x86_64-linux-gnu
	[ "$status" = 0 ]
	grep -q '"../lib/x86_64-linux-gnu/halvm"' config.h
}

@test "sysroot-use takes a folder, once" {
	fake_sysroot prebuilt
	mkdir -p b/lib/halvm
	run sh "$HALVM_SRC/tools/sysroot-use" prebuilt b/lib/halvm/sysroot
	[ "$status" = 0 ]
	says prebuilt
	cmp prebuilt/lib/file b/lib/halvm/sysroot/lib/file
	run sh "$HALVM_SRC/tools/sysroot-use" prebuilt b/lib/halvm/sysroot
	[ "$status" = 0 ]
	[ "$output" = '' ]
}

@test "sysroot-use verifies a tarball by its .sha256" {
	fake_sysroot prebuilt
	mkdir -p b/lib/halvm
	tar -czf s.tar.gz prebuilt
	use=("$HALVM_SRC/tools/sysroot-use" s.tar.gz b/lib/halvm/sysroot)
	run sh "${use[@]}"
	[ "$status" = 1 ]
	says s.tar.gz.sha256
	sha256sum s.tar.gz >s.tar.gz.sha256
	run sh "${use[@]}"
	[ "$status" = 0 ]
	cmp prebuilt/lib/file b/lib/halvm/sysroot/lib/file
	echo more >>s.tar.gz
	run sh "${use[@]}"
	[ "$status" = 1 ]
	says checksum
	# what was there stays
	cmp prebuilt/lib/file b/lib/halvm/sysroot/lib/file
}

@test "sysroot-use verifies each file by the list inside" {
	fake_sysroot prebuilt
	mkdir -p b/lib/halvm
	echo changed >prebuilt/lib/file
	run sh "$HALVM_SRC/tools/sysroot-use" prebuilt b/lib/halvm/sysroot
	[ "$status" = 1 ]
	says lib/file
	[ ! -e b/lib/halvm/sysroot ]
	rm prebuilt/sysroot.conf
	run sh "$HALVM_SRC/tools/sysroot-use" prebuilt b/lib/halvm/sysroot
	[ "$status" = 1 ]
	says sysroot
}
