# SPDX-License-Identifier: BSD-3-Clause
#
# c-header.awk - writes halvm/syscalls.h: the prototypes a runtime defines.
#
# Usage:  awk -f table.awk -f c-header.awk syscalls.tbl >halvm/syscalls.h
#
# libc calls every one with the System V calling convention and up to six
# longs; a definition may leave out trailing ones it doesn't use, which that
# convention allows.  Here each has as many as Linux's definition.

function type_list(n,   i, s)
{
	s = n ? "long" : "void"
	for (i = 2; i <= n; i++)
		s = s ", long"
	return s
}

function prototype(n,   line)
{
	line = "long halvm_syscall_" n "("
	if (length(line type_list(nargs[n]) ");") > 80) {
		print line
		line = "    "
	}
	print line type_list(nargs[n]) ");"
}

END {
	print "/* SPDX-License-Identifier: BSD-3-Clause */"
	generated("/*\n * halvm/syscalls.h - what a runtime answers.\n *\n * ", \
	    "")
	print " *"
	print " * Each returns a value, or -errno in [-4095, -1]; none sets"
	print " * errno.  An undefined one that libc reaches is an error at"
	print " * the link, except through syscall(2), where it is ENOSYS."
	print " */"
	print "#ifndef HALVM_SYSCALLS_H"
	print "#define HALVM_SYSCALLS_H\n"
	print "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
	for (i = 1; i <= count; i++)
		prototype(name[i])
	print "\n#ifdef __cplusplus\n}\n#endif\n"
	print "#endif"
}
