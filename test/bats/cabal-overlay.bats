#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The packages that the SDK brings for cabal, haskell/overlay: how they are
# made, what their programs do, and which package cabal takes when another
# repository has one of the same name.

bats_require_minimum_version 1.5.0
load common

OVERLAY=$HALVM_SRC/haskell/overlay

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export HALVM_CABAL_DIR=$PWD/cabal CABAL_CONFIG=$PWD/user.config
	: >user.config
}

# tree DIR: a source tree that make-repository takes, with what the real one has
tree() {
	mkdir -p "$1/haskell"
	cp -R "$OVERLAY" "$1/haskell/overlay"
	cp "$HALVM_SRC/LICENSE" "$1/LICENSE"
	echo overlay/hsc2hs >"$1/haskell/overlay/folders"
}

@test "made twice the repositories are the same, whatever lies about" {
	tree a
	tree b
	touch -d 2001-01-01 b/haskell/overlay/hsc2hs/hsc2hs.c
	chmod 600 b/haskell/overlay/hsc2hs/hsc2hs.c
	touch b/haskell/overlay/hsc2hs/hsc2hs.c~ b/haskell/overlay/hsc2hs/x.o
	mkdir -p b/haskell/overlay/hsc2hs/dist-newstyle/cache
	chmod -R a-w b
	works a/haskell/overlay/make-repository a a.out
	umask 077
	works b/haskell/overlay/make-repository b b.out
	chmod -R u+w b
	works diff -r a.out b.out
	[ -s a.out/hsc2hs-0.68.8.tar.gz ]
	[ -s a.out/tools/alex-3.2.7.1.tar.gz ]
	works tar -tzf a.out/tools/happy-1.20.0.tar.gz
	[ "$output" = "happy-1.20.0/
happy-1.20.0/LICENSE
happy-1.20.0/happy.cabal
happy-1.20.0/tool.c" ]
}

@test "the build has what the sources make" {
	[ -d "$HALVM_BUILD/lib/halvm/packages" ] ||
		skip "no packages in $HALVM_BUILD"
	works "$OVERLAY/make-repository" "$HALVM_SRC" out
	works diff -r out "$HALVM_BUILD/lib/halvm/packages"
}

@test "a wrong list of packages is told, and nothing is replaced" {
	tree a
	mkdir out
	touch out/old
	echo interfaces/none >>a/haskell/overlay/folders
	fails_with 1 a/haskell/overlay/make-repository a out
	says 'haskell/interfaces/none has not one .cabal file'
	echo overlay/hsc2hs >a/haskell/overlay/folders
	echo overlay/hsc2hs >>a/haskell/overlay/folders
	fails_with 1 a/haskell/overlay/make-repository a out
	says 'two packages are hsc2hs-0.68.8'
	sed -i '/^version/d' a/haskell/overlay/hsc2hs/hsc2hs.cabal
	fails_with 1 a/haskell/overlay/make-repository a out
	says "no 'version:'"
	[ -e out/old ]
	fails_with 1 a/haskell/overlay/make-repository a
	says usage
}

# tool NAME: the executable of a tool's package, in own/, by the host's compiler
tool() {
	mkdir -p own
	"${CC:-cc}" -Wall -Wextra -Werror "-DTOOL_NAME=$1" \
		-DTOOL_VERSION=1.2.3.4 "-DDEBIAN_NAME=deb-$1" \
		"$OVERLAY/tool/tool.c" -o "own/$1"
}

# program FILE LINE...: a shell script
program() {
	mkdir -p "$(dirname "$1")"
	printf '#!/bin/sh\n' >"$1"
	printf '%s\n' "${@:2}" >>"$1"
	chmod +x "$1"
}

@test "a tool's package runs the host's tool, past itself and its copies" {
	tool my-tool
	cp -R own copy
	# shellcheck disable=SC2016
	program host/my-tool 'echo "host: $*"; exit 3'
	ln -s "$PWD/own" link
	PATH=$PWD/own:$PWD/link:$PWD/copy::$PWD/host:/usr/bin:/bin \
		run timeout 60 own/my-tool --flag 'two words'
	[ "$status" = 3 ]
	[ "$output" = 'host: --flag two words' ]
}

@test "a tool that isn't installed is told, with its package" {
	tool my-tool
	cp -R own copy
	PATH=$PWD/own:$PWD/copy:/usr/bin:/bin run -127 timeout 60 own/my-tool
	says "my-tool: error: my-tool is not installed on this machine"
	says "install Debian's package 'deb-my-tool'"
	# cabal asks for these first, and doesn't show errors.
	PATH=/usr/bin:/bin run -0 own/my-tool --numeric-version
	[ "$output" = 1.2.3.4 ]
	PATH=/usr/bin:/bin run -0 own/my-tool --version
	[ "$output" = 'my-tool version 1.2.3.4' ]
	rm copy/my-tool
	mkdir copy/my-tool
	PATH=$PWD/copy run -127 /usr/bin/timeout 60 own/my-tool
	says 'my-tool: error: '
	env -u PATH timeout 60 "$PWD/own/my-tool" 2>err || [ $? = 127 ]
	grep -q 'not installed' err
}

@test "hsc2hs is the one beside the C compiler, else on PATH" {
	mkdir own
	"${CC:-cc}" -Wall -Wextra -Werror "$OVERLAY/hsc2hs/hsc2hs.c" -o own/hsc2hs
	# shellcheck disable=SC2016
	program sdk/halvm-hsc2hs 'echo "sdk: $*"'
	# shellcheck disable=SC2016
	program path/halvm-hsc2hs 'echo "path: $*"'
	PATH=$PWD/path:/usr/bin:/bin run -0 own/hsc2hs "--cc=$PWD/sdk/halvm-cc" x
	[ "$output" = "sdk: --cc=$PWD/sdk/halvm-cc x" ]
	PATH=$PWD/path:/usr/bin:/bin run -0 own/hsc2hs --cc=/usr/bin/gcc x
	[ "$output" = 'path: --cc=/usr/bin/gcc x' ]
	HALVM_HSC2HS=$PWD/sdk/halvm-hsc2hs PATH=$PWD/path:/usr/bin:/bin \
		run -0 own/hsc2hs x
	[ "$output" = 'sdk: x' ]
	PATH=/usr/bin:/bin run -127 own/hsc2hs -c
	says "hsc2hs: error: can't run 'halvm-hsc2hs'"
}

@test "cabal shows that a tool isn't installed" {
	need_sysroot
	need_tool cabal
	local tool
	project alex:alex, happy:happy, c2hs:c2hs
	cd project
	sed -i 's/main-is: .*/&\n  other-modules: X/' project.cabal
	mkdir bin
	ln -s /usr/bin/* bin
	rm -f bin/alex bin/happy bin/c2hs
	for tool in x:alex y:happy chs:c2hs; do
		rm -f X.*
		: >"X.${tool%:*}"
		PATH=$HALVM_BUILD/bin:$PWD/bin run ! timeout 300 \
			halvm-cabal build
		says "${tool#*:}: error: ${tool#*:} is not installed on this"
	done
}

# theirs NAME VERSION: a package of that name in a repository of the user's,
# whose executable is NAME
theirs() {
	mkdir -p theirs "$1-$2"
	cat >"$1-$2/$1.cabal" <<-EOF
		cabal-version: 2.2
		name: $1
		version: $2
		build-type: Simple
		executable $1
		  main-is: main.c
		  default-language: Haskell2010
	EOF
	printf '#include <stdio.h>\nint main(void) { puts("theirs"); }\n' \
		>"$1-$2/main.c"
	tar -czf "theirs/$1-$2.tar.gz" "$1-$2"
	printf 'repository theirs\n  url: file+noindex://%s#shared-cache\n' \
		"$PWD/theirs" >user.config
}

# project TOOL...: a project that needs them, with a user's repository or none
project() {
	mkdir -p project
	{
		cat <<-'EOF'
			cabal-version: 2.2
			name: project
			version: 1
			build-type: Simple
			executable project
			  main-is: Main.hs
			  default-language: Haskell2010
			  build-depends: base
		EOF
		echo "  build-tool-depends: $*"
	} >project/project.cabal
	echo 'main = pure ()' >project/Main.hs
}

@test "ours wins where others are wrong, gives way elsewhere" {
	need_sysroot
	need_tool cabal
	theirs hsc2hs 0.99
	theirs alex 3.9
	theirs happy 1.20.0
	theirs c2hs 0.1
	project hsc2hs:hsc2hs, alex:alex, happy:happy, c2hs:c2hs
	cd project
	echo 'packages: .' >cabal.project
	works halvm-cabal build --dry-run
	says 'hsc2hs-0.68.8 '
	says 'alex-3.9 '
	says 'happy-1.20.0 '
	says 'c2hs-0.28.8 '
	# Of the same version it is theirs.
	works halvm-cabal build --only-dependencies
	works find "$HALVM_CABAL_DIR" -path '*happy*' -name happy -type f -perm -1
	run -0 "${lines[0]}"
	[ "$output" = theirs ]
}

@test "who wants none of ours gets none" {
	need_sysroot
	need_tool cabal
	theirs hsc2hs 0.99
	project hsc2hs:hsc2hs
	cd project
	works halvm-cabal build --dry-run
	says 'hsc2hs-0.68.8 '
	works halvm-cabal \
		--active-repositories=:rest,halvm-overlay:skip,halvm-tools:skip \
		build --dry-run
	says 'hsc2hs-0.99 '
	works halvm-cabal --active-repositories=theirs build --dry-run
	says 'hsc2hs-0.99 '
	sed -i 's/hsc2hs:hsc2hs/alex:alex/' project.cabal
	run ! timeout 300 halvm-cabal --active-repositories=theirs build \
		--dry-run
	says 'unknown package'
}
