#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-run: what it takes and refuses, and how it deals with what a machine and
# the outside do. For most of it a program in QEMU's place speaks for a guest
# that behaves as no real one would; what real ones do is kvm.bats' to show.

bats_require_minimum_version 1.5.0
load common
load boot

export HALVM_ACCEL=tcg

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	fake_guest
	gcc -w -DV=2 -x c - -o later <<-'EOF'
		#include <stdio.h>
		int main(void) { printf("\020V2hello"); }
	EOF
	hello_sources
	cat >status.c <<-'EOF'
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			char dir[4096];
			for (int i = 0; i < argc; i++)
				printf("%s|", argv[i]);
			printf("%s|%s\n", getenv("A") ? getenv("A") : "-",
			       getcwd(dir, sizeof dir));
			fflush(stdout);
			if (argc > 1 && argv[1][0] == 's')
				raise(atoi(argv[1] + 1));
			if (argc > 1 && argv[1][0] == 'h')
				pause();
			return argc > 1 ? atoi(argv[1]) : 0;
		}
	EOF
	halvm-cc status.c -o linux
	halvm-cc --target=kvm status.c -o kvm
	halvm-cc --emit=portable status.c -o portable
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	image=$BATS_FILE_TMPDIR/kvm
	linux=$BATS_FILE_TMPDIR/linux
	fake=(--qemu="$BATS_FILE_TMPDIR/guest" "$image")
}

@test "a linux image just runs: arguments, status, environment, folder" {
	run --separate-stderr halvm-run "$linux" 7 'a b' '' --help
	[ "$status" = 7 ]
	[ "$output" = "$linux|7|a b||--help|-|$PWD" ]
	run halvm-run "$linux" -- 3
	[ "$status" = 3 ]
	run halvm-run --env=A=x --cwd=/ "$linux"
	[ "$output" = "$linux|x|/" ]
	A=y run halvm-run "$linux"
	[ "$output" = "$linux|y|$PWD" ]
	A=y run halvm-run --clear-env "$linux"
	[ "$output" = "$linux|-|$PWD" ]
	cp "$linux" prog
	run halvm-run prog 1
	[ "$status" = 1 ]
	[ "$output" = "prog|1|-|$PWD" ]
}

@test "a linux image's end by a signal is ours" {
	run halvm-run "$linux" s15
	[ "$status" = 143 ]
	run halvm-run --timeout=20 "$linux" s9
	[ "$status" = 137 ]
}

@test "a linux image: --timeout, --dry-run, and what isn't for it" {
	run halvm-run --timeout=0.3 "$linux" h
	[ "$status" = 124 ]
	says 'stopped after 0.3 seconds'
	run halvm-run --timeout=30 "$linux" 5
	[ "$status" = 5 ]
	run halvm-run --dry-run "$linux" 'a b'
	[ "$output" = "$linux 'a b'" ]
	fails_with 2 halvm-run --root=. "$linux"
	fails_with 2 halvm-run --gdb "$linux"
}

@test "a stripped image is still known" {
	strip "$linux" -o stripped
	run halvm-run ./stripped 4
	[ "$status" = 4 ]
	strip "$image" -o kvm
	works halvm-run --dry-run ./kvm
	says qemu
}

@test "what is no image is told as what it is" {
	fails_with 1 halvm-run missing
	says missing
	echo 'main = print 1' >Main.hs
	fails_with 1 halvm-run Main.hs
	says 'a text file'
	: >empty
	fails_with 1 halvm-run empty
	says 'an empty file'
	fails_with 1 halvm-run .
	fails_with 1 halvm-run /dev/null
	fails_with 1 halvm-run /bin/sh
	says 'of the host'
	fails_with 1 halvm-run "$BATS_FILE_TMPDIR/portable"
	says 'portable object'
	says halvm-ld
	works halvm-cc -c "$BATS_FILE_TMPDIR/status.c" -o o.o
	fails_with 1 halvm-run o.o
	says object
	head -c 3000 "$image" >short
	fails_with 1 halvm-run short
	says damaged
	head -c 100000 "$image" >short
	fails_with 1 halvm-run short
	gcc -static -nostdlib -x assembler - -o foreign <<-'EOF'
		.globl _start
		_start: hlt
	EOF
	fails_with 1 halvm-run foreign
	says "HaLVM didn't make"
}

