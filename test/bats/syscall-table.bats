# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# syscalls.tbl and its generators: the table is right, a wrong one is told
# with its line, and what is generated compiles and agrees with the table.

bats_require_minimum_version 1.5.0
load common

GEN=$HALVM_SRC/sysroot/gen
TABLE=$HALVM_SRC/sysroot/syscalls.tbl
AWK=${AWK:-awk}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# generate NAME TABLE [ARGUMENT...]
generate() {
	"$AWK" -f "$GEN/table.awk" -f "$GEN/$1.awk" "${@:3}" "$2"
}

# wrong TEXT MESSAGE [LINE]: a table of header, one good row and TEXT is
# refused with MESSAGE at LINE, 3 by default, and nothing is written
wrong() {
	printf 'name nr nargs class linux bare\nread 0 3 shared host io\n%s\n' \
		"$1" >t.tbl
	run -1 --separate-stderr generate linux-stubs t.tbl
	[ -z "$output" ]
	# shellcheck disable=SC2154 # run sets it
	case $stderr in
	"t.tbl:${3:-3}: error: "*"$2"*) ;;
	*)
		printf 'for: %s\nsaid: %s\n' "$1" "$stderr"
		return 1
		;;
	esac
}

@test "the table is right" {
	run -0 "$AWK" -f "$GEN/table.awk" "$TABLE"
	[ -z "$output" ]
	[ "$(awk '!/^#/ && NF' "$TABLE" | wc -l)" -eq 358 ]
}

@test "a wrong row is told with its line" {
	wrong 'write 1 3 shared host' '5 columns'
	wrong 'write 1 3 shared host io more' '7 columns'
	wrong 'read 1 3 shared host io' "'read' stands in line 2 already"
	wrong 'write 0 3 shared host io' "doesn't follow 0"
	wrong 'write -1 3 shared host io' "isn't a decimal number"
	wrong 'write 0x1 3 shared host io' "isn't a decimal number"
	wrong 'write 01 3 shared host io' "isn't a decimal number"
	wrong 'write 99999 3 shared host io' 'too large'
	wrong 'write 1 7 shared host io' 'only 0 to 6'
	wrong 'write 1 x shared host io' 'only 0 to 6'
	wrong 'write 1 3 sharp host io' "class 'sharp'"
	wrong 'write 1 3 shared guest io' 'must be host'
	wrong 'write 1 3 shared host fs' 'must be core, io, net or an errno'
	wrong 'write 1 3 shared host EWHAT' 'must be core, io, net or an errno'
	wrong 'write 1 3 never host io' 'must be an errno'
	wrong 'write 1 3 shared host ENOSYS' 'its class must be never'
	wrong 'Write;x 1 3 shared host io' "can't be the name"
}

@test "a table without header or rows is refused" {
	echo 'read 0 3 shared host io' >t.tbl
	run -1 "$AWK" -f "$GEN/table.awk" t.tbl
	[[ $output == t.tbl:1:*'first line must be'* ]]
	echo '# nothing' >t.tbl
	run -1 "$AWK" -f "$GEN/table.awk" t.tbl
	[[ $output == *'no system calls'* ]]
	run ! "$AWK" -f "$GEN/table.awk" absent.tbl
}

@test "a table that lost a call the runtime defines by hand is refused" {
	grep -v '^clone ' "$TABLE" >t.tbl
	run -1 generate linux-stubs t.tbl
	[[ $output == *"lacks 'clone'"* ]]
}

@test "the comparison with musl's list finds what differs" {
	awk '!/^#/ && $2 ~ /^[0-9]/ {
		print "#define __NR_" $1 "\t" $2 }' "$TABLE" >list
	run -0 generate check-musl "$TABLE" -v musl=list
	[ -z "$output" ]
	sed -i 's/__NR_read\t.*/__NR_read 5/; s/__NR_write\t/__NR_wryte\t/' list
	run -1 generate check-musl "$TABLE" -v musl=list
	[[ $output == *"'read' has number 0, in list 5"* ]]
	[[ $output == *"lacks 'wryte'"* && $output == *"'write' isn't in"* ]]
	run -2 generate check-musl "$TABLE" -v musl=absent
	run -2 generate check-musl "$TABLE"
}

@test "the header of prototypes compiles, as C and with all calls" {
	generate c-header "$TABLE" >syscalls.h
	echo '#include "syscalls.h"
		long f(void) { return halvm_syscall_mmap(1, 2, 3, 4, 5, 6); }' >a.c
	run -0 gcc -std=c11 -Wall -Wextra -Werror -pedantic -c a.c
	[ "$(grep -c 'long halvm_syscall_' syscalls.h)" -eq 357 ]
	run ! grep -E '.{81}' syscalls.h
}

@test "libc's header and table name every call once" {
	generate musl-arch "$TABLE" >arch.h
	generate musl-syscall "$TABLE" >syscall.c
	[ "$(grep -c '^#define SYS_' arch.h)" -eq 357 ]
	[ "$(grep -c '^#pragma weak ' syscall.c)" -eq 357 ]
	grep -x '	\[228\] = halvm_syscall_clock_gettime,' syscall.c
}

@test "the manual and the list for doc/ have every call" {
	generate man "$TABLE" \
		-v head="$HALVM_SRC/doc/man/halvm-syscalls.7.in" >page
	[ "$(grep -c '^\.It .* Ta [0-9]* Ta [0-6] Ta ' page)" -eq 357 ]
	run ! grep @ page
	generate markdown "$TABLE" >list.md
	[ "$(grep -c '^| `' list.md)" -eq 357 ]
	echo 'no place' >head.in
	run -2 generate man "$TABLE" -v head=head.in
	run -2 generate man "$TABLE" -v head=absent
	run -2 generate man "$TABLE"
}

@test "the runtime object keeps its contract" {
	runtime=$HALVM_BUILD/lib/halvm/targets/linux/runtime.o
	run -0 "$HALVM_SRC/tools/check-runtime-object" --all "$runtime" "$TABLE"
	[ -z "$output" ]
	sed 's/^read  /other /; s/^fork  *57 /fork 9999 /' "$TABLE" >t.tbl
	run -1 "$HALVM_SRC/tools/check-runtime-object" --all "$runtime" t.tbl
	[[ $output == *'halvm_syscall_read is not in the table'* ]]
	[[ $output == *'lacks halvm_syscall_other'* ]]
	[[ $output == *'halvm_syscall_fork follows 39000080'* ]]
	echo 'int other; int f(void) { return g() + other; }' >a.c
	gcc -w -c a.c
	run -1 "$HALVM_SRC/tools/check-runtime-object" a.o "$TABLE"
	[[ $output == *'defines other'* && $output == *'needs g'* ]]
	[[ $output == *'lacks halvm_cancel_point'* ]]
}
