#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Images for Xen on a real one, by way of a test bed: the domain, its console in
# both directions, and its ends. What halvm-run does beside that is
# run-xen.bats' to show, and what programs do the corpus'.

bats_require_minimum_version 1.5.0
load common
load bed

# A bed of this file's own, of what is prepared for all.
export HALVM_BED=bats-xen

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cat >prog.c <<-'EOF'
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <time.h>
		#include <unistd.h>
		static int is(const char *a, const char *b)
		{
			return strcmp(a, b) == 0;
		}
		static void on(int sig)
		{
			printf("signal %d\n", sig);
			fflush(stdout);
			_exit(3);
		}
		int main(int argc, char **argv)
		{
			char b[4096];
			FILE *f;
			ssize_t n;
			if (is(argv[1], "args")) {
				for (int i = 0; i < argc; i++)
					printf("%s|", argv[i]);
				fprintf(stderr, "%s\n", getenv("A"));
				return 42;
			}
			if (is(argv[1], "cat"))
				while ((n = read(0, b, sizeof b)) > 0)
					write(1, b, n);
			if (is(argv[1], "much"))
				for (int i = 0; i < 60000; i++)
					printf("%07d\n", i);
			if (is(argv[1], "time"))
				printf("%ld\n", (long)time(NULL));
			if (is(argv[1], "file") && (f = fopen(argv[2], "r")))
				while (fgets(b, sizeof b, f))
					printf("%s", b);
			if (is(argv[1], "wait") || is(argv[1], "deaf")) {
				int deaf = is(argv[1], "deaf");
				signal(SIGTERM, deaf ? SIG_IGN : on);
				puts("up");
				fflush(stdout);
				for (;;)
					pause();
			}
			return 0;
		}
	EOF
	halvm-cc -w --target=xen prog.c -o prog
}

setup() {
	enter_bed
	prog=$BATS_FILE_TMPDIR/prog
}

teardown_file() {
	leave_bed
}

# guest WORD...: the program with these words in a domain
guest() {
	timeout 600 halvm-run --memory=64M "$prog" "$@"
}

@test "arguments, environment, streams and status" {
	A='a "b' run -42 --separate-stderr timeout 600 halvm-run --env=A \
		--memory=64M "$prog" args 'x  y' '' "it's" \\ '"' $'\xc3\xa9' \
		$'\xff'
	[ "$output" = "$prog|args|x  y||it's|\\|\"|"$'\xc3\xa9|\xff|' ]
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = 'a "b' ]
}

@test "input and output, byte for byte" {
	head -c 50000 /dev/urandom >data
	guest cat <data >copy
	cmp data copy
	guest much >out
	seq -f %07.0f 0 59999 | cmp - out
}

@test "the clock is the host's, --root the program's files" {
	before=$(date +%s)
	run -0 guest time
	[ "$output" -ge "$before" ]
	[ "$output" -le "$(date +%s)" ]
	mkdir files
	echo content >files/f
	run -0 timeout 600 halvm-run --memory=64M --root=files "$prog" file /f
	[ "$output" = content ]
}

# signalled KIND SIGNAL...: status and output after these signals
signalled() {
	mkfifo in
	exec 8<>in
	: >out
	halvm-run --memory=64M --timeout=600 "$prog" "$1" <in >out 3>&- 8>&- &
	local pid=$! signal
	while ! grep -q up out && kill -0 "$pid"; do
		sleep 0.1
	done
	for signal in "${@:2}"; do
		kill -"$signal" "$pid"
		sleep 0.3
	done
	status=0
	wait "$pid" || status=$?
	output=$(<out)
	exec 8>&-
	rm in
}

@test "signals, and a slot after one that went without a word" {
	signalled wait TERM
	[ "$status" = 3 ]
	[ "$output" = $'up\nsignal 15' ]
	signalled deaf TERM TERM
	[ "$status" = 143 ]
	signalled deaf KILL
	[ "$status" = 137 ]
	run -42 guest args
}

@test "more guests than slots" {
	for i in 1 2 3 4 5 6; do
		echo "$i" | guest cat >"out$i" 2>&1 3>&- &
	done
	wait
	for i in 1 2 3 4 5 6; do
		[ "$(cat "out$i")" = "$i" ]
	done
}

@test "what Xen can't do is told" {
	run -125 timeout 600 halvm-run --memory=100G "$prog" time
	says 'the test bed said'
	says 'libxl: error'
}

@test "dom0's commands; a domain's own configuration" {
	run -0 timeout 600 halvm-testbed xl list
	says Domain-0
	run -0 --separate-stderr timeout 600 halvm-testbed xenstore-read \
		/local/domain/0/name
	[ "$output" = Domain-0 ]
	run -1 timeout 600 halvm-testbed xenstore-read /nonesuch
	says /nonesuch
	run -1 timeout 600 halvm-testbed xenstore-rm /nonesuch
	says "isn't among the commands"
	run -0 timeout 600 halvm-run --verbose --memory=64M \
		--xl-arg='name = "mine"' "$prog" time
	says 'domain mine'
}
