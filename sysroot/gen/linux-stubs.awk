# SPDX-License-Identifier: BSD-3-Clause
#
# linux-stubs.awk - writes the linux runtime's stubs, one line a system call.
#
# Usage:  awk -f table.awk -f linux-stubs.awk syscalls.tbl >stubs.S
#         awk -f table.awk -f linux-stubs.awk -v numbers=1 syscalls.tbl \
#             >numbers.h
#
# The code of a stub is in the macros of runtime/plat/linux/stub.h.  With
# numbers=1 it writes the header of numbers that special.S uses for the calls
# which need more than the macros: those in `special` below get no line.

function write_numbers(   i, n)
{
	generated("/* ", " */")
	for (i = 1; i <= count; i++) {
		n = name[i]
		printf "#define NR_%s %d\n", n, nr[n]
		if (refused(n))
			printf "#define REFUSED_%s %d\n", n, refused(n)
	}
}

function write_stubs(   i, n)
{
	generated("/* ", " */")
	print "#include \"stub.h\"\n"
	for (i = 1; i <= count; i++) {
		n = name[i]
		if (n in special)
			continue
		if (refused(n))
			printf "never %s, %d, %d, %d\n", n, nr[n], nargs[n], \
			    refused(n)
		else
			printf "host %s, %d, %d\n", n, nr[n], nargs[n]
	}
}

END {
	set_of("clone vfork rt_sigreturn clock_gettime", special)
	for (n in special) {
		if (!(n in nr)) {
			print "linux-stubs.awk: error: the table lacks '" n \
			    "', which special.S defines" > "/dev/stderr"
			exit 1
		}
	}
	if (numbers)
		write_numbers()
	else
		write_stubs()
}
