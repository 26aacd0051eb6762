#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The packages for Debian: built from a distribution as it would be released,
# with the sysroot of this build tree; looked at; and installed, used, upgraded
# and removed in a bare system.

load common
load chroot

setup_file() {
	export chroot=$BATS_FILE_TMPDIR/chroot debs=$BATS_FILE_TMPDIR
	source=$debs/halvm-$(make -s -C "$HALVM_BUILD" print-VERSION | tail -n 1)
	export source
	missing=$(packages_missing)
	export missing
	[ -n "$missing" ] || (packages_build) >"$debs/build.log" 2>&1 ||
		missing=failed
	bare=$(chroot_missing)
	export bare
}

# packages_missing: says what keeps them from being built
packages_missing() {
	local tool
	for tool in dpkg-buildpackage dh lintian; do
		command -v $tool >/dev/null || {
			echo "no $tool"
			return
		}
	done
	[ -r "$SYSROOT/sysroot.conf" ] || echo "no sysroot in $HALVM_BUILD"
}

packages_build() {
	make -s -C "$HALVM_BUILD" distdir distdir="$source" &&
		cd "$source" && build_flags nice dpkg-buildpackage -b -us -uc
}

# build_flags COMMAND...: with this tree's sysroot, and without a cache
build_flags() {
	env HALVM_CONFIGURE_FLAGS="--with-sysroot=$SYSROOT" \
		HALVM_CACHE_DIR= "$@"
}

setup() {
	[ "$missing" != failed ] || [ "$BATS_TEST_NUMBER" = 1 ] ||
		skip "they could not be built"
	[ "$missing" != failed ] || {
		tail -n 20 "$debs/build.log" | cut -c 1-200
		return 1
	}
	[ -z "$missing" ] || skip "$missing"
	cd "$BATS_TEST_TMPDIR" || return
}

# need_installed: the packages are in the chroot
need_installed() {
	[ -z "$bare" ] || skip "$bare"
	[ -e "$debs/installed" ] || skip 'apt could not install them'
}

# deb PACKAGE: its file
deb() {
	echo "$debs/$1"_[0-9]*.deb
}

# inside FUNCTION ARGUMENT...: in_chroot or as_tester, and it exits 0
inside() {
	run "$@"
	[ "$status" = 0 ] || {
		printf 'status %s: %s\n' "$status" "$*"
		tail -n 20 <<<"$output"
		return 1
	}
}

# field PACKAGE FIELD
field() {
	dpkg-deb -f "$(deb "$1")" "$2"
}

# files PACKAGE: the paths in it, of files
files() {
	dpkg-deb --fsys-tarfile "$(deb "$1")" | tar -t | sed 's|^\.||' |
		grep -v '/$' | sort
}

@test "dpkg-buildpackage makes the packages" {
	for package in halvm halvm-sysroot halvm-doc; do
		[ -s "$(deb $package)" ]
	done
	[ "$(field halvm Architecture)" = amd64 ]
	[ "$(field halvm-sysroot Architecture)" = amd64 ]
	[ "$(field halvm-doc Architecture)" = all ]
	version=$(field halvm Version)
	[ "${version%-*}" = "$(make -s -C "$HALVM_BUILD" print-VERSION | tail -n 1)" ]
}

@test "commands, man pages and runtimes are in halvm, and no sysroot" {
	files halvm >have
	for command in $COMMANDS; do
		grep -qx "/usr/bin/$command" have
		grep -qx "/usr/share/man/man1/$command.1.gz" have
	done
	grep -qx /usr/share/man/man7/halvm-syscalls.7.gz have
	for target in kvm linux vmware xen; do
		grep -qx "/usr/lib/halvm/targets/$target/runtime.o" have
	done
	run grep -E '/sysroot/|halvm-leaf|/usr/share/doc/.*\.md' have
	[ "$output" = '' ]
}

@test "what the sysroot holds is in its package as it was built" {
	mkdir root
	dpkg-deb --fsys-tarfile "$(deb halvm-sysroot)" | tar -C root -x
	diff -r --no-dereference -x '*.lock' "$SYSROOT" \
		root/usr/lib/halvm/sysroot
	run find root ! -path '*/sysroot*' ! -type d ! -path '*/share/doc/*' \
		! -path '*/share/lintian/*'
	[ "$output" = '' ]
	for target in kvm linux; do
		dpkg-deb --fsys-tarfile "$(deb halvm)" |
			tar -xO "./usr/lib/halvm/targets/$target/runtime.o" |
			cmp - "$source/debian/build/lib/halvm/targets/$target/runtime.o"
	done
}