@test "an image for a target that this installation doesn't know" {
	mkdir -p prefix/bin prefix/lib/halvm/targets
	cp "$HALVM_BUILD/bin/halvm-run" prefix/bin
	cp -R "$HALVM_BUILD/lib/halvm/targets/linux" prefix/lib/halvm/targets
	fails_with 1 prefix/bin/halvm-run "$image"
	says "'kvm'"
	says linux
}

@test "wrong options, before anything runs" {
	fails_with 2 halvm-run
	fails_with 2 halvm-run --nonesuch "$image"
	fails_with 2 halvm-run --memory=lots "$image"
	fails_with 2 halvm-run --accel=hvf "$image"
	HALVM_ACCEL=fast fails_with 2 halvm-run "$image"
	fails_with 2 halvm-run --timeout=never "$image"
	fails_with 1 halvm-run --qemu=/nonexistent/qemu "$image"
	says /nonexistent/qemu
	HALVM_QEMU=/nonexistent/qemu fails_with 1 halvm-run "$image"
	says HALVM_QEMU
	fails_with 1 halvm-run --root=missing "$image"
	fails_with 1 halvm-run --root="$BATS_FILE_TMPDIR/guest.c" "$image"
	says archive
}

@test "--dry-run prints a command that a shell takes" {
	run --separate-stderr halvm-run --dry-run --memory=64M --cpus=1 \
		--machine=q35 --env=A="it's" --qemu=/bin/echo "$image" 'a  b' '"'
	[ "$status" = 0 ]
	again=$(eval "$output")
	[[ $again == *'-machine q35'* ]]
	[[ $again == *'-m 64M'* ]]
	[[ $again == *"halvm.env=A=it's"* ]]
	[[ $again == *'-- "a  b" "\""' ]]
}

@test "the streams are kept apart, and the status is the guest's" {
	run -42 --separate-stderr guest streams
	[ "$output" = $'out\nout' ]
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = $'err\nhalvm: log' ]
}

@test "--log takes the firmware's noise and the runtime's messages" {
	run -42 --separate-stderr guest streams --log=log
	[ "$stderr" = err ]
	grep -q BIOS log
	grep -q 'halvm: log' log
	run -1 grep err log
	fails_with 1 halvm-run --log=no/such/log "${fake[@]}"
}

@test "standard input reaches the guest, byte for byte, to its end" {
	head -c 100000 /dev/urandom >data
	guest cat <data >copy
	cmp data copy
	printf '\020\020d' >data
	guest cat <data >copy
	cmp data copy
	run -0 guest cat </dev/null
	[ "$output" = '' ]
}

@test "closed descriptors" {
	run -0 bash -c 'GUEST=cat timeout 30 halvm-run "$@" <&-' - "${fake[@]}"
	run -42 bash -c 'GUEST=streams timeout 30 halvm-run "$@" 2>&- <&-' - \
		"${fake[@]}"
	run bash -c 'GUEST=streams timeout 30 halvm-run "$@" >&- 2>err' - \
		"${fake[@]}"
	[ "$status" = 1 ]
	grep -q 'standard output' err
}

@test "a reader that goes away ends us by SIGPIPE; a full disk is an error" {
	set +e
	guest yes 2>err | head -n 1 >out
	statuses=("${PIPESTATUS[@]}")
	set -e
	[ "${statuses[0]}" = 141 ]
	[ "$(cat out)" = y ]
	[ ! -s err ]
	gone
	run bash -c 'GUEST=yes timeout 30 halvm-run "$@" >/dev/full' - \
		"${fake[@]}"
	[ "$status" = 1 ]
	says 'No space left'
	gone
}

@test "a panic: status 125, and names beside the addresses" {
	address=$(nm "$image" | awk '$3 == "main" { print $1 }')
	ADDRESS=0x$address run -125 guest panic
	says 'halvm: panic: why'
	says "  at 0x$address main+0x0"
	says '  at 0x2'
}

@test "a machine that stops without a status" {
	run -125 guest stops
	says 'without a status'
	run -125 guest fails
	says 'no such machine'
}

