#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Wrong use of the commands: each is told what is wrong and how to go on, with
# exit status 1 (can't be done) or 2 (asked wrongly), and leaves nothing half
# done behind.

load common

setup_file() {
	[ -r "$HALVM_BUILD/lib/halvm/sysroot/sysroot.conf" ] || return 0
	cd "$BATS_FILE_TMPDIR" || return
	hello_sources
	"${HGHC[@]}" -c Main.hs
	halvm-cc -c hello.c
}

setup() {
	need_sysroot
	cd "$BATS_TEST_TMPDIR" || return
	main=$BATS_FILE_TMPDIR/Main.o
	hello=$BATS_FILE_TMPDIR/hello.o
}

# A private installation made of links, to take things away from.
private_install() {
	local lib=$PWD/prefix/lib/halvm
	mkdir -p prefix/bin "$lib/targets"
	cp "$HALVM_BUILD"/bin/halvm-* prefix/bin/
	cp -R "$HALVM_BUILD/lib/halvm/targets/linux" "$lib/targets/"
	ln -s "$SYSROOT" "$lib/sysroot"
}

@test "an unknown target: told with the known ones, by each command" {
	for command in halvm-ld halvm-cc; do
		run "$command" --target=amiga "$hello" -o x
		[ "$status" = 2 ]
		says error:
		says amiga
		says linux
	done
	run halvm-ghc -package-env - --target=amiga "$main" -o x
	[ "$status" = 2 ] || [ "$status" = 1 ]
	says amiga
	says linux
	HALVM_TARGET=amiga fails_with 2 halvm-ld "$hello" -o x
	says amiga
	[ ! -e x ]
}

@test "an unknown target is told before anything is compiled" {
	cp "$BATS_FILE_TMPDIR/Main.hs" .
	run halvm-ghc -package-env - --target=amiga Main.hs -o x
	[ "$status" != 0 ]
	says amiga
	[ ! -e Main.o ]
}

@test "an empty target, a target with a slash, a target that is a file" {
	for target in '' . .. ../linux linux/ 'lin ux' $'a\nb'; do
		run halvm-ld --target="$target" "$hello" -o x
		[ "$status" = 1 ] || [ "$status" = 2 ]
		says 'halvm-ld: error: '
		[ ! -e x ]
	done
}

@test "a target whose runtime isn't built" {
	private_install
	mkdir prefix/lib/halvm/targets/later
	sed 's/^name = .*/name = later/' \
		prefix/lib/halvm/targets/linux/target.conf \
		>prefix/lib/halvm/targets/later/target.conf
	cp prefix/lib/halvm/targets/linux/link.lds \
		prefix/lib/halvm/targets/later/
	fails_with 1 prefix/bin/halvm-ld --target=later "$hello" -o x
	says later
	says built
	works prefix/bin/halvm-ghc --print-targets
	says later
	# the portable object needs no runtime
	works prefix/bin/halvm-ld --target=later --emit=portable "$hello" \
		-o x.o
}

@test "a target's description that is wrong is told with its line" {
	private_install
	conf=prefix/lib/halvm/targets/linux/target.conf
	echo 'colour = blue' >>$conf
	fails_with 1 prefix/bin/halvm-ld "$hello" -o x
	says "target.conf:$(wc -l <$conf)"
	says colour
}

@test "-dynamic and -shared" {
	for flag in -dynamic -shared -dynamic-too -pie; do
		cp "$BATS_FILE_TMPDIR/Main.hs" .
		run timeout 60 halvm-ghc -package-env - "$flag" Main.hs -o x
		[ "$status" = 1 ] || [ "$status" = 2 ]
		says "$flag"
		says error
		[ ! -e x ]
	done
	for flag in -shared -pie -dynamic; do
		fails_with 2 halvm-ld "$flag" "$hello" -o x
		says "$flag"
	done
	fails_with 2 halvm-cc -shared "$hello" -o x
}

@test "profiling: the sysroot has no profiling libraries" {
	cp "$BATS_FILE_TMPDIR/Main.hs" .
	run timeout 60 halvm-ghc -package-env - -prof Main.hs -o x
	[ "$status" = 1 ] || [ "$status" = 2 ]
	says -prof
	[ ! -e x ]
}

