#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# make install, with DESTDIR; what it installs; moving it; make uninstall.

load common

setup_file() {
	[ -r "$HALVM_BUILD/lib/halvm/sysroot/sysroot.conf" ] || return 0
	make -s -C "$HALVM_BUILD" install DESTDIR="$BATS_FILE_TMPDIR/dest" \
		>"$BATS_FILE_TMPDIR/log" 2>&1
	prefix=$(make -s -C "$HALVM_BUILD" print-prefix)
	export prefix
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	dest=$BATS_FILE_TMPDIR/dest
}

# Tests run in the order in which they stand here: this one moves the
# installation, and those after it use it where it is then.
@test "make install with DESTDIR puts everything below DESTDIR/prefix" {
	for command in $COMMANDS; do
		[ -x "$dest$prefix/bin/$command" ]
		[ -r "$dest$prefix/share/man/man1/$command.1" ]
	done
	for file in sysroot/sysroot.conf sysroot/lib/libc.a \
		sysroot/ghc/settings gdb/halvm.gdb targets/linux/target.conf \
		targets/linux/link.lds targets/linux/runtime.o; do
		[ -r "$dest$prefix/lib/halvm/$file" ]
	done
	[ -r "$dest$prefix/share/doc/halvm/README.md" ]
	[ ! -e "$dest$prefix/bin/halvm-leaf" ]
}

@test "the installation names neither the build tree nor DESTDIR" {
	run grep -rlF -e "$HALVM_BUILD" -e "$dest" "$dest$prefix/lib/halvm/sysroot" \
		--include=*.conf --include=settings --include=*.pc \
		--include=*.cache
	[ "$output" = '' ]
}

@test "what make install installs is readable by everyone, writable by one" {
	[ -z "$(find "$dest" -type f ! -perm -444 -print -quit)" ]
	[ -z "$(find "$dest" ! -type l -perm /022 -print -quit)" ]
}

@test "an installation can be moved, even to an odd place" {
	moved="$BATS_FILE_TMPDIR/Ünïcödé & spaces/it's λ"
	mkdir -p "$(dirname "$moved")"
	mv "$dest$prefix" "$moved"
	hello_sources
	works "$moved/bin/halvm-ghc" -package-env - -v0 Main.hs -o hello
	[ "$(./hello again)" = 'hello again' ]
	works "$moved/bin/halvm-cc" hello.c -o chello
	[ "$(./chello)" = 'hello from C' ]
	works "$moved/bin/halvm-ghc-pkg" check
	works "$moved/bin/halvm-ghc" --print-sysroot
	[ "$output" -ef "$moved/lib/halvm/sysroot" ]
	works "$moved/bin/halvm-pkg-config" --variable=prefix zlib
}

@test "an installation works through a link, and read-only" {
	moved="$BATS_FILE_TMPDIR/Ünïcödé & spaces/it's λ"
	[ -d "$moved" ] || skip 'the test before failed'
	hello_sources
	mkdir bin
	ln -s "$moved/bin/halvm-ghc" bin/halvm-ghc
	chmod -R a-w "$moved"
	works bin/halvm-ghc -package-env - -v0 Main.hs -o hello
	chmod -R u+w "$moved"
	[ "$(./hello)" = hello ]
}

@test "make uninstall takes away what make install brought, and no more" {
	make -s -C "$HALVM_BUILD" install DESTDIR="$PWD/d" >log 2>&1
	mkdir -p "d$prefix/bin"
	echo keep >"d$prefix/bin/other"
	works make -s -C "$HALVM_BUILD" uninstall DESTDIR="$PWD/d"
	left=$(find d ! -type d)
	[ "$left" = "d$prefix/bin/other" ]
}

@test "make sysroot-dist makes a tarball that --with-sysroot takes" {
	works make -s -C "$HALVM_BUILD" sysroot-dist
	tarball=$(echo "$HALVM_BUILD"/halvm-sysroot-*.tar.gz)
	[ -r "$tarball" ]
	mkdir -p new/lib/halvm
	works sh "$HALVM_SRC/tools/sysroot-use" "$tarball" \
		new/lib/halvm/sysroot
	hello_sources
	export HALVM_SYSROOT=$PWD/new/lib/halvm/sysroot
	works "${HGHC[@]}" Main.hs -o hello
	[ "$(./hello)" = hello ]
	works halvm-ghc-pkg check
	[ "$output" = '' ]
	run halvm-ghc-pkg list --simple-output
	says_not WARNING
}

@test "a prebuilt sysroot builds all there is, without GHC in reach" {
	tarball=$(echo "$HALVM_BUILD"/halvm-sysroot-*.tar.gz)
	[ -r "$tarball" ] || skip 'the test before failed'
	mkdir tools build
	ln -s /bin/* /usr/bin/* tools/ 2>/dev/null || :
	rm -f tools/ghc* tools/apt* tools/dpkg*
	cd build || return
	export PATH="$BATS_TEST_TMPDIR/tools"
	works "$HALVM_SRC/configure" --with-sysroot="$tarball" --disable-cache
	works make -j2
	hello_sources
	works bin/halvm-ghc -package-env - -v0 Main.hs -o hello
	[ "$(./hello)" = hello ]
}