@test "the documents are in halvm-doc, and their links lead somewhere" {
	files halvm-doc >have
	for file in README.md doc/ARCHITECTURE.md doc/SYSCALLS.md \
		examples/wordcount/Main.hs; do
		grep -qx "/usr/share/doc/halvm/$file" have
	done
	mkdir root
	dpkg-deb --fsys-tarfile "$(deb halvm-doc)" | tar -C root -x
	cd root/usr/share/doc/halvm || return
	grep -oE '\]\((doc/)?[A-Za-z]+\.md' README.md | sed 's/.*(//' |
		while read -r link; do
			[ -r "$link" ] || {
				echo "README.md: no $link"
				return 1
			}
		done
}

@test "dependencies: all that the commands call" {
	depends=$(field halvm Depends)
	for package in binutils cabal-install gcc lld pkgconf libc6 zlib1g \
		"halvm-sysroot (= $(field halvm Version))"; do
		[[ ", $depends," == *", $package"[\ ,]* ]] || {
			echo "$package is not in: $depends"
			return 1
		}
	done
	[[ $(field halvm Recommends) == *qemu-system-x86* ]]
	for package in libc6 libffi8 libgmp10 libtinfo6; do
		[[ $(field halvm-sysroot Depends) == *"$package "* ]]
	done
}

# Not in a Build-Depends: what the SDK calls, and what every Debian has to build
# with.
@test "what the build needs is what tools/debian-packages says" {
	awk '$1 == "build" { print $2 }' "$HALVM_SRC/tools/debian-packages" |
		grep -vE '^(qemu-.*|cabal-install|coreutils|make|dpkg-dev|gcc|libc6-dev|ncurses-bin)$' |
		sort >table
	sed -n '/^Build-Depends:/,/^$/s/^ \([a-z0-9-]*\).*,$/\1/p' \
		"$source/debian/control" | grep -v debhelper | sort -u >control
	diff table control
}

# Lintian reads each section of each member of each archive: minutes of work
# for what is split into sections. So of the sysroot's archives only the
# smallest stay for it.
@test "lintian finds no errors" {
	dpkg-deb -R "$(deb halvm-sysroot)" thin
	find thin -name '*.a' -size +64k -printf '%P\n' -delete >gone
	find thin -name '*.hi' -printf '%P\n' -delete >>gone
	grep -vFf gone thin/DEBIAN/md5sums >md5sums
	mv md5sums thin/DEBIAN/
	dpkg-deb -Zgzip -z1 -b thin thin.deb
	works nice lintian --fail-on error "$(deb halvm)" "$(deb halvm-doc)" \
		thin.deb
	says_not 'E: '
}

