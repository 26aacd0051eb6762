#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# The packages for distributions that use RPM: built as a release would be, with
# the sysroot of this build tree, and looked at. This system's rpm knows of no
# installed packages, so that what they depend on is only read.

load common

setup_file() {
	export rpms=$BATS_FILE_TMPDIR missing=
	if ! command -v rpmbuild >/dev/null; then
		missing='no rpmbuild'
	elif [ ! -r "$SYSROOT/sysroot.conf" ]; then
		missing="no sysroot in $HALVM_BUILD"
	else
		(build) >"$rpms/build.log" 2>&1 || missing=failed
	fi
}

build() {
	local version
	version=$(make -s -C "$HALVM_BUILD" print-VERSION | tail -n 1) &&
		make -s -C "$HALVM_BUILD" distdir \
			distdir="$rpms/halvm-$version" &&
		cd "$rpms" && tar -cf "halvm-$version.tar.xz" -I 'xz -0' \
		"halvm-$version" &&
		rpm_build
}

# rpm_build [OPTION...]: from $rpms/halvm-VERSION, with this tree's
# sysroot; it keeps what it built
rpm_build() {
	HOME=$rpms nice rpmbuild -bb --nodeps --noclean "$@" \
		--define "_topdir $rpms/top" --define "_sourcedir $rpms" \
		--define "halvm_configure --with-sysroot=$SYSROOT" \
		"$rpms"/halvm-*/packaging/rpm/halvm.spec
}

setup() {
	[ "$missing" != failed ] || [ "$BATS_TEST_NUMBER" = 1 ] ||
		skip 'they could not be built'
	[ "$missing" != failed ] || {
		tail -n 20 "$rpms/build.log" | cut -c 1-200
		return 1
	}
	[ -z "$missing" ] || skip "$missing"
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$BATS_TEST_TMPDIR
}

# package NAME: its file
package() {
	echo "$rpms"/top/RPMS/*/"$1"-[0-9]*.rpm
}

# query NAME OPTION...
query() {
	rpm -qp "${@:2}" "$(package "$1")"
}

@test "rpmbuild makes the packages" {
	for name in halvm halvm-sysroot halvm-doc; do
		[ -s "$(package $name)" ]
		works rpm -K --nosignature "$(package $name)"
	done
	[ "$(query halvm --qf '%{VERSION}')" = \
		"$(make -s -C "$HALVM_BUILD" print-VERSION | tail -n 1)" ]
	[ "$(query halvm-doc --qf '%{ARCH}')" = noarch ]
}

@test "each file is in the package where it belongs" {
	query halvm -l >commands
	query halvm-sysroot -l >libraries
	query halvm-doc -l >documents
	for command in $COMMANDS; do
		grep -qx "/usr/bin/$command" commands
		grep -qx "/usr/share/man/man1/$command.1.gz" commands
	done
	for target in kvm linux vmware xen; do
		grep -qx "/usr/lib/halvm/targets/$target/runtime.o" commands
	done
	run grep /sysroot commands
	[ "$output" = '' ]
	grep -qx /usr/lib/halvm/sysroot/lib/libc.a libraries
	grep -qx /usr/lib/halvm/sysroot/ghc/bin/ghc-iserv libraries
	grep -qx /usr/share/doc/halvm/README.md documents
	grep -qx /usr/share/doc/halvm/doc/SYSCALLS.md documents
	[ "$(query halvm-sysroot --qf '[%{FILEUSERNAME}\n]' | sort -u)" = root ]
}

@test "they require what the commands call, and nothing that is a target's" {
	query halvm --requires >requires
	for name in binutils cabal-install gcc lld pkgconf \
		"halvm-sysroot = $(query halvm --qf '%{VERSION}-%{RELEASE}')"; do
		grep -qxF "$name" requires
	done
	query halvm --recommends | grep -q qemu-system-x86
	query halvm-sysroot --requires | grep -q '^libgmp\.so'
	query halvm-sysroot --provides >provides
	[ "$(grep -vc '^halvm-sysroot' provides)" = 0 ]
	query halvm-sysroot --requires >requires
	run grep -E '^(/|libHS|musl)' requires
	[ "$output" = '' ]
}

@test "no scripts run when they are installed and removed" {
	for name in halvm halvm-sysroot halvm-doc; do
		[ "$(query $name --scripts)" = '' ]
		[ "$(query $name --configfiles)" = '' ]
	done
}

@test "unpacked anywhere, they compile a program; the sysroot is untouched" {
	mkdir root
	for name in halvm halvm-sysroot; do
		rpm2archive - <"$(package $name)" | tar -C root -xz
	done
	hello_sources
	works root/usr/bin/halvm-ghc -package-env - -v0 Main.hs -o hello
	[ "$(./hello again)" = 'hello again' ]
	diff -r --no-dereference -x '*.lock' "$SYSROOT" \
		root/usr/lib/halvm/sysroot
}

@test "packed again, at another time, the packages are the same" {
	mkdir first
	cp "$rpms"/top/RPMS/*/*.rpm first/
	find "$rpms"/top/BUILD/*/rpm-build/lib/halvm/sysroot \
		-exec touch -hd 2001-02-03 {} +
	(
		umask 077
		export TZ=Pacific/Kiritimati
		rpm_build --noprep
	) >log 2>&1 || {
		tail -n 20 log
		return 1
	}
	for name in halvm halvm-sysroot halvm-doc; do
		cmp "$(echo first/$name-[0-9]*.rpm)" "$(package $name)"
	done
}
