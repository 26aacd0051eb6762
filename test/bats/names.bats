#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# Names of files and folders are data: whatever stands in them, nothing is
# run, split or lost. Each name is used as source, folder, output, library
# folder and response file.

# shellcheck disable=SC2016 # these $ and ` are meant as they stand

load common

NAMES=(
	'with space'
	'  two  leading'
	"apostrophe's"
	'quo"te'
	'back\slash'
	'$(touch INJECTED)'
	'`touch INJECTED`'
	'semi;touch INJECTED'
	'amp&touch INJECTED'
	'pipe|touch INJECTED'
	'star*?[a]'
	'hash#percent%'
	'comma,colon:'
	'eq=uals'
	'äöü-λ-日本'
	$'new\nline'
	$'tab\tulator'
	'-leading-dash'
	'@at'
	'{brace,s}'
	'~tilde'
	'!bang'
)

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
}

teardown() {
	# Nothing may have been run by a shell.
	[ -z "$(find "$BATS_TEST_TMPDIR" -name INJECTED)" ]
}

@test "halvm-ld: every name as folder, object, library folder and output" {
	for name in "${NAMES[@]}"; do
		dir=$PWD/$name
		mkdir -p "$dir"
		cp "$BATS_FILE_TMPDIR/hello.o" "$dir/$name.o"
		ar rc "$dir/libx.a"
		printf "# %q\n" "$name" >&3
		works halvm-ld "$dir/$name.o" -L"$dir" -lx -o "$dir/$name"
		[ "$("$dir/$name")" = 'hello from C' ]
		works halvm-ld --emit=portable "$dir/$name.o" -o "$dir/p.o"
		works halvm-ld --report=syscalls:"$dir/report" "$dir/p.o" \
			-o "$dir/p"
		grep -q write "$dir/report"
	done
}

@test "halvm-ld: a relative name with a leading dash, after ./" {
	cp "$BATS_FILE_TMPDIR/hello.o" ./-x.o
	works halvm-ld ./-x.o -o ./-out
	[ "$(./-out)" = 'hello from C' ]
}

@test "halvm-cc: every name as source, include folder and output" {
	for name in "${NAMES[@]}"; do
		dir=$PWD/$name
		mkdir -p "$dir"
		echo '#define GREETING "hi"' >"$dir/a.h"
		cat >"$dir/m.c" <<-'EOF'
			#include <stdio.h>
			#include "a.h"
			int main(void) { return puts(GREETING) < 0; }
		EOF
		printf "# %q\n" "$name" >&3
		works halvm-cc -I"$dir" "$dir/m.c" -o "$dir/$name"
		[ "$("$dir/$name")" = hi ]
	done
}

@test "halvm-ghc: names with spaces, quotes and letters of any script" {
	# What GHC itself can't take is not ours to mend: its own response
	# files and source names know no newline, and -i splits at a colon.
	for name in 'with space' "apostrophe's" 'quo"te' \
		'$(touch INJECTED)' 'semi;touch INJECTED' 'äöü-λ-日本' \
		'back\slash' 'star*?[a]'; do
		dir=$PWD/$name
		mkdir -p "$dir"
		cp "$BATS_FILE_TMPDIR/Main.hs" "$dir/"
		printf "# %q\n" "$name" >&3
		works "${HGHC[@]}" -outputdir "$dir/o u t" "$dir/Main.hs" \
			-o "$dir/$name"
		[ "$("$dir/$name" "$name")" = "hello $name" ]
	done
}

@test "halvm-ghc: C sources beside Haskell's in such a folder" {
	dir="$PWD/it's a \"folder\""
	mkdir "$dir"
	cat >"$dir/Main.hs" <<-'EOF'
		module Main (main) where
		foreign import ccall answer :: Int -> Int
		main :: IO ()
		main = print (answer 2)
	EOF
	echo 'long answer(long n) { return n * 21; }' >"$dir/c bits.c"
	works "${HGHC[@]}" "$dir/Main.hs" "$dir/c bits.c" -o "$dir/x"
	[ "$("$dir/x")" = 42 ]
}

@test "halvm-hsc2hs: such names" {
	for name in 'with space' "apostrophe's" 'äöü' '$(touch INJECTED)'; do
		mkdir -p "$PWD/$name"
		printf '%s\n' 'module S where' '#include <stdio.h>' \
			's :: Int' 's = #{const EOF}' >"$PWD/$name/S.hsc"
		printf "# %q\n" "$name" >&3
		works halvm-hsc2hs "$PWD/$name/S.hsc" -o "$PWD/$name/S.hs"
		grep -q -e '-1' "$PWD/$name/S.hs"
	done
}

@test "an installation in folders with such names" {
	for name in 'with space' "apostrophe's" 'quo"te' 'äöü-λ' \
		$'new\nline' '$(touch INJECTED)' '-dash'; do
		prefix=$PWD/$name/prefix
		mkdir -p "$prefix/bin" "$prefix/lib/halvm"
		cp "$HALVM_BUILD"/bin/halvm-* "$prefix/bin/"
		ln -s "$HALVM_BUILD/lib/halvm/targets" "$prefix/lib/halvm/"
		ln -s "$SYSROOT" "$prefix/lib/halvm/sysroot"
		printf "# %q\n" "$name" >&3
		works "$prefix/bin/halvm-ld" "$BATS_FILE_TMPDIR/hello.o" \
			-o "$prefix/x"
		[ "$("$prefix/x")" = 'hello from C' ]
		works "$prefix/bin/halvm-ghc" -package-env - -v0 \
			"$BATS_FILE_TMPDIR/Main.o" -o "$prefix/y"
		[ "$("$prefix/y")" = hello ]
	done
}

@test "response files: blanks, quotes and backslashes" {
	cp "$BATS_FILE_TMPDIR/hello.o" 'a b.o'
	cp "$BATS_FILE_TMPDIR/hello.o" "it's.o"
	printf '%s\n' '"a b.o" -o "x y"' >one
	printf '%s\n' "it\\'s.o -o 'z z'" >'two three'
	works halvm-ld @one
	works halvm-ld '@two three'
	[ "$('./x y')" = 'hello from C' ]
	[ "$('./z z')" = 'hello from C' ]
}

@test "TMPDIR with blanks, and one that isn't there" {
	mkdir 'tmp dir'
	TMPDIR=$PWD/'tmp dir' works halvm-ld --report=syscalls \
		"$BATS_FILE_TMPDIR/hello.o"
	TMPDIR=$PWD/'tmp dir' works "${HGHC[@]}" "$BATS_FILE_TMPDIR/Main.o" \
		-o x
	# and nothing is left there
	[ -z "$(ls -A 'tmp dir')" ]
}

@test "a link that is interrupted leaves no temporary files" {
	mkdir t
	TMPDIR=$PWD/t halvm-ld --report=syscalls "$BATS_FILE_TMPDIR/Main.o" \
		-o x >/dev/null 2>&1 &
	sleep 0.1
	kill -TERM $! 2>/dev/null || :
	wait $! || :
	[ -z "$(ls -A t)" ]
}
