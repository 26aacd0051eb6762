# SPDX-License-Identifier: BSD-3-Clause
# Turns the distribution's GHC settings into ours: the commands beside the
# sysroot compile and link, there is one way to link, and the RTS comes in the
# ways we build.
#
#   awk -v ar=AR -f settings.awk SETTINGS

function set(key, value)
{
	want[key] = value
}

BEGIN {
	bin = "$topdir/../../../../bin/"
	set("C compiler command", bin "halvm-cc")
	set("C compiler flags", "")
	set("C compiler link flags", "")
	set("C compiler supports -no-pie", "NO")
	set("Haskell CPP command", bin "halvm-cc")
	set("ld command", bin "halvm-ld")
	set("ld supports build-id", "NO")
	set("ld is GNU ld", "NO")
	set("Merge objects command", bin "halvm-ld")
	set("Merge objects flags", "-r")
	set("ar command", ar)
	set("unlit command", "$topdir/bin/unlit")
	set("RTS ways", "l debug thr thr_debug thr_l")
	set("Use interpreter", "YES")
}

{
	split($0, part, "\"")
	if (part[2] in want) {
		printf "%s\"%s\", \"%s\")\n", part[1], part[2], want[part[2]]
		seen[part[2]] = 1
	} else {
		print
	}
}

END {
	for (k in want) {
		if (!(k in seen)) {
			print "settings.awk: GHC has no setting named " k \
				> "/dev/stderr"
			exit 1
		}
	}
}
