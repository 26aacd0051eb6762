# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What the Bats files of targets that boot share: programs, a boot that is
# quiet if all is well, and what any image of theirs should be.

# boot_programs TARGET: echo, cat and status in the current folder. echo prints
# its arguments, then those that are variables with their values; cat copies;
# status writes to stdout and stderr and ends as its argument says.
boot_programs() {
	cat >echo.c <<-'EOF'
		#include <stdio.h>
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			for (int i = 1; i < argc; i++)
				printf("[%s]\n", argv[i]);
			for (int i = 1; i < argc; i++)
				if (getenv(argv[i]))
					printf("%s=<%s>\n", argv[i],
					       getenv(argv[i]));
			return 0;
		}
	EOF
	halvm-cc --target="$1" echo.c -o echo || return
	cat >cat.c <<-'EOF'
		#include <unistd.h>
		static char block[65536];
		int main(void)
		{
			ssize_t n, done, w;
			while ((n = read(0, block, sizeof block)) > 0)
				for (done = 0; done < n; done += w)
					if ((w = write(1, block + done,
						       n - done)) < 0)
						return 1;
			return n < 0;
		}
	EOF
	halvm-cc --target="$1" cat.c -o cat || return
	cat >status.c <<-'EOF'
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		static volatile int *nowhere = (int *)16;
		int main(int argc, char **argv)
		{
			puts("out");
			fputs("err\n", stderr);
			fflush(stdout);
			if (argc > 1 && !strcmp(argv[1], "abort"))
				abort();
			if (argc > 1 && !strcmp(argv[1], "fault"))
				*nowhere = 1;
			return argc > 1 ? atoi(argv[1]) : 0;
		}
	EOF
	halvm-cc -g --target="$1" status.c -o status
}

# shellcheck disable=SC2154 # bats sets $stderr; the file that loads us, $log
# boots WANTED OPTION... IMAGE ARGUMENT...: stdout is WANTED, the status 0
boots() {
	local want=$1
	shift
	run --separate-stderr timeout 120 halvm-run --log="$log" "$@" </dev/null
	if [ "$status" != 0 ] || [ "$output" != "$want" ]; then
		printf 'status %s: %s\n%s\n%s\n' "$status" "$*" "$output" \
			"$stderr"
		tail -n 20 "$log"
		return 1
	fi
}

# Tables of Haskell stand in its code, and read as any instruction; so only what
# lies in a C or assembler function, by its symbol's size, counts.
#
# calls_no_kernel IMAGE: no instruction enters another kernel
calls_no_kernel() {
	readelf -sW "$1" | awk '
		$4 == "FUNC" && $8 !~ /_(info|slow|fast)$/ {
			print $8, $2, $3
		}' >"$BATS_TEST_TMPDIR/functions"
	objdump -d --no-show-raw-insn "$1" | awk '
		function hex(text,   i, n) {
			for (i = 1; i <= length(text); i++)
				n = n * 16 + index("0123456789abcdef", \
					substr(text, i, 1)) - 1
			return n
		}
		FNR == NR { size[$1] = $3; functions++; next }
		/^[0-9a-f]+ </ {
			name = substr($2, 2, length($2) - 3)
			start = hex($1)
			# the entry is 32-bit code, which reads otherwise here
			inside = name in size && name != "_start"
		}
		inside && $2 ~ /^(syscall|sysenter|int|vmcall|vmmcall)$/ &&
		hex(substr($1, 1, length($1) - 1)) < start + size[name] {
			print name, $0
			found = 1
		}
		END { exit found || functions < 100 }
		' "$BATS_TEST_TMPDIR/functions" -
}

# has_image_layout IMAGE: static, below 2 GiB, three segments, none writable
# and executable, each at its physical address
has_image_layout() {
	is_static "$1" || return
	run -0 readelf -lW "$1"
	says_not RWE || return
	[ "$(grep -c '^ *LOAD ' <<<"$output")" -eq 3 ] || return
	# Columns: type, offset, virtual, physical address, sizes ...
	awk '/^ *LOAD / && (length($3) > 10 && substr($3, 3, 8) != "00000000" ||
		$3 != $4) { exit 1 }' <<<"$output"
}

# fake_guest: the program ./guest, which stands for QEMU with a guest in it that
# behaves as $GUEST says. It prints its arguments if asked to.
fake_guest() {
	cat >guest.c <<-'EOF'
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		#define D "\020"
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
					exit(0);
				} else {
					printf("[%c]" D "x%s", c,
					       c == 't' ? "8f" : "82");
					exit(0);
				}
			}
		}
		int main(int argc, char **argv)
		{
			const char *guest = getenv("GUEST");
			setvbuf(stdout, NULL, _IONBF, 0);
			if (!strcmp(guest, "fails")) {
				fprintf(stderr, "no such machine\n");
				return 1;
			}
			if (!strcmp(guest, "never"))
				pause();
			printf("BIOS " D "x" D D "V1");
			if (!strcmp(guest, "args"))
				for (int i = 1; i < argc; i++)
					printf("%s\n", argv[i]);
			if (!strcmp(guest, "streams"))
				printf("out\n" D "eerr\n" D "oout\n" D
				       "lhalvm: log\n" D "x2aafter");
			if (!strcmp(guest, "panic"))
				printf(D "l" D "phalvm: panic: why\n  at %s\n"
				       "  at 0x2\n" D "x7d", getenv("ADDRESS"));
			if (!strcmp(guest, "cat"))
				cat();
			if (!strcmp(guest, "hang"))
				for (;;)
					pause();
			if (!strcmp(guest, "yes"))
				for (;;)
					printf("y\n");
			if (!strcmp(guest, "stops"))
				return 0;
			if (!strcmp(guest, "odd"))
				printf("a" D "zb" D "xzzc");
			if (!strcmp(guest, "future"))
				printf(D "V1");
			printf(D "x00");
			return 0;
		}
	EOF
	gcc -w guest.c -o guest
}

# The setup of a file that uses it gives the array fake: the option --qemu= with
# it, and an image.
#
# guest KIND ARGUMENT...: halvm-run with the guest that behaves so
guest() {
	# shellcheck disable=SC2154 # as said
	GUEST=$1 timeout 30 halvm-run "${@:2}" "${fake[@]}"
}

# gone: no guest of ours is left
gone() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		pgrep -f "^$BATS_FILE_TMPDIR/guest" >/dev/null || return 0
		sleep 0.2
	done
	pgrep -fa "^$BATS_FILE_TMPDIR/guest"
	return 1
}

# signalled KIND SIGNAL...: the status after these signals, 0.3 s apart
signalled() {
	[ -p in ] || mkfifo in
	exec 8<>in
	GUEST=$1 env --default-signal=INT,QUIT halvm-run --timeout=20 \
		"${fake[@]}" <in >out 2>err 3>&- 8>&- &
	local pid=$! signal
	sleep 0.7
	for signal in "${@:2}"; do
		kill -"$signal" "$pid"
		sleep 0.3
	done
	status=0
	wait "$pid" || status=$?
}