@test "a missing sysroot, with the way out" {
	private_install
	rm prefix/lib/halvm/sysroot
	fails_with 1 prefix/bin/halvm-ld "$hello" -o x
	says 'no sysroot'
	says HALVM_SYSROOT
	fails_with 1 prefix/bin/halvm-ghc -package-env - "$main" -o x
	says 'no sysroot'
	fails_with 1 prefix/bin/halvm-cc -c "$BATS_FILE_TMPDIR/hello.c"
	fails_with 1 prefix/bin/halvm-ghc-pkg list
	fails_with 1 prefix/bin/halvm-hsc2hs x.hsc
	fails_with 1 prefix/bin/halvm-pkg-config --modversion zlib
	HALVM_SYSROOT=$PWD/nothing fails_with 1 halvm-ld "$hello" -o x
	says "$PWD/nothing"
	# and the variable helps
	HALVM_SYSROOT=$SYSROOT works prefix/bin/halvm-ld "$hello" -o x
	[ "$(./x)" = 'hello from C' ]
}

@test "a sysroot of another ABI" {
	private_install
	rm prefix/lib/halvm/sysroot
	mkdir prefix/lib/halvm/sysroot
	for part in "$SYSROOT"/*; do
		ln -s "$part" prefix/lib/halvm/sysroot/
	done
	rm prefix/lib/halvm/sysroot/sysroot.conf
	sed 's/^abi *=.*/abi=99/' "$SYSROOT/sysroot.conf" \
		>prefix/lib/halvm/sysroot/sysroot.conf
	fails_with 1 prefix/bin/halvm-ld "$hello" -o x
	says 99
}

@test "a damaged sysroot: a library of it is missing" {
	private_install
	rm prefix/lib/halvm/sysroot
	mkdir -p prefix/lib/halvm/sysroot/lib
	cp "$SYSROOT/sysroot.conf" prefix/lib/halvm/sysroot/
	fails_with 1 prefix/bin/halvm-ld "$hello" -o x
	says incomplete
}

@test "no lld, or one that is none" {
	HALVM_LLD=/nonexistent/ld.lld fails_with 1 halvm-ld "$hello" -o x
	says HALVM_LLD
	HALVM_LLD=/bin/false fails_with 1 halvm-ld "$hello" -o x
	HALVM_HOST_CC=/nonexistent/gcc fails_with 1 halvm-cc -c \
		"$BATS_FILE_TMPDIR/hello.c"
	says HALVM_HOST_CC
}

@test "an object for another architecture" {
	gcc -m32 -c -x c /dev/null -o i386.o 2>/dev/null ||
		skip 'gcc makes no 32-bit objects'
	fails_with 1 halvm-ld "$hello" i386.o -o x
	says i386.o
	says 386
	[ ! -e x ]
}

@test "an object of another architecture inside an archive" {
	gcc -m32 -c -x c /dev/null -o i386.o 2>/dev/null ||
		skip 'gcc makes no 32-bit objects'
	ar rc libold.a i386.o
	fails_with 1 halvm-ld "$hello" libold.a -o x
	says libold.a
	says i386.o
}

@test "an object made by another GHC; one by the host's gcc is a warning" {
	need_tool ghc
	cp "$BATS_FILE_TMPDIR/Main.hs" .
	ghc -package-env - -v0 -c Main.hs -o stock.o
	fails_with 1 halvm-ld stock.o -o x
	says stock.o
	gcc -c "$BATS_FILE_TMPDIR/hello.c" -o host.o
	works halvm-ld host.o -o x
	says warning:
	says host.o
	says halvm-cc
}

@test "an object of another version of GHC" {
	cat >other.s <<-'EOF'
		.section .comment
		.string "GHC 8.8.4"
	EOF
	works halvm-cc -c other.s
	fails_with 1 halvm-ld "$hello" other.o -o x
	says other.o
	says 8.8.4
}

@test "files that are no objects: text, empty, cut short, a directory" {
	echo 'hello world' >text.o
	: >empty.o
	head -c 100 "$hello" >short.o
	mkdir dir.o
	for file in text.o empty.o short.o dir.o; do
		fails_with 1 halvm-ld "$hello" "$file" -o x
		says "$file"
	done
	fails_with 1 halvm-ld "$hello" missing.o -o x
	says missing.o
	[ ! -e x ]
}