@test "a release makes a source package, in which lintian finds no errors" {
	name=${source##*/}
	works make -s -C "$HALVM_BUILD" distdir distdir="$PWD/$name"
	tar -cf "${name/-/_}.orig.tar.xz" -I "xz -0" "$name"
	cd "$name" || return
	works nice dpkg-buildpackage -S -us -uc
	cd ..
	works dpkg-source -x "${name/-/_}"-*.dsc again
	# What unpacking adds, building leaves, and dpkg-source never takes.
	diff -r -x .pc -x files -x .gitignore "$name" again
	works nice lintian --fail-on error "${name/-/_}"-*_source.changes
	says_not "E: "
}

@test "built again, elsewhere in time and place of the world, they are the same" {
	mkdir first
	for package in halvm halvm-sysroot halvm-doc; do
		mv "$(deb $package)" first/
	done
	find "$source/debian/build/lib/halvm/sysroot" -exec touch -hd 2001-02-03 {} +
	(
		umask 077
		cd "$source" || exit
		TZ=Pacific/Kiritimati LC_ALL=C LANG=C build_flags nice \
			dpkg-buildpackage -nc -b -us -uc
	) >log 2>&1 || {
		tail -n 40 log
		return 1
	}
	for package in halvm halvm-sysroot halvm-doc; do
		cmp first/"$package"_* "$(deb $package)"
	done
}

@test "apt installs them into a bare system, with all that they need" {
	[ -z "$bare" ] || skip "$bare"
	chroot_make >log 2>&1 || {
		tail -n 30 log
		return 1
	}
	cp "$debs"/halvm*.deb "$chroot/var/tmp/"
	rm -f "$chroot"/var/tmp/*dbgsym*
	inside in_chroot sh -c 'apt-get -q -y install \
		/var/tmp/halvm_*.deb /var/tmp/halvm-sysroot_*.deb'
	: >"$debs/installed"
	for command in $COMMANDS; do
		inside as_tester "$command" --version
	done
	run in_chroot dpkg --audit
	[ "$output" = '' ]
}

@test "there, a plain user compiles a program for linux and runs it" {
	need_installed
	as_tester tee Main.hs <<-'END' >/dev/null
		{-# LANGUAGE TemplateHaskell #-}
		module Main (main) where
		import Language.Haskell.TH
		main :: IO ()
		main = putStrLn $(stringE (show (6 * 7 :: Int)))
	END
	inside as_tester halvm-ghc --target=linux Main.hs
	inside as_tester ./Main
	[ "$output" = 42 ]
	as_tester tee hello.c <<<'#include <stdio.h>
		int main(void) { puts("hello from C"); return 0; }' >/dev/null
	inside as_tester halvm-cc hello.c -o hello
	inside as_tester ./hello
	[ "$output" = 'hello from C' ]
}

@test "there, a plain user boots a program in QEMU" {
	need_installed
	inside in_chroot apt-get -q -y install qemu-system-x86
	as_tester tee Hello.hs <<<'main = interact (unlines . map reverse . lines)' \
		>/dev/null
	inside as_tester halvm-ghc --target=kvm Hello.hs -o hello.kvm
	inside as_tester sh -c 'echo stressed |
		timeout 120 halvm-run --accel=tcg hello.kvm'
	[ "$output" = desserts ]
}

@test "there, a plain user builds and runs a project with halvm-cabal" {
	need_installed
	as_tester mkdir project
	as_tester tee project/project.cabal <<-'END' >/dev/null
		cabal-version: 2.0
		name: project
		version: 1
		build-type: Simple
		executable tiny
		  main-is: Main.hs
		  build-depends: base, containers
		  default-language: Haskell2010
	END
	as_tester tee project/Main.hs <<-'END' >/dev/null
		import qualified Data.Map as M
		main :: IO ()
		main = print (M.toList (M.fromList [(2 :: Int, 'b'), (1, 'a')]))
	END
	inside as_tester sh -c 'cd project && halvm-cabal run -v0'
	[ "$output" = "[(1,'a'),(2,'b')]" ]
	inside as_tester sh -c 'cd project &&
		HALVM_ACCEL=tcg timeout 200 halvm-cabal run -v0 --target=kvm'
	[ "$output" = "[(1,'a'),(2,'b')]" ]
}

# newer PACKAGE: the next version of it, as ./PACKAGE.deb
newer() {
	local now
	now=$(field "$1" Version)
	dpkg-deb -R "$(deb "$1")" "$1"
	sed -i "/^Version:\|^Depends:/s/$now/$now+1/" "$1/DEBIAN/control"
	"${@:2}"
	dpkg-deb -Znone -b "$1" "$chroot/var/tmp/$1.new.deb"
	rm -rf "$1"
}

@test "an upgrade takes both, and what the new version lacks is gone" {
	need_installed
	version=$(field halvm Version)
	newer halvm rm halvm/usr/share/man/man1/halvm-cc.1.gz
	newer halvm-sysroot touch halvm-sysroot/usr/lib/halvm/sysroot/new
	run in_chroot apt-get -q -y install /var/tmp/halvm.new.deb
	[ "$status" != 0 ]
	says "halvm-sysroot (= $version+1)"
	inside in_chroot sh -c 'apt-get -q -y install /var/tmp/*.new.deb'
	# shellcheck disable=SC2016 # dpkg-query's own variable
	run in_chroot dpkg-query -W -f '${Version}\n' halvm halvm-sysroot
	[ "$output" = "$version+1"$'\n'"$version+1" ]
	[ ! -e "$chroot/usr/share/man/man1/halvm-cc.1.gz" ]
	[ -e "$chroot/usr/lib/halvm/sysroot/new" ]
	inside as_tester ./Main
	inside as_tester halvm-ghc --target=linux -fforce-recomp Main.hs
}

@test "removed, they leave nothing; so they do after root has used them" {
	need_installed
	inside in_chroot apt-get -q -y purge halvm halvm-sysroot
	chroot_files >before
	run grep -i halvm before
	[ "$output" = '' ]
	run in_chroot sh -c 'ls /var/lib/dpkg/info | grep halvm'
	[ "$output" = '' ]
	inside in_chroot sh -c 'dpkg -i /var/tmp/halvm_*.deb \
		/var/tmp/halvm-*_*.deb'
	inside in_chroot sh -c 'mkdir /tmp/root && cd /tmp/root &&
		echo "main = print 1" >Main.hs && HOME=/tmp/root &&
		export HOME && halvm-ghc --target=linux Main.hs && ./Main &&
		halvm-ghc-pkg check'
	inside in_chroot dpkg -P halvm halvm-sysroot halvm-doc
	chroot_files >after
	diff before after
}
