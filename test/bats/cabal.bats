#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# halvm-cabal: targets, its commands, its own files and nobody else's, and plain
# cabal with halvm-ghc. No network: local packages and the boot libraries.
# What a package can have is tested in cabal-features.bats.

# Bats sets the folders, run the variables, each test its own environment.
# shellcheck disable=SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0
load common

# Commands that boot something on kvm do so with this.
export HALVM_RUN_OPTIONS='--memory=64M --timeout=200'

# A home of this file's own; its name has a blank, as homes may.
use_home() {
	export HOME=$BATS_FILE_TMPDIR/'a home'
	unset HALVM_CABAL_DIR HALVM_HOST_CABAL HALVM_CABAL CABAL_DIR \
		CABAL_CONFIG XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
}

# What halvm-cabal must leave alone, as one text. What one types into GHCi is
# remembered where GHCi does that, by halvm-ghc, too.
theirs() {
	(cd "$HOME" && find .cabal .ghc .config ! -name ghci_history \
		! -path .ghc -printf '%p %s %T@\n' | sort &&
		cat .cabal/config)
}

demo_package() {
	mkdir -p demo/app demo/test demo/data
	cat >demo/demo.cabal <<-'X'
		cabal-version: 2.4
		name: demo
		version: 0.1
		data-dir: data
		data-files: words
		library
		  exposed-modules: Demo
		  build-depends: base
		  default-language: Haskell2010
		executable tell
		  main-is: Main.hs
		  hs-source-dirs: app
		  other-modules: Paths_demo
		  autogen-modules: Paths_demo
		  build-depends: base, demo
		  default-language: Haskell2010
		executable other
		  main-is: Other.hs
		  hs-source-dirs: app
		  build-depends: base
		  default-language: Haskell2010
		test-suite plain
		  type: exitcode-stdio-1.0
		  main-is: Plain.hs
		  hs-source-dirs: test
		  other-modules: Paths_demo
		  autogen-modules: Paths_demo
		  build-depends: base, demo
		  default-language: Haskell2010
		test-suite detailed
		  type: detailed-0.9
		  test-module: Detailed
		  hs-source-dirs: test
		  build-depends: base, Cabal
		  default-language: Haskell2010
		benchmark speed
		  type: exitcode-stdio-1.0
		  main-is: Other.hs
		  hs-source-dirs: app
		  build-depends: base
		  default-language: Haskell2010
	X
	echo 'the words' >demo/data/words
	echo 'a note' >demo/note
	cat >demo/Demo.hs <<-'X'
		module Demo (greeting) where
		greeting :: String
		greeting = "hello"
	X
	cat >demo/app/Main.hs <<-'X'
		module Main (main) where
		import Demo (greeting)
		import Paths_demo (getDataFileName)
		import System.Environment (getArgs)
		import System.Exit (ExitCode (ExitFailure), exitWith)
		main :: IO ()
		main = do
		  args <- getArgs
		  case args of
		    ["fail"] -> exitWith (ExitFailure 42)
		    ["data"] -> getDataFileName "words" >>= readFile >>= putStr
		    ["cat", f] -> readFile f >>= putStr
		    _ -> putStrLn (unwords (greeting : args))
	X
	cat >demo/app/Other.hs <<-'X'
		module Main (main) where
		import System.Environment (getArgs)
		main :: IO ()
		main = getArgs >>= print
	X
	cat >demo/test/Plain.hs <<-'X'
		module Main (main) where
		import Demo (greeting)
		import Paths_demo (getDataFileName)
		import System.Environment (getArgs)
		main :: IO ()
		main = do
		  note <- readFile "note"
		  text <- getDataFileName "words" >>= readFile
		  args <- getArgs
		  if (note, text, greeting, args)
		      == ("a note\n", "the words\n", "hello", [])
		    then putStrLn "as it should be" else fail (show args)
	X
	cat >demo/test/Detailed.hs <<-'X'
		module Detailed (tests) where
		import Distribution.TestSuite
		tests :: IO [Test]
		tests = do
		  note <- readFile "note"
		  pure [one "first" Pass, one "second" (result note)]
		  where
		    result "a note\n" = Pass
		    result s = Fail s
		    one s r = Test TestInstance
		      { run = pure (Finished r), name = s, tags = []
		      , options = [], setOption = \_ _ -> Left "none" }
	X
}

