# SPDX-License-Identifier: BSD-3-Clause
#
# table.awk - reads and checks syscalls.tbl for the generators.
#
# Usage:  awk -f table.awk [-f GENERATOR.awk] [-v NAME=VALUE ...] syscalls.tbl
#
# Alone it only checks.  A generator is a second program file with an END
# action; it runs when the whole table has proved right, so a wrong table
# never leaves half an output.  Every fault is printed as FILE:LINE: error:
# and the exit status is then 1.
#
# What a generator finds:
#   count, name[1..count]    the names, in the order of their numbers
#   nr[n] nargs[n] class[n] linux[n] bare[n]   the columns of the name n
#   refused(n)               the number of the errno in its bare column, or 0
#   generated(before, after)   prints the comment that opens a generated file
#
# Plain POSIX awk: Debian's base system has mawk only.

function fault(message)
{
	printf "%s:%d: error: %s\n", FILENAME, FNR, message > "/dev/stderr"
	faults++
}

# The errno names the bare column may use, with Linux's numbers (errno.h).
function errno_table(   list, n, i, pair, part)
{
	list = "EPERM=1 ENOENT=2 ESRCH=3 EINTR=4 EIO=5 EBADF=9 ECHILD=10 " \
	    "EAGAIN=11 ENOMEM=12 EACCES=13 EFAULT=14 EBUSY=16 ENODEV=19 " \
	    "EINVAL=22 ENOSPC=28 EROFS=30 ENOSYS=38 EOPNOTSUPP=95"
	n = split(list, pair, " ")
	for (i = 1; i <= n; i++) {
		split(pair[i], part, "=")
		errno[part[1]] = part[2] + 0
	}
}

function refused(n)
{
	return (bare[n] in errno) ? errno[bare[n]] : 0
}

function generated(before, after)
{
	printf "%sGenerated from syscalls.tbl; do not edit.%s\n", before, after
}

function set_of(words, set,   n, i, w)
{
	n = split(words, w, " ")
	for (i = 1; i <= n; i++)
		set[w[i]] = 1
}

function check_row(   n)
{
	n = $1
	if (n !~ /^[a-z_][a-z0-9_]*$/)
		fault("'" n "' can't be the name of a system call")
	else if (n in nr)
		fault("'" n "' stands in line " line_of[n] " already")
	if ($2 !~ /^(0|[1-9][0-9]*)$/)
		fault("number '" $2 "' of '" n "' isn't a decimal number")
	else if ($2 + 0 <= last_nr)
		fault("number " $2 " of '" n "' doesn't follow " last_nr \
		    ": numbers must rise, each stands once")
	else if ($2 + 0 > 65535)
		fault("number " $2 " of '" n "' is too large")
	if ($3 !~ /^[0-6]$/)
		fault("'" n "' can't take '" $3 "' arguments, only 0 to 6")
	if (!($4 in classes))
		fault("class '" $4 "' of '" n "' isn't known")
	if (!($5 in linux_words))
		fault("the linux column of '" n "' must be host, not '" \
		    $5 "'")
	if (!($6 in layers) && !($6 in errno))
		fault("the bare column of '" n "' must be core, io, net or " \
		    "an errno, not '" $6 "'")
	else if ($4 == "never" && !($6 in errno))
		fault("'" n "' has class never, so its bare column must be " \
		    "an errno, not '" $6 "'")
	else if ($4 != "never" && $6 in errno)
		fault("'" n "' is always refused with " $6 \
		    ", so its class must be never, not '" $4 "'")
}

function take_row(   n)
{
	n = $1
	name[++count] = n
	nr[n] = last_nr = $2 + 0
	nargs[n] = $3 + 0
	class[n] = $4
	linux[n] = $5
	bare[n] = $6
	line_of[n] = FNR
}

BEGIN {
	errno_table()
	set_of("memory threads clock signals files network console shared " \
	    "never", classes)
	set_of("host", linux_words)
	set_of("core io net", layers)
	last_nr = -1
}

{
	sub(/#.*/, "")
}

NF == 0 {
	next
}

!seen_header {
	seen_header = 1
	$1 = $1
	if ($0 != "name nr nargs class linux bare")
		fault("the first line must be 'name nr nargs class linux bare'")
	next
}

NF != 6 {
	fault(NF " columns, must be 6: name nr nargs class linux bare")
	next
}

{
	check_row()
	take_row()
}

END {
	if (!faults && !count)
		fault("no system calls in the table")
	if (faults)
		exit 1
}
