# SPDX-License-Identifier: BSD-3-Clause
#
# check-musl.awk - compares the table with musl's list of system calls.
#
# Usage:  awk -f table.awk -f check-musl.awk \
#             -v musl=arch/x86_64/bits/syscall.h.in syscalls.tbl
#
# Prints each name that only one of them has, or whose numbers differ, and
# then fails.

function complain(message)
{
	print "syscalls.tbl: error: " message > "/dev/stderr"
	differences++
}

function compare(n, number)
{
	if (!(n in nr))
		complain("lacks '" n "', number " number " in " musl)
	else if (nr[n] != number)
		complain("'" n "' has number " nr[n] ", in " musl " " number)
	in_musl[n] = 1
	listed++
}

END {
	if (musl == "") {
		print "check-musl.awk: error: give musl's list with -v musl=" \
		    > "/dev/stderr"
		exit 2
	}
	while ((got = (getline line < musl)) > 0) {
		if (split(line, word, " ") >= 3 && word[1] == "#define" &&
		    sub(/^__NR_/, "", word[2]))
			compare(word[2], word[3] + 0)
	}
	if (got < 0 || !listed) {
		print "check-musl.awk: error: no system calls in '" musl "'" \
		    > "/dev/stderr"
		exit 2
	}
	for (i = 1; i <= count; i++)
		if (!(name[i] in in_musl))
			complain("'" name[i] "' isn't in " musl)
	if (differences)
		exit 1
}
