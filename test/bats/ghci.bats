#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# --interactive and -e with C, packages and databases; cabal repl; what of GHC
# can't be here. interpreter.bats has the interpreter itself.

load common

setup() {
	need_sysroot
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	mkdir "$BATS_TEST_TMPDIR/g"
	cd "$BATS_TEST_TMPDIR/g" || return
	cat >own.c <<-'EOF'
		#include <errno.h>
		#include <stdio.h>
		#include <unistd.h>
		static int calls;
		int own_pure(int x) { return x * 3; }
		int own_says(int x) { return write(1, "said\n", 5) + x; }
		int own_counts(void) { return ++calls; }
		int own_fails(void) { errno = ENOENT; return -1; }
		int own_calls(int (*f)(int), int x) { return f(f(x)); }
	EOF
	cat >F.hs <<-'EOF'
		module F where
		import Foreign
		import Foreign.C
		foreign import ccall unsafe "own_pure" pure' :: CInt -> CInt
		foreign import ccall unsafe "own_says" says :: CInt -> IO CInt
		foreign import ccall unsafe "own_counts" counts :: IO CInt
		foreign import ccall unsafe "own_fails" fails :: IO CInt
		foreign import ccall unsafe "own_calls" calls
		  :: FunPtr (CInt -> IO CInt) -> CInt -> IO CInt
		foreign import ccall "&own_counts" countsPtr :: FunPtr (IO CInt)
		foreign import ccall "dynamic" run :: FunPtr (IO CInt) -> IO CInt
		foreign import ccall "wrapper" wrap
		  :: (CInt -> IO CInt) -> IO (FunPtr (CInt -> IO CInt))
		failing :: IO CInt
		failing = throwErrnoIfMinus1 "failing" fails
	EOF
}

# session ARG...: halvm-ghc --interactive on the commands of standard input
session() {
	run timeout -k 5 120 halvm-ghc -package-env - -v0 --interactive "$@"
	[ "$status" = 0 ] || {
		echo "$output"
		return 1
	}
}

# is TEXT: the output of the session
is() {
	diff - <(printf '%s\n' "$1") <<<"$output"
}

@test "modules with C imports, interpreted or compiled, and reloaded" {
	cat >commands <<-'EOF'
		pure' 14
		says 3
		counts
		counts
		run countsPtr
		wrap (pure . (+ 1)) >>= \f -> calls f 40
		failing
		:reload
		counts
		:load F.hs
		pure' 2
	EOF
	want=$'42\nsaid\n8\n1\n2\n3\n42
*** Exception: failing: does not exist (No such file or directory)\n4\n6'
	halvm-cc -c own.c -o own.o
	session own.o F.hs <commands
	is "$want"
	session -fobject-code own.o F.hs <commands
	is "$want"
	# As stock GHC, whose interpreter doesn't make calls safe.
	if [ "$(ghc --numeric-version 2>/dev/null)" = \
		"$(halvm-ghc --numeric-version)" ]; then
		gcc -c own.c -o stock.o
		sed -i '/calls f/d' commands
		run timeout 60 ghc -package-env - -v0 --interactive stock.o \
			F.hs <commands
		is "${want/$'\n'42$'\n'/$'\n'}"
	fi
}

@test "a symbol that nobody defines, then one that is" {
	halvm-cc -c own.c -o own.o
	printf '%s\n' 'module B where' 'import Foreign.C' \
		'foreign import ccall "no_such_function" b :: IO CInt' >B.hs
	printf '%s\n' ':load B.hs' b ':load F.hs' "pure' 1" >commands
	session own.o <commands
	says no_such_function
	says 3
}

