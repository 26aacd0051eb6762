# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# A bare Debian in a folder, $chroot, for tests of packages: debootstrap's
# minbase of the release that the system is, from the archive that it uses.
# Its tarball, and the packages that apt fetches in it, are kept in the cache.
# Whatever is run in it has namespaces of its own for mounts and processes, so
# that nothing outlives the command.

# The folder; a file that loads this may choose another.
chroot=${chroot:-$BATS_FILE_TMPDIR/chroot}
chroot_cache=${XDG_CACHE_HOME:-$HOME/.cache}/halvm/debian

# chroot_lists: the archives of Debian that the system reads, as apt's lines
chroot_lists() {
	# shellcheck disable=SC2016 # apt-get's own variables
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
		--format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' | sort -u
}

# chroot_missing: says why there can't be one here, and nothing if there can
chroot_missing() {
	local tool line uri
	[ "$(id -u)" = 0 ] || {
		echo 'a chroot needs root'
		return
	}
	for tool in debootstrap apt-get unshare; do
		command -v $tool >/dev/null || {
			echo "no $tool"
			return
		}
	done
	unshare --mount --pid --fork true 2>/dev/null || {
		echo 'no namespaces for mounts'
		return
	}
	if ! mknod "$BATS_FILE_TMPDIR/null" c 1 3 ||
		! : >"$BATS_FILE_TMPDIR/null"; then
		echo "no device files in $BATS_FILE_TMPDIR"
		return
	fi 2>/dev/null
	# shellcheck disable=SC1091 # not ours
	chroot_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	line=$(chroot_lists | awk -v s="$chroot_suite" '$3 == s' | head -n 1)
	uri=$(awk '{ print $2 }' <<<"$line")
	[[ $uri == http* ]] || {
		echo "apt knows no archive of Debian ${chroot_suite:-}"
		return
	}
	timeout 120 /usr/lib/apt/apt-helper download-file \
		"${uri%/}/dists/$chroot_suite/Release" \
		"$BATS_FILE_TMPDIR/Release" >/dev/null 2>&1 ||
		echo "$uri is out of reach"
}

# chroot_base: writes the tarball of the bare system to the cache, named
# $chroot_tarball, unless it is there
chroot_base() {
	local line uri new
	local -a proxy=()
	# shellcheck disable=SC1091 # not ours
	chroot_suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	line=$(chroot_lists | awk -v s="$chroot_suite" '$3 == s' | head -n 1)
	uri=$(awk '{ print $2 }' <<<"$line")
	chroot_tarball=$chroot_cache/$chroot_suite-$(sha256sum <<<"$uri" |
		cut -c 1-12).tar
	[ -s "$chroot_tarball" ] && return
	mkdir -p "$chroot_cache"
	new=$(mktemp -d "$BATS_FILE_TMPDIR/base.XXXXXX")
	eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
	[ -z "${http_proxy:-}" ] || proxy=(env "http_proxy=$http_proxy")
	timeout 900 "${proxy[@]}" unshare --mount debootstrap \
		--variant=minbase --include=ca-certificates \
		"$chroot_suite" "$new" "$uri" >"$BATS_FILE_TMPDIR/base.log" \
		2>&1 || {
		tail -n 20 "$BATS_FILE_TMPDIR/base.log"
		return 1
	}
	chmod 755 "$new"
	rm -f "$new"/var/cache/apt/archives/*.deb
	tar -C "$new" --one-file-system -cf "$chroot_tarball.$$" .
	mv "$chroot_tarball.$$" "$chroot_tarball"
	rm -rf "$new"
}

# chroot_make: the folder $chroot, with apt set up as the system's is
chroot_make() {
	chroot_base || return
	mkdir -p "$chroot" "$chroot_cache/archives/partial"
	tar -C "$chroot" -xf "$chroot_tarball"
	chroot_lists >"$chroot/etc/apt/sources.list"
	apt-config dump Acquire | grep -iE '::proxy|^Acquire::https?::' \
		>"$chroot/etc/apt/apt.conf.d/90system" || :
	# It's thrown away: no need to wait for disks, nor for languages.
	cat >"$chroot/etc/apt/apt.conf.d/91test" <<-'END'
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Install-Recommends "false";
		APT::Sandbox::User "root";
		Binary::apt::APT::Keep-Downloaded-Packages "true";
	END
	echo force-unsafe-io >"$chroot/etc/dpkg/dpkg.cfg.d/test"
	cp -L /etc/resolv.conf /etc/hosts "$chroot/etc/"
	in_chroot useradd -m tester
	in_chroot apt-get -q update
}

# in_chroot COMMAND...: as root, with the cache of packages; killed after
# ten minutes
in_chroot() {
	# shellcheck disable=SC2016 # for the script to expand
	timeout -k 10 600 env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		unshare --mount --pid --fork --kill-child sh -ec '
			root=$1 archives=$2
			shift 2
			mount -t proc proc "$root/proc"
			mount --bind "$archives" "$root/var/cache/apt/archives"
			exec chroot "$root" "$@"' sh \
		"$chroot" "$chroot_cache/archives" "$@"
}

# as_tester COMMAND...: as a plain user, in its own folder
as_tester() {
	# shellcheck disable=SC2016 # for the script to expand
	in_chroot setpriv --reuid=tester --regid=tester --clear-groups \
		env HOME=/home/tester USER=tester \
		sh -ec 'cd && exec "$@"' sh "$@"
}

# chroot_files: what lies in it, but for what changes by itself, and for what
# apt and dpkg write down
chroot_files() {
	(cd "$chroot" && find . -xdev \( -path ./proc -o -path ./dev \
		-o -path ./tmp -o -path ./var/tmp -o -path ./var/log \
		-o -path ./var/cache -o -path ./var/lib/apt \
		-o -path ./var/lib/dpkg -o -path ./home \) -prune \
		-o ! -type d -printf '%p %y %m %U:%G %s %l\n' \
		-o -type d -printf '%p %y %m %U:%G\n') | sort
}
