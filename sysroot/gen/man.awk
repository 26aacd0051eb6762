# SPDX-License-Identifier: BSD-3-Clause
#
# man.awk - writes the manual page halvm-syscalls(7).
#
# Usage:  awk -f table.awk -f man.awk -v head=doc/man/halvm-syscalls.7.in \
#             syscalls.tbl >halvm-syscalls.7
#
# The head file is the page; its line @SYSCALLS@ is replaced by a list of the
# calls of each class.

function list_class(c,   i, n)
{
	print ".Ss " c
	print ".Bl -column landlock_restrict_self number arguments " \
	    "EOPNOTSUPP"
	print ".It Em name Ta Em number Ta Em arguments Ta Em unikernel"
	for (i = 1; i <= count; i++) {
		n = name[i]
		if (class[n] == c)
			print ".It " n " Ta " nr[n] " Ta " nargs[n] " Ta " \
			    bare[n]
	}
	print ".El"
}

END {
	if (head == "") {
		print "man.awk: error: give the page's head with -v head=" \
		    > "/dev/stderr"
		exit 2
	}
	n = split("memory threads clock signals files network console " \
	    "shared never", order, " ")
	while ((got = (getline line < head)) > 0) {
		if (line != "@SYSCALLS@") {
			print line
			continue
		}
		for (k = 1; k <= n; k++)
			list_class(order[k])
		lists++
	}
	if (got < 0 || lists != 1) {
		print "man.awk: error: " head \
		    ": can't be read, or hasn't one line @SYSCALLS@" \
		    > "/dev/stderr"
		exit 2
	}
}
