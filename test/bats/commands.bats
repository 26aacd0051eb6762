#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The commands at their work: compile, link, report.

load common

setup_file() {
	[ -r "$HALVM_BUILD/lib/halvm/sysroot/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" --emit=portable Main.hs -o hello.halvm.o
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	portable=$BATS_FILE_TMPDIR/hello.halvm.o
}

@test "halvm-ghc makes a static executable, by default for linux" {
	hello_sources
	works "${HGHC[@]}" Main.hs -o hello
	is_static hello
	[ "$(./hello a b)" = 'hello a b' ]
}

@test "halvm-ghc --target=linux, threaded, debugged, split from the compile" {
	hello_sources
	works "${HGHC[@]}" --target=linux -c Main.hs
	for ways in '' -threaded -debug '-threaded -debug' -eventlog; do
		# shellcheck disable=SC2086
		works "${HGHC[@]}" --target=linux $ways Main.o -o "hello$ways"
		[ "$("./hello$ways")" = hello ]
	done
}

@test "halvm-ghc -M, -E, -S, --show-iface, --abi-hash work like GHC's" {
	hello_sources
	works "${HGHC[@]}" -M -dep-suffix '' -dep-makefile deps Main.hs
	grep -q 'Main.o : Main.hs' deps
	works "${HGHC[@]}" -S Main.hs
	grep -q Main_main Main.s
	works "${HGHC[@]}" -c Main.hs
	works "${HGHC[@]}" --show-iface Main.hi
	says 'interface Main'
}

@test "halvm-ghc takes a response file and options after the sources" {
	hello_sources
	printf '%s\n' Main.hs -o '"hello there"' >args
	works "${HGHC[@]}" @args -O0
	[ "$('./hello there')" = hello ]
}

@test "HALVM_TARGET chooses a target, and the command line wins" {
	hello_sources
	"${HGHC[@]}" -c Main.hs
	HALVM_TARGET=nonesuch run halvm-ghc -package-env - Main.o -o hello
	[ "$status" != 0 ]
	says nonesuch
	HALVM_TARGET=nonesuch works "${HGHC[@]}" \
		--target=linux Main.o -o hello
	HALVM_TARGET=linux works "${HGHC[@]}" Main.o -o hello2
	HALVM_TARGET='' works "${HGHC[@]}" Main.o -o hello3
}

@test "the last --target= on a command line counts" {
	works halvm-ld --target=nonesuch --target=linux "$portable" -o hello
}

@test "halvm-cc compiles and links C" {
	hello_sources
	works halvm-cc -Wall hello.c -o hello
	is_static hello
	[ "$(./hello)" = 'hello from C' ]
}

@test "halvm-cc: no red zone, no position independence, our mark" {
	hello_sources
	works halvm-cc -O2 -fPIC -mred-zone -c hello.c -o hello.o
	nm hello.o | grep -q ' a halvm_abi$'
	run readelf -rW hello.o
	says_not GOT
	cat >zone.c <<-'EOF'
		int f(int a, int b) { volatile int x[8]; x[a] = b; return x[b]; }
	EOF
	works halvm-cc -O1 -mred-zone -c zone.c
	run sh "$HALVM_SRC/sysroot/check-ring0" zone.o
	[ "$status" = 0 ]
}

@test "halvm-cc answers configure scripts as a compiler for musl would" {
	works halvm-cc -dumpmachine
	[ "$output" = x86_64-linux-musl ]
	works halvm-cc -print-file-name=libc.a
	[ "$output" -ef "$SYSROOT/lib/libc.a" ]
	echo '#include <stdio.h>' >a.c
	works halvm-cc -M a.c
	says "$SYSROOT/include/stdio.h"
	says_not ' /usr/include/stdio.h'
	echo '#include <gmp.h>' >b.c
	works halvm-cc -E b.c
}

@test "halvm-ghc-pkg sees the sysroot's packages and no others" {
	works halvm-ghc-pkg list --simple-output
	says base-4.15.1.0
	works halvm-ghc-pkg field base library-dirs
	works halvm-ghc-pkg check
	[ "$output" = '' ]
}

@test "halvm-hsc2hs reads the sysroot's headers" {
	cat >Size.hsc <<-'EOF'
		module Size where
		#include <stdio.h>
		#include <signal.h>
		sizes :: (Int, Int)
		sizes = (#{const BUFSIZ}, #{const SIGUSR1})
	EOF
	works halvm-hsc2hs Size.hsc
	# glibc's BUFSIZ is 8192, musl's 1024
	grep -q 1024 Size.hs
}

@test "halvm-pkg-config sees the sysroot only" {
	works halvm-pkg-config --modversion zlib
	works halvm-pkg-config --static --cflags --libs zlib
	says -lz
	works halvm-pkg-config --variable=prefix zlib
	[ "$output" -ef "$SYSROOT" ]
	mkdir host
	printf '%s\n' 'Name: host' 'Description: d' 'Version: 1' >host/host.pc
	PKG_CONFIG_PATH=$PWD/host run halvm-pkg-config --exists host
	[ "$status" != 0 ]
}

@test "C that uses zlib, GMP and libtinfo links by halvm-pkg-config" {
	cat >libs.c <<-'EOF'
		#include <gmp.h>
		#include <stdio.h>
		#include <zlib.h>
		int main(void)
		{
			mpz_t n;
			mpz_init_set_str(n, "18446744073709551616", 10);
			mpz_mul(n, n, n);
			gmp_printf("%Zd %lu\n", n,
				   crc32(0, (const Bytef *)"abc", 3));
			return 0;
		}
	EOF
	read -ra flags <<<"$(halvm-pkg-config --static --cflags --libs zlib)"
	works halvm-cc libs.c -o libs "${flags[@]}" -lgmp
	works ./libs
	[ "$output" = '340282366920938463463374607431768211456 891568578' ]
}

@test "--emit=portable leaves nothing undefined but halvm_*" {
	only_halvm_undefined "$portable"
	undefined "$portable" | grep -q '^halvm_syscall_write$'
	run readelf -hW "$portable"
	says REL
}

@test "halvm-ld links a portable object in under a second" {
	works halvm-ld --target=linux "$portable" -o warm
	start=$(date +%s%N)
	works halvm-ld --target=linux "$portable" -o hello
	end=$(date +%s%N)
	[ "$(./hello x)" = 'hello x' ]
	# A busy machine is no fault of the linker: twice that is an error.
	echo "$(((end - start) / 1000000)) ms"
	[ $((end - start)) -lt 2000000000 ]
}

@test "the image of a portable object is that of a direct link" {
	works "${HGHC[@]}" "$BATS_FILE_TMPDIR/Main.o" -o direct
	works halvm-ld "$portable" -o relinked
	[ "$(undefined direct)" = '' ]
	[ "$(./direct q)" = "$(./relinked q)" ]
	a=$(nm direct | grep -c ' [Tt] halvm_syscall_')
	b=$(nm relinked | grep -c ' [Tt] halvm_syscall_')
	[ "$a" = "$b" ]
}

@test "halvm-ld --emit=portable from objects does what halvm-ghc's does" {
	hello_sources
	works halvm-cc -c hello.c
	works halvm-ld --emit=portable hello.o -o hello.halvm.o
	only_halvm_undefined hello.halvm.o
	works halvm-ld hello.halvm.o -o hello
	[ "$(./hello)" = 'hello from C' ]
}

@test "the same link twice makes the same bytes" {
	works halvm-ld "$portable" -o one
	works halvm-ld "$portable" -o two
	cmp one two
}

@test "hello is at most 1.1 MB, stripped" {
	hello_sources
	works "${HGHC[@]}" -O "$BATS_FILE_TMPDIR/Main.o" -optl-s -o hello
	[ "$(stat -c %s hello)" -le 1100000 ]
}

@test "--report=syscalls lists what is reached, by whom, and the answer" {
	works halvm-ld --report=syscalls "$portable"
	says write
	says mmap
	says exit_group
	says_not execve
	[ ! -e a.out ]
	# each with its class, the answer, who reaches it, and how
	grep -qx "write: shared, answered by host" <<<"$output"
	grep -A1 "^mmap: " <<<"$output" | grep -q "by .*mmap"
	grep -A2 "^write: " <<<"$output" | grep -q "from halvm_start > main"
	works halvm-ld --report=syscalls:report.txt "$portable" -o hello
	grep -q mmap report.txt
	[ "$(./hello)" = hello ]
}

@test "--report=syscalls of a program that runs others lists execve" {
	cat >Main.hs <<-'EOF'
		import System.Process
		main :: IO ()
		main = callProcess "/bin/true" []
	EOF
	works "${HGHC[@]}" --emit=portable Main.hs -o run.halvm.o
	works halvm-ld --report=syscalls run.halvm.o
	says execve
}

@test "halvm-ghc passes --report= and --forbid-syscall= to the link" {
	hello_sources
	"${HGHC[@]}" -c Main.hs
	works "${HGHC[@]}" --report=syscalls Main.o -o hello
	says mmap
	run halvm-ghc -package-env - --forbid-syscall=mmap Main.o -o hello2
	[ "$status" = 1 ]
	says mmap
	[ ! -e hello2 ]
}

@test "--forbid-syscall= fails with the chain of callers" {
	fails_with 1 halvm-ld --forbid-syscall=mmap "$portable" -o hello
	says mmap
	says halvm_start
	[ ! -e hello ]
}

@test "--forbid-syscall= of what isn't reached is no obstacle" {
	works halvm-ld --forbid-syscall=execve --forbid-syscall=socket \
		"$portable" -o hello
	[ "$(./hello)" = hello ]
}

@test "a report of a portable object and of its parts are the same" {
	works halvm-ld --report=syscalls "$portable"
	echo "$output" >one
	works "${HGHC[@]}" --report=syscalls "$BATS_FILE_TMPDIR/Main.o" -o hello
	echo "$output" >two
	diff <(grep -oE '^ *[a-z_0-9]+' one | sort -u) \
		<(grep -oE '^ *[a-z_0-9]+' two | sort -u)
}
