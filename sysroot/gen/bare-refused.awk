# SPDX-License-Identifier: BSD-3-Clause
#
# bare-refused.awk - writes the answers of a unikernel target to the calls of
# class never: C functions that return the errno of the table.
#
# Usage:  awk -f table.awk -f bare-refused.awk syscalls.tbl >refused.c

END {
	generated("/* ", " */")
	print "#include \"halvm/syscalls.h\""
	for (i = 1; i <= count; i++) {
		n = name[i]
		if (!refused(n))
			continue
		list = nargs[n] ? "long a" : "void"
		for (j = 2; j <= nargs[n]; j++)
			list = list ", long " substr("abcdef", j, 1)
		printf "\nlong halvm_syscall_%s(%s)\n{\n", n, list
		for (j = 1; j <= nargs[n]; j++)
			printf "\t(void)%s;\n", substr("abcdef", j, 1)
		printf "\treturn -%d;\n}\n", refused(n)
	}
}
