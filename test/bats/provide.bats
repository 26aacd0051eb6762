#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
#
# The layer between libc and a runtime that asks providers: how it comes into a
# program, and files from a provider in C (test/provide).

bats_require_minimum_version 1.5.0
load common

export HALVM_ACCEL=tcg
PROVIDE=$HALVM_SRC/test/provide

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	local file
	for file in "$PROVIDE"/{memory_files,memory_names,provided}.c \
		"$PROVIDE"/root.c "$PROVIDE"/files*.c \
		"$HALVM_SRC"/test/programs-c/cancel*.c; do
		halvm-cc -std=gnu11 -g -O1 -Wall -Wextra -Wno-unused-result \
			-c "$file" || return
	done
	mkdir without
	cat >without/hello.c <<-'END'
		#include <stdio.h>
		int main(void) { puts("hello"); return 0; }
	END
	halvm-cc -c without/hello.c -o without/hello.o
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	OF=$BATS_FILE_TMPDIR
	MEMORY=("$OF"/memory_{files,names}.o)
}

# link TARGET PROGRAM OBJECT...
link() {
	halvm-ld -Wno-refused --target="$1" "${@:3}" -o "$2"
}

# prints FILE PROGRAM: what it prints, and exit status 0
prints() {
	timeout 300 halvm-run "./$2" </dev/null >stdout 2>stderr || {
		local status=$?
		cat stdout stderr
		return "$status"
	}
	diff -u "$1" stdout
}

# An installation of ours, whose targets can be changed.
own_install() {
	mkdir -p own/bin own/lib/halvm
	cp "$HALVM_BUILD/bin/halvm-ld" own/bin/
	cp -R "$HALVM_BUILD/lib/halvm/targets" own/lib/halvm/
	ln -s "$SYSROOT" own/lib/halvm/sysroot
}

@test "linux: files from a provider" {
	link linux files "${MEMORY[@]}" "$OF"/files*.o
	prints "$PROVIDE/files.out" files
}

@test "kvm: files from a provider" {
	need_tool qemu-system-x86_64
	link kvm files "${MEMORY[@]}" "$OF"/files*.o
	prints "$PROVIDE/files.out" files
}

@test "linux: a provider of all files" {
	link linux root "${MEMORY[@]}" "$OF/root.o"
	prints "$PROVIDE/root.out" root
}

@test "kvm: a provider of all files" {
	need_tool qemu-system-x86_64
	link kvm root "${MEMORY[@]}" "$OF/root.o"
	prints "$PROVIDE/root.out" root
}

@test "linux: cancellation of a program with a provider" {
	link linux cancel "$OF"/{cancel,provided}.o "${MEMORY[@]}"
	prints "$HALVM_SRC/test/programs-c/cancel.out" cancel
	link linux window "$OF"/{cancel-window,provided}.o "${MEMORY[@]}"
	prints "$HALVM_SRC/test/programs-c/cancel-window.out" window
}

@test "kvm: cancellation of a program with a provider" {
	need_tool qemu-system-x86_64
	link kvm window "$OF"/{cancel-window,provided}.o "${MEMORY[@]}"
	timeout 100 halvm-run ./window -- kvm >stdout
	head -n 1 "$HALVM_SRC/test/programs-c/cancel-window.out" |
		diff -u - stdout
}

@test "a program without a provider is as it would be without the layer" {
	own_install
	local t
	for t in linux kvm xen vmware; do
		halvm-ld --target="$t" "$OF/without/hello.o" -o "$t.now"
		rm "own/lib/halvm/targets/$t/provide.o"
		sed -i /^provide/d "own/lib/halvm/targets/$t/target.conf"
		own/bin/halvm-ld --target="$t" "$OF/without/hello.o" \
			-o "$t.without"
		cmp "$t.now" "$t.without"
	done
	# Nor does an archive matter that isn't taken.
	ar rc libprovided.a "$OF/provided.o" "${MEMORY[@]}"
	halvm-ld "$OF/without/hello.o" libprovided.a -o linux.archive
	cmp linux.now linux.archive
}