setup_file() {
	[ -r "$SYSROOT/sysroot.conf" ] || return 0
	command -v cabal >/dev/null || return 0
	use_home
	mkdir -p "$HOME/.cabal" "$HOME/.ghc" "$HOME/.config/cabal"
	cat >"$HOME/.cabal/config" <<-X
		-- the user's
		jobs: 1
		store-dir: $HOME/.cabal/store
		with-compiler: /nonesuch/ghc
	X
	cd "$BATS_FILE_TMPDIR" || return
	theirs >theirs.before
	demo_package
	cd demo || return
	timeout 600 halvm-cabal build all >../build.log 2>&1 ||
		echo "status $?" >>../build.log
}

setup() {
	need_sysroot
	need_tool cabal
	use_home
	DEMO=$BATS_FILE_TMPDIR/demo
	cd "$BATS_TEST_TMPDIR" || return
}

# built: the demo was; it is then the current folder
built() {
	if grep '^status' "$BATS_FILE_TMPDIR/build.log"; then
		tail -n 40 "$BATS_FILE_TMPDIR/build.log"
		return 1
	fi
	cd "$DEMO" || return
}

# hc ARGUMENT...: halvm-cabal, its standard error apart
hc() {
	run --separate-stderr timeout 600 halvm-cabal "$@" </dev/null
}

# gives STATUS TEXT: so ended the last hc, and this was its output
gives() {
	if [ "$status" != "$1" ] || [ "$output" != "$2" ]; then
		printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
		return 1
	fi
}

# Everything that the compiler and its linker wrote, and when. The one object of
# a package for the interpreter is merged whenever cabal looks.
compiled() {
	find dist-newstyle/halvm/build ! -name 'HS*.o' \( -name '*.o' -o \
		-name '*.hi' -o -name '*.a' -o -name tell -o -name plain \) \
		-type f -printf '%p %T@\n' | sort
}

@test "build for linux: a static executable, in a folder of our own" {
	built
	hc list-bin -v0 exe:tell
	[ "$status" = 0 ]
	[[ $output == "$DEMO"/dist-newstyle/halvm/* ]]
	is_static "$output"
	[ "$("$output" you)" = 'hello you' ]
	[ ! -e dist-newstyle/build ]
}

@test "run for linux and for kvm: arguments, status" {
	built
	for target in linux kvm; do
		hc run -v0 --target=$target tell -- a 'b c' --target=x
		gives 0 'hello a b c --target=x'
		hc run -v0 exe:tell --target $target -- fail
		gives 42 ''
	done
	HALVM_TARGET=kvm hc run -v0 demo:exe:tell x
	gives 0 'hello x'
	hc -v0 --target=kvm run tell
	gives 0 hello
}

@test "another target compiles nothing, and links only what changed" {
	built
	hc build -v0 exe:tell
	gives 0 ''
	compiled >"$BATS_TEST_TMPDIR/before"
	rm -f dist-newstyle/halvm/build/*/*/*/x/tell/build/tell/tell.*
	hc build --target=kvm exe:tell
	[ "$status" = 0 ]
	[[ $output == *'Linking '*/tell.kvm* ]]
	[[ $output$stderr != *Compiling* ]]
	compiled | diff "$BATS_TEST_TMPDIR/before" -
	hc build --target=kvm exe:tell
	[[ $output != *Linking* ]]
	# other options, the executable, a target's own file
	hc build --target=kvm --forbid-syscall=socket exe:tell
	[[ $output == *tell.kvm* ]]
	hc build --target=kvm exe:tell
	[[ $output == *tell.kvm* ]]
	hc list-bin -v0 exe:tell
	touch "$output"
	hc build --target=kvm exe:tell
	[[ $output == *tell.kvm* ]]
	hc build --target=kvm --root=data exe:tell
	hc build --target=kvm --root=data exe:tell
	[[ $output == *tell.kvm* ]]
}

@test "an executable keeps its portable object when it is copied and stripped" {
	built
	hc list-bin -v0 exe:other
	cp "$output" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR"
	strip copy
	works halvm-ld --target=kvm copy -o image
	works halvm-run image a
	[ "$output" = '["a"]' ]
	works halvm-ld --report=syscalls copy
	says write
	objcopy --remove-section=.halvm.portable copy bare
	fails_with 1 halvm-ld --target=kvm bare -o image
	# what is inside is trusted no more than any input
	objcopy --update-section .halvm.portable=/etc/passwd copy bad
	fails_with 1 halvm-ld --target=kvm bad -o image
}

