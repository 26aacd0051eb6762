# SPDX-License-Identifier: BSD-3-Clause
#
# musl-syscall.awk - writes musl's src/misc/halvm/syscall.c: syscall(2).
#
# Usage:  awk -f table.awk -f musl-syscall.awk syscalls.tbl >syscall.c
#
# The number a program passes is looked up in a table of weak references, so
# that a runtime which lacks a system call links all the same; the call then
# fails with ENOSYS.

END {
	generated("/* ", " */")
	print "#define _BSD_SOURCE"
	print "#include <unistd.h>"
	print "#include <stdarg.h>"
	print "#include \"syscall.h\"\n"
	print "#undef syscall\n"
	print "typedef long handler(long, long, long, long, long, long);\n"
	for (i = 1; i <= count; i++)
		print "#pragma weak halvm_syscall_" name[i]
	print "\nstatic handler *const handlers[] = {"
	for (i = 1; i <= count; i++)
		printf "\t[%d] = halvm_syscall_%s,\n", nr[name[i]], name[i]
	print "};\n"
	print "long syscall(long n, ...)"
	print "{"
	print "\tva_list ap;"
	print "\tlong a, b, c, d, e, f;"
	print "\thandler *h = 0;\n"
	print "\tva_start(ap, n);"
	split("a b c d e f", arg, " ")
	for (i = 1; i <= 6; i++)
		print "\t" arg[i] " = va_arg(ap, long);"
	print "\tva_end(ap);"
	print "\tif ((unsigned long)n < sizeof handlers / sizeof *handlers)"
	print "\t\th = handlers[n];"
	print "\treturn __syscall_ret(h ? h(a, b, c, d, e, f) : -ENOSYS);"
	print "}"
}
