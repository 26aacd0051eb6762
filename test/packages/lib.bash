# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2034
#
# What the scripts of this folder share. Sourced, never run.
#
# All they make is in $WORK, a cache whose entries are keyed by content, so it
# may be removed at any time, and an interrupted run goes on where it stopped:
#
#   sources/      tarballs, verified (the same folder as the sysroot's)
#   packages/     repository/ (the sdists), and a folder for each toolchain

set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC0
umask 022
unset CDPATH GHC_PACKAGE_PATH GHC_ENVIRONMENT CABAL_DIR CABAL_CONFIG

HERE=${BASH_SOURCE[0]%/*}
[[ $HERE == /* ]] || HERE=$PWD/$HERE
PINS=${HALVM_PACKAGES_PINS:-$HERE/pins}
CACHE=${HALVM_CACHE_DIR-${XDG_CACHE_HOME:-$HOME/.cache}/halvm}
SOURCES=$CACHE/sources
WORK=$CACHE/packages
REPOSITORY=${REPOSITORY:-$WORK/repository}
STAND_INS=${STAND_INS:-$WORK/stand-ins}

say() {
	printf 'packages: %s\n' "$*"
}

fail() {
	printf 'packages: error: %s\n' "$*" >&2
	exit 1
}

# need TOOL PACKAGE
need() {
	command -v "$1" >/dev/null ||
		fail "$1 is missing: install the Debian package $2"
}

# rows FILE: without comments and empty lines
rows() {
	awk '!/^#/ && NF' "$1"
}

# has_sum FILE SHA256
has_sum() {
	[[ -f $1 && $(sha256sum -- "$1") == "$2 "* ]]
}

# name_of ID, version_of ID: the parts of NAME-VERSION
name_of() {
	printf '%s\n' "${1%-*}"
}

version_of() {
	printf '%s\n' "${1##*-}"
}