@test "build takes cabal's targets, and --target anywhere" {
	built
	rm -f dist-newstyle/halvm/build/*/*/*/x/*/build/*/*.kvm
	hc build -v0 --target kvm exes
	[ "$status" = 0 ]
	[ "$(find dist-newstyle/halvm -name '*.kvm' | wc -l)" = 2 ]
	hc list-bin -v0 --target=kvm other
	[[ $output == */other.kvm ]]
	[ -e "$output" ]
	works halvm-image --info "$output"
	says 'target: kvm'
	fails_with 1 halvm-cabal list-bin --target=kvm nonesuch
	says "'nonesuch' is no executable"
	says demo:exe:other
	fails_with 1 halvm-cabal run --target=kvm
	says demo:exe:tell
	fails_with 2 halvm-cabal build --target=nonesuch
	says kvm
	fails_with 2 halvm-cabal build --target
	fails_with 2 halvm-cabal sdist --target=kvm
}

@test "run: data files, --root, options of halvm-run and halvm-ld" {
	built
	hc run -v0 --target=kvm tell data
	gives 0 'the words'
	hc run -v0 --target=kvm tell cat note
	gives 0 'a note'
	mkdir "$BATS_TEST_TMPDIR/files"
	echo inside >"$BATS_TEST_TMPDIR/files/f"
	hc run -v0 --target=kvm --root "$BATS_TEST_TMPDIR/files" tell cat /f
	gives 0 inside
	hc run -v0 --target=kvm --run-option=--timeout=0.01 tell
	[ "$status" = 124 ]
	HALVM_RUN_OPTIONS='--memory="64' \
		fails_with 1 halvm-cabal run -v0 --target=kvm tell
	says HALVM_RUN_OPTIONS
	hc build -v0 --target=kvm --forbid-syscall=write tell
	[ "$status" = 1 ]
	[[ $stderr == *'forbidden syscall write'* ]]
	HALVM_RUN_OPTIONS='' hc run -v0 --strict tell x
	gives 0 'hello x'
	HALVM_RUN_OPTIONS='' hc run -v0 --strict tell data
	gives 0 'the words'
}

@test "test boots suites of both types, with the package's files" {
	built
	hc test --target=kvm all --test-show-details=always
	[ "$status" = 0 ]
	[[ $output == *'as it should be'* ]]
	[[ $output == *'Test suite plain: PASS'* ]]
	[[ $output == *'Test suite detailed: PASS'* ]]
	mv note note.away
	hc test --target=kvm all
	mv note.away note
	[ "$status" != 0 ]
	[[ $output == *'Test suite plain: FAIL'* ]]
	echo other >note
	hc test --target=kvm detailed
	echo 'a note' >note
	[ "$status" != 0 ]
	[[ $output == *'Test suite detailed: FAIL'* ]]
	# an argument gets there, and linux is as ever
	hc test --target=kvm plain --test-option='a b'
	[ "$status" != 0 ]
	[[ $output == *'["a b"]'* ]]
	compiled >"$BATS_TEST_TMPDIR/before"
	hc test -v0 plain
	[ "$status" = 0 ]
	hc test -v0 --target=kvm plain
	[ "$status" = 0 ]
	compiled | diff "$BATS_TEST_TMPDIR/before" -
	HALVM_RUN_OPTIONS='' hc test -v0 --strict plain
	[ "$status" = 0 ]
	fails_with 2 halvm-cabal test --target=kvm --test-wrapper=x
}

@test "bench boots benchmarks" {
	built
	hc bench -v0 --target=kvm --benchmark-options='a b' \
		--benchmark-option='c d'
	[ "$status" = 0 ]
	[[ $output == *'["a","b","c d"]'* ]]
	[[ $output == *'speed: FINISH'* ]]
}