# package: the package own-1 in the database db, of C and Haskell
package() {
	mkdir p
	works "${HGHC[@]}" -ip -i. -this-unit-id own-1 -odir p -hidir p \
		-split-sections -O -c F.hs
	works halvm-cc -O -c own.c -o p/own.o
	ar rcs p/libHSown-1.a p/F.o p/own.o
	works halvm-ld -r -o p/HSown-1.o p/F.o p/own.o
	halvm-ghc-pkg init db
	printf '%s\n' 'name: own' 'version: 1' 'id: own-1' 'key: own-1' \
		'exposed: True' 'exposed-modules: F' "import-dirs: $PWD/p" \
		"library-dirs: $PWD/p" 'hs-libraries: HSown-1' \
		"depends: $(halvm-ghc-pkg field base id --simple-output)" \
		>p.conf
	works halvm-ghc-pkg --package-db=db register p.conf
	rm F.hs
}

@test "packages: of a database, added at the prompt, taken away, by -e" {
	package
	printf '%s\n' 'import F' "pure' 5" counts ':set -package text' \
		'import Data.Text (pack, toUpper)' 'toUpper (pack "x")' \
		':set -hide-package own' "1 + 1" >commands
	session -package-db db <commands
	says $'15\n1\n"X"'
	works halvm-ghc -package-env - -package-db db -e "F.pure' 7" -e \
		'F.says 0'
	[ "$output" = $'21\nsaid\n5' ]
	run timeout 60 halvm-ghc -package-env - -e "F.pure' 7"
	[ "$status" = 1 ]
}

@test "cabal repl" {
	need_tool cabal
	export CABAL_DIR=$BATS_TEST_TMPDIR/cabal
	mkdir "$CABAL_DIR" app
	: >"$CABAL_DIR/config"
	cat >r.cabal <<-'EOF'
		cabal-version: 2.2
		name: r
		version: 1
		build-type: Simple
		library
		  exposed-modules: F
		  build-depends: base
		  c-sources: own.c
		  default-language: Haskell2010
		executable e
		  main-is: Main.hs
		  hs-source-dirs: app
		  build-depends: base, r, containers, template-haskell
		  default-language: Haskell2010
	EOF
	cat >app/Main.hs <<-'EOF'
		{-# LANGUAGE TemplateHaskell #-}
		import qualified Data.Map as M
		import F
		import Language.Haskell.TH.Syntax
		table :: M.Map Int Integer
		table = M.fromList [(1, $(lift (toInteger (pure' 7))))]
		main :: IO ()
		main = print table
	EOF
	repl=(cabal repl -v0 --with-compiler=halvm-ghc
		--with-hc-pkg=halvm-ghc-pkg --repl-options=-v0)
	run timeout 200 "${repl[@]}" lib:r <<<$'pure\' 3\ncounts\n:reload\ncounts'
	says $'9\n1\n2'
	run timeout 200 "${repl[@]}" exe:e <<<$'main\nM.size table'
	says $'fromList [(1,21)]\n1'
}

@test "plugins: told what can't be, on the command line and in sources" {
	echo 'main = print 1' >M.hs
	for option in -fplugin=Some '-fplugin Some' '--frontend Some'; do
		# shellcheck disable=SC2086
		fails_with 1 halvm-ghc -package-env - $option M.hs
		says "${option%%[ =]*}"
		says 'plugins don'
	done
	for pragma in -fplugin=Data.List '-O -fplugin Data.List'; do
		mkdir -p src
		printf '%s\n' "{-# OPTIONS_GHC $pragma #-}" 'module P where' \
			>src/P.hs
		run timeout 60 halvm-ghc -package-env - -v0 -isrc P
		[ "$status" = 1 ]
		says 'halvm-ghc: warning: src/P.hs asks for a compiler plugin'
		says 'take the pragma out'
	done
	# Options of plugins that nobody loads, and words in the text, are
	# nothing.
	printf '%s\n' '{-# OPTIONS_GHC -fplugin-opt=P:x #-}' 'module P where' \
		'{-# ANN f "OPTIONS_GHC -fplugin=Q" #-}' 'f :: Int' 'f = 1' \
		>src/P.hs
	works "${HGHC[@]}" -isrc P
	[ "$output" = '' ]
}

@test "ways that don't exist are refused with the way out" {
	echo 'main = print 1' >M.hs
	for option in -prof -dynamic; do
		fails_with 2 halvm-ghc -package-env - $option M.hs
		says 'Leave the option away (cabal: --disable-'
	done
}
