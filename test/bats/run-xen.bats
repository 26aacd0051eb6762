#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-run with images for Xen, as on a dom0 and as in a test bed. For most of
# it a program in xl's place has a domain that is a process, whose console is a
# terminal as xenconsoled's are, and behaves as no real one would.

bats_require_minimum_version 1.5.0
load common

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	# What stands for xl and for xenstore-read. $XEN is the store, and
	# $GUEST what the domain does.
	cat >xl.c <<-'EOF'
		#define _GNU_SOURCE
		#include <fcntl.h>
		#include <signal.h>
		#include <stdarg.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/wait.h>
		#include <termios.h>
		#include <unistd.h>
		#define D "\020"
		static const char *in_store(const char *name)
		{
			static char path[4096];
			snprintf(path, sizeof path, "%s/%s", getenv("XEN"),
				 name);
			return path;
		}
		static void append(const char *name, const char *fmt, ...)
		{
			FILE *f = fopen(in_store(name), "a");
			va_list ap;
			va_start(ap, fmt);
			vfprintf(f, fmt, ap);
			fclose(f);
		}
		static void cat(void)
		{
			int c;
			while ((c = getchar()) != EOF) {
				if (c != 0x10) {
					putchar(c);
				} else if ((c = getchar()) == 0x10) {
					printf(D D);
				} else if (c == 'd') {
					printf(D "x00");
					return;
				} else {
					printf("[%c]" D "x%s", c,
					       c == 't' ? "8f" : "82");
					return;
				}
				/* When nothing more is there. */
				if (!__fpending(stdin) || c == '\n')
					fflush(stdout);
			}
		}
		/* Returns the reason of the domain's shutdown. */
		static int guest(const char *config)
		{
			const char *kind = getenv("GUEST");
			char line[65536];
			FILE *f = fopen(config, "r");
			if (!strcmp(kind, "never"))
				pause();
			if (!strcmp(kind, "early"))
				return 3;
			printf("Xen noise" D "V1");
			if (!strcmp(kind, "args"))
				while (fgets(line, sizeof line, f))
					printf("%s", line);
			if (!strcmp(kind, "streams"))
				printf("out\n" D "eerr\n" D "oout\n" D
				       "lhalvm: log\n" D "x2a");
			if (!strcmp(kind, "cat"))
				cat();
			if (!strcmp(kind, "echo"))
				for (int c; (c = getchar()) != '!';) {
					printf("%02x ", c);
					fflush(stdout);
				}
			if (!strcmp(kind, "much"))
				for (int i = 0; i < 1000000; i++)
					printf("%07d\n", i);
			fflush(stdout);
			if (!strcmp(kind, "hang"))
				for (;;)
					pause();
			if (!strcmp(kind, "yes"))
				for (;;)
					printf("y\n");
			if (!strcmp(kind, "crash")) {
				printf("last words");
				fflush(stdout);
				return 3;
			}
			if (!strcmp(kind, "stops"))
				return 0;
			printf(D "x00");
			fflush(stdout);
			return 0;
		}
		static int create(const char *config)
		{
			int master = posix_openpt(O_RDWR | O_NOCTTY), status;
			struct termios t;
			char name[64];
			unlockpt(master);
			ptsname_r(master, name, sizeof name);
			int slave = open(name, O_RDWR | O_NOCTTY);
			tcgetattr(slave, &t);
			cfmakeraw(&t);
			tcsetattr(slave, TCSANOW, &t);
			if (getenv("XL_FAILS")) {
				fprintf(stderr, "libxl: error: no memory\n");
				return 3;
			}
			pid_t pid = fork();
			if (pid == 0) {
				dup2(master, 0);
				dup2(master, 1);
				status = guest(config);
				/* Its words are out before it is. */
				usleep(100000);
				_exit(status);
			}
			append("pid", "%d", pid);
			fprintf(stderr, "Waiting for domain x (domid 7) to die "
					"[pid %d]\n", getpid());
			usleep(50000);
			append("tty", "%s\n", name);
			waitpid(pid, &status, 0);
			if (WIFSIGNALED(status)) {
				fprintf(stderr,
					"Domain 7 has been destroyed.\n");
				return 0;
			}
			fprintf(stderr, "Domain 7 has shut down, reason code "
				"%d 0x%x\nAction for shutdown reason code is "
				"preserve\nDone. Exiting now\n",
				WEXITSTATUS(status), WEXITSTATUS(status));
			/* xenconsoled keeps the terminal until the end. */
			if (fork() == 0) {
				close(2);
				while (access(in_store("gone"), F_OK))
					usleep(20000);
			}
			return 0;
		}
		int main(int argc, char **argv)
		{
			char text[256] = "";
			FILE *f;
			if (strstr(argv[0], "xenstore-read")) {
				f = fopen(in_store("tty"), "r");
				if (!f || strcmp(argv[1],
						 "/local/domain/7/console/tty"))
					return 1;
				printf("%s", fgets(text, sizeof text, f));
				return 0;
			}
			append("log", "%s", argv[1]);
			for (int i = 2; i < argc; i++)
				append("log", " %s", argv[i]);
			append("log", "\n");
			if (!strcmp(argv[1], "create"))
				return create(argv[5]);
			f = fopen(in_store("pid"), "r");
			if (!f || strcmp(argv[2], "7") ||
			    !fgets(text, sizeof text, f))
				return 1;
			if (!strcmp(argv[1], "destroy")) {
				append("gone", "x");
				kill(atoi(text), SIGKILL);
			}
			return 0;
		}
	EOF
	gcc -w xl.c -o xl
	ln -s xl xenstore-read
	echo 'int main(void) { return 0; }' >image.c
	halvm-cc --target=xen image.c -o image
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	image=$BATS_FILE_TMPDIR/image
	mkdir store
	export XEN=$PWD/store HALVM_XL=$BATS_FILE_TMPDIR/xl
	export HALVM_XENSTORE_READ=$BATS_FILE_TMPDIR/xenstore-read
}