@test "install puts images where they are wanted" {
	built
	hc install -v0 --target=kvm exe:tell exe:other
	[ "$status" = 0 ]
	[ "$(ls "$HOME/.local/share/halvm/bin")" = $'other\ntell' ]
	works halvm-run "$HOME/.local/share/halvm/bin/tell" x
	[ "$output" = 'hello x' ]
	cd "$BATS_TEST_TMPDIR"
	cp -R "$DEMO" "demo 2"
	cd "demo 2"
	hc install -v0 exe:tell --installdir=bin
	[ "$status" = 0 ]
	is_static bin/tell
	run readelf -SW bin/tell
	says_not halvm.portable
	[ "$(bin/tell y)" = 'hello y' ]
	fails_with 1 halvm-cabal install -v0 exe:tell --installdir=bin
	says overwrite-policy
	hc install -v0 exe:tell --installdir bin --overwrite-policy always \
		--target=kvm
	[ "$status" = 0 ]
	works halvm-image --info bin/tell
	says 'target: kvm'
	fails_with 2 halvm-cabal install --lib
	says build-depends
}

@test "exec finds the project's packages, repl loads them" {
	built
	cat >"$BATS_TEST_TMPDIR/Use.hs" <<-'X'
		import Demo
		main :: IO ()
		main = putStrLn greeting
	X
	hc exec -v0 --target=kvm -- halvm-ghc -v0 "$BATS_TEST_TMPDIR/Use.hs" \
		-o "$BATS_TEST_TMPDIR/use"
	[ "$status" = 0 ]
	works halvm-image --info "$BATS_TEST_TMPDIR/use"
	says 'target: kvm'
	run timeout 300 halvm-cabal repl -v0 lib:demo \
		<<<'putStrLn (greeting ++ "!")'
	says 'hello!'
}

@test "what cabal writes into a project stays free of ours" {
	cp -R "$DEMO" .
	cd demo
	rm -rf dist-newstyle
	works halvm-cabal freeze
	works halvm-cabal configure --enable-tests
	grep -q 'any.base ==' cabal.project.freeze
	grep -q 'tests: True' cabal.project.local
	run grep -e halvm -e dist-newstyle cabal.project.freeze \
		cabal.project.local
	[ "$output" = '' ]
	# a freeze file of another cabal doesn't hide our repositories
	sed -i '1s/^/active-repositories: none\n/' cabal.project.freeze
	works halvm-cabal build -v0 --dry-run
	works halvm-cabal sdist -v0
	[ -e dist-newstyle/halvm/sdist/demo-0.1.tar.gz ]
	works halvm-cabal clean
	[ ! -e dist-newstyle/halvm ]
	works halvm-cabal outdated
	works halvm-cabal update
}

@test "several packages, folders with blanks, a custom Setup" {
	mkdir -p 'my é project/one' 'my é project/two'
	cd 'my é project'
	echo 'packages: one two' >cabal.project
	cat >one/one.cabal <<-'X'
		cabal-version: 2.4
		name: one
		version: 0.1
		build-type: Custom
		custom-setup
		  setup-depends: base, Cabal
		executable one
		  main-is: One.hs
		  build-depends: base
		  default-language: Haskell2010
	X
	cat >one/Setup.hs <<-'X'
		import Distribution.Simple
		main = putStrLn "setup runs here" >> defaultMain
	X
	echo 'main = putStrLn "one"' >one/One.hs
	cat >two/two.cabal <<-'X'
		cabal-version: 2.4
		name: two
		version: 0.1
		executable two
		  main-is: Two.hs
		  build-depends: base
		  default-language: Haskell2010
	X
	echo 'main = putStrLn "two"' >two/Two.hs
	works halvm-cabal build --target=kvm all
	says 'setup runs here'
	says one.kvm
	says two.kvm
	hc run -v0 --target=kvm two
	[ "$status" = 0 ]
	[[ $output == *two ]]
	echo 'main = putStrLn "changed"' >two/Two.hs
	hc run -v0 --target=kvm two
	[[ $output == *changed ]]
	fails_with 1 halvm-cabal run -v0 --target=kvm
	says one:exe:one
	cd one
	hc run -v0 --target=kvm
	[ "$status" = 0 ]
	[[ $output == *one ]]
	# the folder of a package is a target, too
	hc build -v1 --target=kvm ../two
	[ "$status" = 0 ]
}

