#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-run on a terminal, which script(1) makes: the guest has it, and it is as
# before at the end, however that comes.

bats_require_minimum_version 1.5.0
load common

export HALVM_ACCEL=tcg

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cat >tty.c <<-'EOF'
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/ioctl.h>
		#include <unistd.h>
		static void window(int sig)
		{
			struct winsize w;
			ioctl(0, TIOCGWINSZ, &w);
			printf("%s %dx%d\n", sig ? "now" : "window", w.ws_row,
			       w.ws_col);
			fflush(stdout);
		}
		static void interrupt(int sig)
		{
			printf("signal %d\n", sig);
			fflush(stdout);
			exit(9);
		}
		int main(int argc, char **argv)
		{
			char text[100];
			struct sigaction sa = {.sa_handler = window};
			if (argc > 1 && !strcmp(argv[1], "crash"))
				*(volatile int *)16 = 1;
			if (argc > 1 && !strcmp(argv[1], "ignore"))
				signal(SIGINT, SIG_IGN);
			else
				signal(SIGINT, interrupt);
			sigaction(SIGWINCH, &sa, NULL);
			printf("tty %d%d%d\n", isatty(0), isatty(1), isatty(2));
			window(0);
			for (;;) {
				ssize_t n = read(0, text, sizeof text - 1);
				if (n < 0)
					continue;
				if (n == 0)
					return 3;
				text[n] = 0;
				printf("got %s", text);
				fflush(stdout);
			}
		}
	EOF
	halvm-cc --target=kvm tty.c -o tty
	halvm-cc --target=vmware tty.c -o tty-vmware
}

setup() {
	need_sysroot
	need_tool script
	need_tool qemu-system-x86_64
	cd "$BATS_TEST_TMPDIR" || return
	image=$BATS_FILE_TMPDIR/tty
	export image
	mkfifo keys
}

# on_terminal COMMAND: starts it on a terminal whose keyboard is descriptor 8;
# what it shows gets to the file `screen`
on_terminal() {
	cat >inner <<-EOF
		stty rows 33 cols 99
		stty -g >before
		$1
		echo "status \$?"
		stty -g >after
	EOF
	script -qfec 'bash inner' /dev/null <keys >screen 2>&1 3>&- &
	pid=$!
	exec 8>keys
}

# shows TEXT: waits until the screen does
shows() {
	for _ in {1..150}; do
		! grep -qF -- "$1" screen || return 0
		sleep 0.1
	done
	printf 'not shown: %s\n' "$1"
	cat -A screen
	return 1
}

keys() {
	# shellcheck disable=SC2059 # escapes are meant
	printf "$1" >&8
}

# ends STATUS: the command does, and the terminal is as before
ends() {
	shows "status $1"
	exec 8>&-
	wait "$pid" || true
	cmp before after
}

@test "the guest has a terminal, of the window's size, and edits lines" {
	# shellcheck disable=SC2016 # for the inner shell
	on_terminal 'halvm-run --timeout=60 "$image"'
	shows 'tty 111'
	shows 'window 33x99'
	keys 'helxo\177\177lo\n'
	shows 'got hello'
	keys '\004'
	ends 3
	# each line ends once
	run -1 grep $'\r\r' screen
}

@test "Ctrl-C is the program's" {
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image"'
	shows 'window'
	keys '\003'
	shows 'signal 2'
	ends 9
}

@test "Ctrl-C twice ends one that doesn't listen" {
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image" ignore'
	shows 'window'
	keys '\003'
	sleep 0.3
	keys '\003'
	ends 130
}

@test "the terminal comes back after a panic, a timeout, a signal" {
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image" crash'
	ends 125
	grep -q 'panic' screen
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=2 "$image"'
	ends 124
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image" ignore </dev/tty & p=$!
		sleep 3; kill $p; sleep 0.5; kill $p; wait $p'
	ends 143
	# shellcheck disable=SC2016
	on_terminal 'timeout --foreground -s QUIT 3 halvm-run "$image"'
	shows 'status '
	exec 8>&-
	wait "$pid" || true
	cmp before after
}

@test "in the background the terminal is left alone, until the foreground" {
	# shellcheck disable=SC2016
	on_terminal 'set -m; halvm-run --timeout=60 "$image" & sleep 3
		stty -g >during; echo now foreground; fg %1 >fg'
	shows 'tty 111'
	shows 'now foreground'
	cmp before during
	sleep 2
	keys 'typed\n'
	shows 'got typed'
	keys '\004'
	ends 3
}

@test "the window's size is told when it changes" {
	# shellcheck disable=SC2016
	on_terminal '(sleep 3; stty rows 40 cols 100 </dev/tty) &
		halvm-run --timeout=60 "$image"; stty rows 33 cols 99'
	shows 'window 33x99'
	shows 'now 40x100'
	keys '\004'
	shows 'status '
	exec 8>&-
	wait "$pid" || true
}

@test "only standard input is a terminal, or only standard output" {
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image" 2>/dev/null | cat'
	shows 'tty 100'
	shows 'window 33x99'
	keys '\004'
	ends 0
	# shellcheck disable=SC2016
	on_terminal 'halvm-run --timeout=60 "$image" </dev/null 2>/dev/null'
	shows 'tty 010'
	ends 3
}

@test "vmware: the terminal is the guest's, by the serial port" {
	[ -d /usr/lib/grub/i386-pc ] || skip 'no GRUB for BIOS (grub-pc-bin)'
	image=$BATS_FILE_TMPDIR/tty-vmware
	on_terminal "halvm-run --timeout=60 $image"
	shows 'tty 111'
	shows 'window 33x99'
	keys 'a line\n'
	shows 'got a line'
	keys '\003'
	shows 'signal 2'
	ends 9
}
