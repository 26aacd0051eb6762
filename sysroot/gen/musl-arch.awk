# SPDX-License-Identifier: BSD-3-Clause
#
# musl-arch.awk - writes musl's internal arch/halvm/syscall_arch.h.
#
# Usage:  awk -f table.awk -f musl-arch.awk syscalls.tbl >syscall_arch.h
#
# Inside libc the "number" of a system call is the address of its symbol: a
# constant one folds into a direct call, a variable one (__syscall_cp,
# __setxid) becomes a call through the pointer, and #ifdef SYS_x keeps its
# meaning.  The public <sys/syscall.h> keeps Linux's numbers, so the names
# SYS_x it defined are taken back first.
#
# The symbols are hidden: libc and the runtime always end in one static
# image, where hidden means that no access ever goes through a GOT.  `ld -r`
# keeps them undefined, and a runtime defines them with any visibility.
#
# No VDSO_* name is defined: whether the clock can be read without entering
# the kernel is the runtime's affair.

function type_list(n,   i, s)
{
	s = n ? "long" : "void"
	for (i = 2; i <= n; i++)
		s = s ", long"
	return s
}

function inline_call(n,   i, params, args)
{
	for (i = 1; i <= n; i++) {
		params = params ", long a" i
		args = args (i > 1 ? ", " : "") "a" i
	}
	printf "static __inline long __syscall%d(long n%s)\n", n, params
	print "{"
	printf "\treturn ((long (*)(%s))n)(%s);\n", type_list(n), args
	print "}\n"
}

END {
	generated("/* ", " */")
	print "\n#define __SYSCALL_LL_E(x) (x)"
	print "#define __SYSCALL_LL_O(x) (x)"
	print "\n#define IPC_64 0\n"
	print "#define HALVM_SYSCALL(x) \\"
	print "\textern __attribute__((__visibility__(\"hidden\"))) \\"
	print "\tlong halvm_syscall_##x(" type_list(6) ")\n"
	for (i = 1; i <= count; i++)
		print "HALVM_SYSCALL(" name[i] ");"
	print "\n#undef HALVM_SYSCALL\n"
	for (i = 1; i <= count; i++) {
		print "#undef SYS_" name[i]
		print "#define SYS_" name[i] " ((long)halvm_syscall_" name[i] ")"
	}
	print ""
	for (i = 0; i <= 6; i++)
		inline_call(i)
}
