# SPDX-License-Identifier: BSD-3-Clause
#
# markdown.awk - writes the list of system calls for doc/.
#
# Usage:  awk -f table.awk -f markdown.awk syscalls.tbl >doc/SYSCALLS.md

END {
	generated("<!-- ", " -->")
	print "\n# System calls\n"
	print "What each class is, and why a call is refused, is said at the"
	print "head of `sysroot/syscalls.tbl` and in halvm-syscalls(7).  The"
	print "linux target passes all of them to the host; with `--strict`"
	print "it refuses those of class never as a unikernel does.\n"
	print "| name | number | arguments | class | unikernel |"
	print "|---|---|---|---|---|"
	for (i = 1; i <= count; i++) {
		n = name[i]
		answer = refused(n) ? "refuses: " bare[n] : bare[n]
		print "| `" n "` | " nr[n] " | " nargs[n] " | " class[n] \
		    " | " answer " |"
	}
}