# guest KIND ARGUMENT...: halvm-run with the guest that behaves so
guest() {
	rm -rf "$XEN"
	mkdir "$XEN"
	GUEST=$1 timeout 30 halvm-run "${@:2}"
}

# destroyed: xl was told to, once, and no domain is left
destroyed() {
	[ "$(grep -c '^destroy 7$' "$XEN/log")" = 1 ]
	# Nobody may have waited for it.
	[ ! -s "/proc/$(cat "$XEN/pid")/cmdline" ]
}

@test "the streams are kept apart, the status is the guest's" {
	run -42 --separate-stderr guest streams "$image"
	[ "$output" = $'out\nout' ]
	# shellcheck disable=SC2154 # run sets it
	[ "$stderr" = $'err\nhalvm: log' ]
	destroyed
	[ "$(grep -c '' "$XEN/log")" = 2 ]
}

@test "arguments and options reach the configuration" {
	run -0 guest args --memory=65M --env=A=b --cwd=/d --host-name=h \
		--log-level=info "$image" 'a "b' "it's"
	says 'memory = 65'
	says 'type = "pvh"'
	says "kernel = \"$image\""
	says 'halvm.env=A=b'
	says 'halvm.host=h halvm.cwd=/d'
	says ' -- \"a \\\"b\" it'
	says 'on_crash = "preserve"'
	says_not ramdisk
	run -0 guest args --xl-arg="maxmem = 70" --xl-arg='name = "mine"' "$image"
	[ "$(tail -n 2 <<<"$output")" = $'maxmem = 70\nname = "mine"' ]
	mkdir files
	run -0 guest args --root=files "$image"
	says 'ramdisk = "'
}

@test "standard input reaches the guest, byte for byte, to its end" {
	head -c 100000 /dev/urandom >data
	guest cat "$image" <data >copy
	cmp data copy
	printf '\020\020d\r\n\003\004' >data
	guest cat "$image" <data >copy
	cmp data copy
}

