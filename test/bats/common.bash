# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What the Bats files share. `make check` says where things are; run by hand,
# `bats test/bats/x.bats` looks at the build tree build/, or at $HALVM_BUILD.
# Every test works in a folder of its own, $BATS_TEST_TMPDIR.

HALVM_SRC=${HALVM_SRC:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)}
HALVM_BUILD=${HALVM_BUILD:-$HALVM_SRC/build}
SYSROOT=$HALVM_BUILD/lib/halvm/sysroot
export HALVM_SRC HALVM_BUILD SYSROOT
PATH=$HALVM_BUILD/bin:$PATH
unset HALVM_TARGET HALVM_SYSROOT HALVM_STRICT HALVM_LLD HALVM_HOST_CC \
	GHC_PACKAGE_PATH GHC_ENVIRONMENT GHCRTS MAKEFLAGS MAKELEVEL MFLAGS
export LC_ALL=C.UTF-8

export COMMANDS='halvm-cabal halvm-cc halvm-ghc halvm-ghc-pkg halvm-hsc2hs
	halvm-image halvm-ld halvm-pkg-config halvm-run halvm-testbed'

need_sysroot() {
	[ -r "$SYSROOT/sysroot.conf" ] || skip "no sysroot in $HALVM_BUILD"
}

need_tool() {
	command -v "$1" >/dev/null || skip "no $1"
}

# What tests compile with: halvm-ghc without what an environment could add. An
# array, because run and timeout take programs and no functions.
# shellcheck disable=SC2034
HGHC=(halvm-ghc -package-env - -v0)

# hello_sources: Main.hs, hello.c in the current folder
hello_sources() {
	cat >Main.hs <<-'EOF'
		module Main (main) where
		import System.Environment (getArgs)
		main :: IO ()
		main = do
		  args <- getArgs
		  putStrLn (unwords ("hello" : args))
	EOF
	cat >hello.c <<-'EOF'
		#include <stdio.h>
		int main(void) { puts("hello from C"); return 0; }
	EOF
}

# fails_with STATUS COMMAND...: it fails so, and in time, and says something
# that begins with its name and `error:`
fails_with() {
	local want=$1
	shift
	run timeout 120 "$@"
	# shellcheck disable=SC2154 # run sets them
	if [ "$status" != "$want" ]; then
		printf 'status %s instead of %s: %s\n%s\n' "$status" "$want" \
			"$*" "$output"
		return 1
	fi
	says "$(basename "$1"): error: "
}

# says TEXT: the output of the last `run` contains it
says() {
	if [[ $output != *"$1"* ]]; then
		printf 'not said: %s\nbut:\n' "$1"
		head -n 20 <<<"$output"
		return 1
	fi
}

# says_not TEXT
says_not() {
	if [[ $output == *"$1"* ]]; then
		printf 'said: %s\nin:\n' "$1"
		head -n 20 <<<"$output"
		return 1
	fi
}

# works COMMAND...: it exits 0
works() {
	run timeout 300 "$@"
	if [ "$status" != 0 ]; then
		printf 'status %s: %s\n' "$status" "$*"
		tail -n 20 <<<"$output"
		return 1
	fi
}

# is_static FILE: an executable for x86-64 without interpreter or dynamic part
is_static() {
	local headers
	headers=$(readelf -hlW "$1") || return 1
	[[ $headers == *'Type:'*EXEC* ]] && [[ $headers == *X86-64* ]] &&
		[[ $headers != *INTERP* ]] && [[ $headers != *DYNAMIC* ]]
}

# undefined FILE: the names a file leaves undefined
undefined() {
	nm -u "$1" | awk '{ print $NF }'
}

# only_halvm_undefined FILE: they are all of the contract with a runtime
only_halvm_undefined() {
	local others
	others=$(undefined "$1" | grep -v '^halvm_') || return 0
	printf '%s leaves undefined: %s\n' "$1" "$others"
	return 1
}
