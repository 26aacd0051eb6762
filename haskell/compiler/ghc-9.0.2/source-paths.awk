# SPDX-License-Identifier: BSD-3-Clause
# Prints a .cabal file whose library has its modules under another path.
#
#   awk -v at=PATH -f source-paths.awk FILE.cabal
#
# Each folder of the library's hs-source-dirs gets PATH in front; a library
# that names none gets PATH itself.

function place(dirs,    a, n, i, s)
{
	n = split(dirs, a, /[ \t,]+/)
	s = ""
	for (i = 1; i <= n; i++) {
		if (a[i] == "")
			continue
		sub(/\/$/, "", a[i])
		s = s (s == "" ? "" : ", ") (a[i] == "." ? at : at "/" a[i])
	}
	return s
}

{
	line[NR] = $0
	low = tolower($0)
	if (low ~ /^library[ \t]*$/) {
		inside = 1
		start = NR
	} else if (inside && $0 ~ /^[^ \t]/ && $0 !~ /^--/) {
		inside = 0
	}
	if (inside && low ~ /^[ \t]+hs-source-dirs[ \t]*:/) {
		named = 1
		p = index($0, ":")
		line[NR] = substr($0, 1, p) " " place(substr($0, p + 1))
	}
	if (inside && !indent && NR > start && match($0, /^[ \t]+[^ \t]/))
		indent = substr($0, 1, RLENGTH - 1)
}

END {
	if (!start) {
		print "source-paths.awk: " FILENAME ": no library" > "/dev/stderr"
		exit 1
	}
	for (i = 1; i <= NR; i++) {
		print line[i]
		if (i == start && !named)
			print indent "hs-source-dirs: " at
	}
}