@test "the console is raw, whatever xenconsoled made of it" {
	run -0 guest echo "$image" <<<$'\003\004\021\023\177!'
	[ "$output" = '03 04 11 13 7f ' ]
}

@test "much output, slowly read" {
	guest much "$image" | {
		for _ in $(seq 200); do
			grep -q "^pause 7" "$XEN/log" && break
			sleep 0.1
		done
		cat
	} >out
	seq -f %07.0f 0 999999 | cmp - out
	grep -q '^pause 7' "$XEN/log"
	grep -q '^unpause 7' "$XEN/log"
	destroyed
}

@test "a domain that ends without a status: why, and its last words" {
	run -125 guest crash "$image"
	says 'last words'
	says 'without a status; xl said:'
	says crash
	destroyed
	run -125 guest early "$image"
	says crash
	run -125 guest stops "$image"
	says 'without a status'
	destroyed
}

@test "xl's own errors are shown" {
	XL_FAILS=1 run -125 guest args "$image"
	says 'libxl: error: no memory'
	HALVM_XL=/nonexistent/xl run -125 guest args "$image"
	says /nonexistent/xl
}

@test "--timeout destroys the domain" {
	for kind in hang never; do
		run -124 guest $kind --timeout=1 "$image"
		destroyed
	done
}

# signalled KIND SIGNAL...: the status after these signals, 0.3 s apart
signalled() {
	[ -p in ] || mkfifo in
	exec 8<>in
	rm -rf "$XEN"
	mkdir "$XEN"
	GUEST=$1 env --default-signal=INT,QUIT halvm-run --timeout=20 \
		"$image" <in >out 2>err 3>&- 8>&- &
	local pid=$! signal
	for _ in $(seq 50); do
		[ -s "$XEN/tty" ] && break
		sleep 0.1
	done
	sleep 0.7
	for signal in "${@:2}"; do
		kill -"$signal" "$pid"
		sleep 0.3
	done
	status=0
	wait "$pid" || status=$?
}

@test "signals: the guest's first, then ours; the domain goes" {
	signalled cat INT
	[ "$status" = 130 ]
	[ "$(cat out)" = '[i]' ]
	destroyed
	signalled cat TERM
	[ "$status" = 143 ]
	destroyed
	signalled hang TERM TERM
	[ "$status" = 143 ]
	destroyed
	signalled never TERM
	[ "$status" = 143 ]
	destroyed
}

@test "killed, we take the domain with us" {
	signalled hang KILL
	[ "$status" = 137 ]
	for _ in $(seq 50); do
		[ -e "$XEN/gone" ] && break
		sleep 0.1
	done
	destroyed
}

@test "a reader that goes away ends us by SIGPIPE, and the domain" {
	set +e
	guest yes "$image" 2>err | head -n 1 >out
	statuses=("${PIPESTATUS[@]}")
	set -e
	[ "${statuses[0]}" = 141 ]
	[ "$(cat out)" = y ]
	destroyed
}

@test "--dry-run prints a command that a shell takes" {
	HALVM_XL='' run --separate-stderr halvm-run --dry-run --memory=64M \
		"$image" "it's" '"'
	[ "$status" = 0 ]
	xl() { printf '%s\n' "$@"; }
	again=$(eval "$output")
	[[ $again == *'memory = 64'* ]]
	[[ $again == *'kernel = "'"$image"'"'* ]]
	[[ $again == *" -- it's \\\"\\\\\\\"\\\"\""* ]]
}

@test "options that are QEMU's" {
	for option in --gdb --machine=pc --qemu=q --qemu-arg=-x --accel=tcg \
		--console=serial; do
		fails_with 2 halvm-run "$option" "$image"
		says "${option%%=*}"
	done
	# In the environment it is for all images.
	HALVM_ACCEL=tcg run -0 guest args "$image"
}
