# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Debian source packages by apt-get, with a private list of sources that is
# derived from the system's, which is only read. After lib.bash; needs $APT, a
# folder for lists.

# apt_get LIST ARGUMENT...
apt_get() {
	local list=$1
	shift
	apt-get -qq -o Dir::Etc::sourcelist="$list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$APT/lists" -o Dir::Cache="$APT/cache" \
		-o Acquire::Retries=3 -o APT::Sandbox::User="$(id -un)" "$@"
}

# apt_lists: $APT/all.list, a deb-src line for each Debian archive known, and
# the archives' indices
apt_lists() {
	[[ ! -s $APT/all.list ]] || return 0
	need apt-get apt
	mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial"
	# shellcheck disable=SC2016
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' --format \
		'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' | sort -u \
		>"$APT/all.list"
	[[ -s $APT/all.list ]] || fail "apt knows no Debian archive: run" \
		"'apt-get update' as root, or set HALVM_PACKAGES_SOURCES to a" \
		"folder with the tarballs that test/packages/pins names"
	apt_get "$APT/all.list" update ||
		say "warning: not every package list could be fetched"
}

# apt_sources SOURCE=VERSION...: upstream's tarballs, into the current folder;
# all at once, else each for itself: one that is gone must not hide the others.
# The status is that of the last.
apt_sources() {
	local source status=0
	apt_lists
	apt_get "$APT/all.list" source --download-only --tar-only "$@" &&
		return
	for source; do
		apt_get "$APT/all.list" source --download-only --tar-only \
			"$source" || status=$?
	done
	return "$status"
}