@test "the user's repositories are used, and ours are there" {
	mkdir -p repo/thing-1.0 use
	cat >repo/thing-1.0/thing.cabal <<-'X'
		cabal-version: 2.4
		name: thing
		version: 1.0
		library
		  exposed-modules: Thing
		  build-depends: base
		  default-language: Haskell2010
	X
	echo 'module Thing where { thing :: Int; thing = 7 }' \
		>repo/thing-1.0/Thing.hs
	tar -C repo -czf repo/thing-1.0.tar.gz thing-1.0
	rm -r repo/thing-1.0
	cat >config <<-X
		repository mine
		  url: file+noindex://$PWD/repo
		store-dir: $PWD/theirs
	X
	cat >use/use.cabal <<-'X'
		cabal-version: 2.4
		name: use
		version: 1.0
		executable use
		  main-is: Use.hs
		  build-depends: base, thing
		  default-language: Haskell2010
	X
	echo 'import Thing; main = print thing' >use/Use.hs
	cd use
	run timeout 120 halvm-cabal build -v0
	[ "$status" != 0 ]
	export HALVM_CABAL_DIR=$BATS_TEST_TMPDIR/state
	CABAL_CONFIG=$BATS_TEST_TMPDIR/config hc run -v0 --target=kvm
	gives 0 7
	[ -d "$HALVM_CABAL_DIR" ]
	[ ! -e "$BATS_TEST_TMPDIR/theirs" ]
	grep -q 'repository mine' "$HALVM_CABAL_DIR"/*/config
	grep -q 'repository halvm-overlay' "$HALVM_CABAL_DIR"/*/config
	# below exec the configuration is ours, and stays what it is
	cp "$HALVM_CABAL_DIR"/*/config "$BATS_TEST_TMPDIR/before"
	CABAL_CONFIG=$BATS_TEST_TMPDIR/config works halvm-cabal exec -v0 -- \
		halvm-cabal build -v0
	diff "$BATS_TEST_TMPDIR/before" "$HALVM_CABAL_DIR"/*/config
}

@test "another toolchain has another store" {
	export HALVM_CABAL_DIR=$PWD/state
	works halvm-cabal help
	mkdir -p other/ghc/bin
	cp "$SYSROOT/sysroot.conf" other
	cp -R "$SYSROOT/ghc/settings" "$SYSROOT/ghc/package.conf.d" other/ghc
	ln -s "$SYSROOT/ghc/bin/ghc" other/ghc/bin/ghc
	export HALVM_SYSROOT=$PWD/other
	works halvm-cabal help
	[ "$(find state -name config | wc -l)" = 1 ]
	# a library's description, and the compiler
	echo >>other/ghc/package.conf.d/base-4.15.1.0.conf
	works halvm-cabal help
	[ "$(find state -name config | wc -l)" = 2 ]
	rm other/ghc/bin/ghc
	cp /bin/true other/ghc/bin/ghc
	works halvm-cabal help
	[ "$(find state -name config | wc -l)" = 3 ]
	objcopy --remove-section=.note.gnu.build-id other/ghc/bin/ghc
	works halvm-cabal help
	[ "$(find state -name config | wc -l)" = 4 ]
}

@test "wrong input gets a message" {
	export HALVM_CABAL_DIR=$PWD/state
	fails_with 2 halvm-cabal
	fails_with 2 halvm-cabal frobnicate
	fails_with 2 halvm-cabal v1-build
	fails_with 2 halvm-cabal build --with-compiler=ghc
	fails_with 2 halvm-cabal build -w ghc
	run timeout 60 halvm-cabal build
	[ "$status" = 1 ]
	says cabal
	touch script.hs
	fails_with 2 halvm-cabal run --target=kvm script.hs
	says halvm-ghc
	# no cabal, one that is too old, something else
	mkdir bin
	run env PATH="$PWD/bin" "$HALVM_BUILD/bin/halvm-cabal" build
	[ "$status" = 1 ]
	says 'apt-get install cabal-install'
	printf '#!/bin/sh\necho 2.4.1.0\n' >bin/old
	printf '#!/bin/sh\necho What?\n' >bin/odd
	chmod +x bin/old bin/odd
	HALVM_HOST_CABAL=$PWD/bin/old fails_with 1 halvm-cabal build
	says 3.4
	HALVM_HOST_CABAL=$PWD/bin/odd fails_with 1 halvm-cabal build
	HALVM_HOST_CABAL=$PWD/bin/none fails_with 1 halvm-cabal build
	says bin/none
	# nowhere to write
	HALVM_CABAL_DIR=$PWD/script.hs/x fails_with 1 halvm-cabal build
	says HALVM_CABAL_DIR
	unset HALVM_CABAL_DIR
	run env -u HOME halvm-cabal build
	[ "$status" = 1 ]
	says HOME
	HALVM_SYSROOT=$PWD/none fails_with 1 halvm-cabal build
	HALVM_CABAL_BOOT='"' fails_with 1 halvm-cabal /nonesuch
}

