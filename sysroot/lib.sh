# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Functions that fetch, component and the recipes share. Sourced, never run.
# shellcheck disable=SC2034
#
# Needs from the environment: SRCDIR (this tree), BUILDDIR (absolute). Sets
# WORKDIR, where everything is built, and SYSROOT, where it is installed.

set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC0 SOURCE_DATE_EPOCH=1640995200
umask 022
unset CDPATH GHC_PACKAGE_PATH GHC_ENVIRONMENT CPATH C_INCLUDE_PATH \
	LIBRARY_PATH CFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MAKELEVEL

: "${SRCDIR:?}" "${BUILDDIR:?}"
WORKDIR=$BUILDDIR/sysroot-build
SYSROOT=${SYSROOT:-$BUILDDIR/lib/halvm/sysroot}
BINDIR=${BINDIR:-$BUILDDIR/bin}
CACHE=${HALVM_CACHE_DIR-${XDG_CACHE_HOME:-$HOME/.cache}/halvm}
GHC_VERSION=9.0.2
GHC_FILES=$SRCDIR/haskell/compiler/ghc-$GHC_VERSION

say()
{
	printf 'sysroot: %s\n' "$*"
}

fail()
{
	printf 'sysroot: error: %s\n' "$*" >&2
	exit 1
}

# need TOOL PACKAGE: stops when a host tool is missing.
need()
{
	command -v "$1" >/dev/null ||
		fail "$1 is missing: install the Debian package $2"
}

# pin NAME FIELD: one column of the pins table (2 package … 5 sha256).
pin()
{
	awk -v n="$1" -v f="$2" '$1 == n { print $f; found = 1 }
		END { exit !found }' "$SRCDIR/sysroot/pins" ||
		fail "no source named '$1' in sysroot/pins"
}

sha256_of()
{
	sha256sum -- "$1" | cut -d' ' -f1
}

# source_file NAME: the verified tarball; --with-NAME-source wins.
source_file()
{
	local name=$1 var override file
	var=$(printf '%s_SOURCE' "$name" | tr '[:lower:]' '[:upper:]')
	override=${!var:-}
	file=${override:-$WORKDIR/sources/$(pin "$name" 4)}
	[ -f "$file" ] || fail "the source of $name, $file, is absent:" \
		"run 'make fetch', or configure --with-$name-source=FILE"
	[ "$(sha256_of "$file")" = "$(pin "$name" 5)" ] ||
		fail "$file has a wrong checksum (want $(pin "$name" 5)):" \
			"remove it and run 'make fetch', or name another file" \
			"with configure --with-$name-source=FILE"
	printf '%s\n' "$file"
}

# unpack NAME DIR: the tarball's content, without its top folder, in DIR.
unpack()
{
	local file
	file=$(source_file "$1")
	mkdir -p "$2"
	tar -x --no-same-owner --strip-components=1 -C "$2" -f "$file"
}

# checked_edits FILE DIR: applies a file of edits to the tree DIR.
checked_edits()
{
	awk -v root="$2" -f "$SRCDIR/sysroot/checked-edit.awk" "$1" ||
		fail "an edit of $1 does not fit the sources: it must match" \
			"exactly once (is the source another version?)"
}

# The stamp of what all C code of the sysroot is compiled with.
tool_versions()
{
	"$HOST_CC" --version | head -n 1
	"$LLD" --version | head -n 1
	"${GHC:-ghc}" --version
	# What halvm-cc adds on its own, without this machine's paths.
	"$BINDIR/halvm-cc" '-###' -c -x c /dev/null -o /dev/null 2>&1 |
		tr ' ' '\n' | grep -E '^"?-(f|m|D|U|Wa)' || true
}

# Compiler flags that make any C of the sysroot fit for ring 0: interrupts may
# come on the same stack (no red zone), the image is linked at a fixed address
# below 2 GiB, there is no dynamic linker. doc/ARCHITECTURE.md says why.
RING0_CFLAGS="-fno-pic -fno-pie -mno-red-zone -fno-stack-protector
	-fcf-protection=none -ffunction-sections -fdata-sections"

# ghc_source: the folder with GHC's unpacked sources, shared and read-only by
# agreement. Whoever needs it first unpacks it.
ghc_source()
{
	local dir=$WORKDIR/ghc-source
	(
		exec 9> "$WORKDIR/ghc-source.lock"
		flock 9
		if [ ! -f "$dir/.unpacked" ]; then
			rm -rf "$dir"
			unpack ghc "$dir"
			: > "$dir/.unpacked"
		fi
	)
	printf '%s\n' "$dir"
}

# pc_file NAME DESCRIPTION DEBIAN-VERSION LIBS: a relocatable pkg-config file.
pc_file()
{
	local version=$3
	version=${version#*:}
	version=${version%-*}
	version=${version%[.+]dfsg*}
	# shellcheck disable=SC2016
	printf '%s\n' 'prefix=${pcfiledir}/../..' 'libdir=${prefix}/lib' \
		'includedir=${prefix}/include' '' "Name: $1" \
		"Description: $2" "Version: $version" \
		"Libs: -L\${libdir} $4" 'Cflags: -I${includedir}' \
		> "$STAGE/lib/pkgconfig/$1.pc"
}