@test "a provider that nothing but -u brings along" {
	ar rc libprovided.a "$OF/provided.o" "${MEMORY[@]}"
	cat >list.c <<-'END'
		#include <dirent.h>
		#include <stdio.h>
		int main(void)
		{
			DIR *d = opendir("/mem");
			puts(d && readdir(d) ? "a folder" : "none");
			return 0;
		}
	END
	halvm-cc -c list.c
	halvm-ld list.o libprovided.a -o list
	[ "$(./list)" = none ]
	halvm-ld -u memory_files list.o -u halvm_provide_files "$OF/provided.o" \
		libprovided.a -o list
	[ "$(./list)" = 'a folder' ]
}

@test "a target without the layer, or one whose file is missing" {
	own_install
	halvm-ld --emit=portable "${MEMORY[@]}" "$OF"/files*.o -o files.o
	rm own/lib/halvm/targets/kvm/provide.o
	fails_with 1 own/bin/halvm-ld --target=kvm files.o -o files
	says halvm_provide_files
	says kvm/provide.o
	says missing
	sed -i /^provide/d own/lib/halvm/targets/kvm/target.conf
	fails_with 1 own/bin/halvm-ld --target=kvm files.o -o files
	says "target 'kvm' has nothing for providers"
	: >own/lib/halvm/targets/linux/provide.o
	fails_with 1 own/bin/halvm-ld files.o -o files
	says damaged
	[ ! -e files ]
}

@test "a program that defines the layer's functions itself gets none" {
	cat >own.c <<-'END'
		#include <halvm/provider.h>
		#include <stdio.h>
		int halvm_provide_console(const struct halvm_console_provider *t)
		{
			return t ? -1 : 7;
		}
		int halvm_below_console(int stream);
		int main(int argc, char **argv)
		{
			(void)argv;
			printf("%d\n", halvm_provide_console(0));
			return argc > 9 ? halvm_below_console(1) : 0;
		}
		int halvm_below_console(int stream) { return stream; }
	END
	halvm-cc -c own.c
	link kvm own own.o
	echo 7 >expected
	prints expected own
	run nm own
	says_not __wrap_halvm_syscall_
}

@test "the report tells of the calls that the layer makes" {
	cat >hello.c <<-'END'
		#include <fcntl.h>
		int main(void) { return open("/mem/x", O_RDONLY) != -1; }
	END
	halvm-cc -c hello.c
	works halvm-ld --report=syscalls hello.o
	says_not memfd_create
	works halvm-ld --forbid-syscall=memfd_create hello.o -o hello
	works halvm-ld --report=syscalls hello.o "$OF/provided.o" "${MEMORY[@]}"
	says 'memfd_create: '
	says __wrap_halvm_syscall_open
	fails_with 1 halvm-ld --forbid-syscall=memfd_create hello.o \
		"$OF/provided.o" "${MEMORY[@]}" -o hello.provided
	says 'can reach the forbidden syscall memfd_create'
	[ ! -e hello.provided ]
	halvm-ld --forbid-syscall=mkdir hello.o "$OF/provided.o" \
		"${MEMORY[@]}" -o hello.provided
	./hello.provided
}

@test "the portable object that an image keeps has no target's layer" {
	need_tool qemu-system-x86_64
	halvm-ld -Wno-refused --keep-portable "${MEMORY[@]}" "$OF"/files*.o \
		-o files
	prints "$PROVIDE/files.out" files
	link kvm files.kvm files
	prints "$PROVIDE/files.out" files.kvm
}

@test "an ordinary Haskell program works on files from a provider" {
	cp "$PROVIDE/Unchanged.hs" Main.hs
	"${HGHC[@]}" -threaded --emit=portable Main.hs "$OF/provided.o" \
		"${MEMORY[@]}" -o Main.halvm.o
	link linux Main Main.halvm.o
	prints "$PROVIDE/Unchanged.out" Main
	need_tool qemu-system-x86_64
	link kvm Main.kvm Main.halvm.o
	prints "$PROVIDE/Unchanged.out" Main.kvm
}