@test "a damaged plan.json is told" {
	cp -R "$DEMO" .
	cd demo
	works halvm-cabal build -v0 exe:other
	for text in '' '{' '{"install-plan":7}' '[]'; do
		printf %s "$text" >dist-newstyle/halvm/cache/plan.json
		fails_with 1 halvm-cabal build -v0 --target=kvm exe:other
		says plan.json
	done
	rm dist-newstyle/halvm/cache/plan.json
	fails_with 1 halvm-cabal build -v0 --target=kvm exe:other
	says plan.json
	rm -r dist-newstyle
	works halvm-cabal build -v0 --target=kvm exe:other
}

@test "plain cabal with halvm-ghc, on the command line" {
	cp -R "$DEMO" .
	cd demo
	rm -rf dist-newstyle
	export CABAL_DIR=$BATS_TEST_TMPDIR/cabal
	mkdir "$CABAL_DIR"
	touch "$CABAL_DIR/config"
	with=(--with-compiler=halvm-ghc --with-hc-pkg=halvm-ghc-pkg)
	works cabal build -v0 "${with[@]}" all
	works cabal run -v0 "${with[@]}" tell -- a
	[ "${lines[-1]}" = 'hello a' ]
	works cabal test -v0 "${with[@]}"
	works cabal list-bin "${with[@]}" tell
	is_static "${lines[-1]}"
}

# display TEXT: the display in the man page that follows
display() {
	awk -v text="$1" 'index($0, text) { found = 1 }
		found && /^\.Ed/ { exit }
		found && on { print }
		found && /^\.Bd/ { on = 1 }' "$HALVM_SRC/doc/man/halvm-cabal.1"
}

@test "plain cabal with the lines of the man page in cabal.project" {
	cp -R "$DEMO" .
	cd demo
	rm -rf dist-newstyle
	export CABAL_DIR=$BATS_TEST_TMPDIR/cabal
	mkdir "$CABAL_DIR"
	touch "$CABAL_DIR/config"
	echo 'packages: .' >cabal.project
	display 'or, in a project for good' >>cabal.project
	grep -q with-compiler cabal.project
	# a module that needs our hsc2hs, to have the sysroot's constants
	sed -i 's/exposed-modules: Demo/exposed-modules: Demo, Size/' demo.cabal
	printf '#include <stdio.h>\nmodule Size (size) where\nsize :: Int\n%s\n' \
		'size = #{const BUFSIZ}' >Size.hsc
	sed -i 's/^import Demo.*/&\nimport Size (size)/
		s/unwords (greeting/unwords (show size : greeting/' app/Main.hs
	works cabal build -v0 exe:tell
	works cabal list-bin exe:tell
	tell=${lines[-1]}
	[ "$("$tell" a)" = '1024 hello a' ]
	works halvm-ld --target=kvm "$tell" -o tell.kvm
	works halvm-run tell.kvm b
	[ "$output" = '1024 hello b' ]
	# and with a target in it
	display 'To have cabal link' | sed 's/NAME/demo/' >cabal.project.local
	works cabal build -v0 exe:tell
	works halvm-image --info "$tell"
	says 'target: kvm'
	works halvm-run "$tell" c
	[ "$output" = '1024 hello c' ]
	cat >test/Plain.hs <<-'X'
		main :: IO ()
		main = putStrLn "booted"
	X
	works cabal test plain --test-show-details=always
	says booted
	# halvm-cabal goes its own way in the same project
	hc run -v0 --target=kvm tell -- d
	gives 0 '1024 hello d'
}

@test "the user's own files are untouched" {
	cd "$BATS_FILE_TMPDIR"
	theirs | diff theirs.before -
	[ ! -e "$HOME/.local/state" ]
	[ "$(ls "$HOME/.cabal")" = config ]
}