@test "records that nobody knows are dropped; another release is told" {
	run -0 guest odd
	[ "$output" = abzc ] || [ "$output" = abc ]
	fails_with 1 halvm-run --qemu="$BATS_FILE_TMPDIR/later" "$image"
	says 'link it again'
}

@test "--timeout ends the machine, booted or not" {
	for kind in hang never; do
		GUEST=$kind run timeout 30 halvm-run --timeout=0.5 "${fake[@]}"
		[ "$status" = 124 ]
		says 'stopped after 0.5 seconds'
	done
	gone
}

@test "SIGINT and SIGTERM go to the guest, which then ends as it likes" {
	signalled cat INT
	[ "$status" = 130 ]
	[ "$(cat out)" = '[i]' ]
	signalled cat TERM
	[ "$status" = 143 ]
	[ "$(cat out)" = '[t]' ]
	gone
}

@test "a second one, a hangup, or a guest that isn't up: we end by it" {
	signalled hang INT INT
	[ "$status" = 130 ]
	signalled hang TERM INT TERM
	[ "$status" = 143 ]
	signalled hang HUP
	[ "$status" = 129 ]
	signalled never TERM
	[ "$status" = 143 ]
	signalled hang QUIT
	[ "$status" = 131 ]
	gone
}

@test "killed, we take the machine with us" {
	signalled hang KILL
	[ "$status" = 137 ]
	gone
}

@test "output that nobody takes doesn't hide a signal" {
	mkfifo fifo
	exec 9<>fifo
	GUEST=yes halvm-run --timeout=20 "${fake[@]}" </dev/null >fifo 3>&- 9>&- &
	pid=$!
	sleep 1
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 143 ]
	gone
}

@test "--root is an archive in a temporary file, which doesn't stay" {
	mkdir tmp files
	echo x >files/x
	TMPDIR=$PWD/tmp GUEST=args run -0 halvm-run --root=files "${fake[@]}"
	says -initrd
	[ -z "$(ls tmp)" ]
	TMPDIR=$PWD/tmp GUEST=never run -124 halvm-run --timeout=0.3 \
		--root=files "${fake[@]}"
	[ -z "$(ls tmp)" ]
}

@test "the environment isn't the guest's, but what it needs" {
	SECRET=x LANG=C.UTF-8 run -0 guest args
	says_not SECRET
	says halvm.env=LANG=C.UTF-8
	run -0 guest args --clear-env --env=B=1
	says_not LANG
	says halvm.env=B=1
	B=2 run -0 guest args --env=B
	says halvm.env=B=2
}

@test "arguments that no machine can be given" {
	long=$(head -c 5000 /dev/zero | tr '\0' x)
	fails_with 1 halvm-run "${fake[@]}" "$long"
	says 4095
}

@test "--accel=auto decides, says why, and asks once a boot" {
	export XDG_CACHE_HOME=$PWD/cache
	GUEST=args HALVM_ACCEL='' run -0 halvm-run --verbose "${fake[@]}"
	says 'accelerator '
	if [ -e cache/halvm/kvm ]; then
		before=$(stat -c %Y%i cache/halvm/kvm)
		GUEST=args HALVM_ACCEL='' run -0 halvm-run -v "${fake[@]}"
		[ "$(stat -c %Y%i cache/halvm/kvm)" = "$before" ]
	fi
	GUEST=args run -0 halvm-run --accel=kvm "${fake[@]}"
	says kvm
}

@test "--gdb: the machine waits, and gdb knows its threads" {
	need_tool qemu-system-x86_64
	need_tool gdb
	port=$((20000 + RANDOM % 20000))
	halvm-run --gdb=$port "$image" 6 >out 2>err </dev/null 3>&- &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		! grep -q "target remote 127.0.0.1:$port" err || break
		sleep 0.2
	done
	((i < 100))
	run timeout 60 gdb -nx -batch \
		-x "$HALVM_BUILD/lib/halvm/gdb/halvm.gdb" \
		-ex "target remote 127.0.0.1:$port" -ex 'hbreak main' \
		-ex continue -ex 'halvm threads' -ex 'delete' -ex continue \
		"$image"
	says 'thread 1'
	says THREAD_RUNNING
	says 'in main'
	status=0
	wait "$pid" || status=$?
	[ "$status" = 6 ]
}