@test "a library that isn't there" {
	fails_with 1 halvm-ld "$hello" -lnonesuch -o x
	says nonesuch
}

@test "an undefined symbol is told with who refers to it" {
	cat >needs.c <<-'EOF'
		int nonesuch(void);
		int main(void) { return nonesuch(); }
	EOF
	works halvm-cc -c needs.c
	for emit in image portable; do
		run halvm-ld --emit=$emit needs.o -o x
		[ "$status" = 1 ]
		says nonesuch
		says needs.o
		[ ! -e x ]
	done
}

@test "a full disk: an error, and no half an image" {
	[ -c /dev/full ] || skip 'no /dev/full'
	run halvm-ld "$hello" -o /dev/full
	[ "$status" = 1 ]
	says 'halvm-ld: error: '
	if [ "$(id -u)" = 0 ] && mkdir full &&
		mount -t tmpfs -o size=4k none full 2>/dev/null; then
		run halvm-ld "$hello" -o full/x
		left=$(ls full)
		run2=$output status2=$status
		umount full
		[ "$status2" = 1 ]
		[[ $run2 == *'halvm-ld: error: '* ]]
		[ "$left" = '' ]
	fi
}

@test "an output that can't be written" {
	mkdir dir
	fails_with 1 halvm-ld "$hello" -o dir
	says dir
	fails_with 1 halvm-ld "$hello" -o no/such/dir/x
	says no/such/dir
	fails_with 2 halvm-ld "$hello" -o ''
}

@test "a failed link leaves the old image alone" {
	works halvm-ld "$hello" -o x
	run halvm-ld "$hello" -lnonesuch -o x
	[ "$status" = 1 ]
	[ "$(./x)" = 'hello from C' ]
}

@test "unknown options and missing values" {
	fails_with 2 halvm-ld --nonesuch "$hello" -o x
	says --nonesuch
	fails_with 2 halvm-ld --emit=floppy "$hello" -o x
	fails_with 2 halvm-ld --report=weather "$hello" -o x
	fails_with 2 halvm-ld --forbid-syscall=nonesuch "$hello" -o x
	says nonesuch
	fails_with 2 halvm-ld --forbid-syscall= "$hello" -o x
	fails_with 2 halvm-ld --target
	fails_with 2 halvm-ld "$hello" -o
	fails_with 2 halvm-ld
	fails_with 2 halvm-cc
	for command in halvm-ghc halvm-hsc2hs halvm-pkg-config \
		halvm-ghc-pkg; do
		run timeout 60 "$command" --nonesuch-option
		[ "$status" = 1 ] || [ "$status" = 2 ]
		says nonesuch-option
	done
}

@test "a portable object with something else, or made portable again" {
	works halvm-ld --emit=portable "$hello" -o p.o
	fails_with 2 halvm-ld --emit=portable p.o -o q.o
	fails_with 2 halvm-ld p.o "$hello" -o x
}

@test "a response file that isn't one, or names itself" {
	printf '"unclosed' >open
	run halvm-ld @open
	[ "$status" = 1 ] || [ "$status" = 2 ]
	says open
	echo '@circle' >circle
	run timeout 20 halvm-ld @circle
	[ "$status" = 1 ] || [ "$status" = 2 ]
	says circle
}

@test "a syscall that the target always refuses is a warning at the link" {
	private_install
	mkdir prefix/lib/halvm/targets/bare
	sed -e 's/^name = .*/name = bare/' -e 's/^syscalls = .*/syscalls = bare/' \
		prefix/lib/halvm/targets/linux/target.conf \
		>prefix/lib/halvm/targets/bare/target.conf
	cp prefix/lib/halvm/targets/linux/link.lds \
		prefix/lib/halvm/targets/linux/runtime.o \
		prefix/lib/halvm/targets/bare/
	cat >spawn.c <<-'EOF'
		#include <unistd.h>
		int main(void) { return execl("/bin/true", "true", (char *)0); }
	EOF
	works halvm-cc -c spawn.c
	works prefix/bin/halvm-ld --target=linux spawn.o -o x
	says_not warning
	works prefix/bin/halvm-ld --target=bare spawn.o -o x
	says 'halvm-ld: warning: '
	says execve
	works prefix/bin/halvm-ld --target=bare -Wno-refused spawn.o -o x
	says_not warning
}
