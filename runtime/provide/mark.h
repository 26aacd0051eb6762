/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mark.h - how a system call is wrapped.
 *
 *	WRAP3(read, fd, buf, n) { ... }		(wrap.h)
 *
 * defines __wrap_halvm_syscall_read, which the linker gives to all who call
 * halvm_syscall_read; the target's own function is
 * __real_halvm_syscall_read.  Parameters and result are long.
 *
 * What callers get is a jump to the C function, with a mark in the eight bytes
 * before it: the target's own function and PROVIDE_MARK.  Cancellation points
 * (cancel.S of a target) know by it that the function isn't the target's.
 * They ask halvm_provide_held(first argument) whether the layer answers this
 * call; if not, they go on with the target's function, whose entry no
 * cancellation can slip into.  A function without a descriptor as its first
 * argument has PROVIDE_MARK_ALWAYS, and is called without asking.
 */
#ifndef PROVIDE_MARK_H
#define PROVIDE_MARK_H

/* "WRAP" and "WRAQ": no number of a system call, nor code of a runtime. */
#define PROVIDE_MARK "0x50415257"
#define PROVIDE_MARK_ALWAYS "0x51415257"

#define PROVIDE_MARKED(name, mark)                                             \
	__asm__(".pushsection .text.__wrap_halvm_syscall_" #name               \
		", \"ax\", @progbits\n"                                        \
		"\t.p2align 4\n"                                               \
		"\t.long halvm_syscall_" #name ", 0\n"                         \
		"\t.long __real_halvm_syscall_" #name ", " mark "\n"           \
		"\t.globl __wrap_halvm_syscall_" #name "\n"                    \
		"\t.type __wrap_halvm_syscall_" #name ", @function\n"          \
		"__wrap_halvm_syscall_" #name ":\n"                            \
		"\t.cfi_startproc\n"                                           \
		"\tjmp wrap_" #name "\n"                                       \
		"\t.cfi_endproc\n"                                             \
		"\t.size __wrap_halvm_syscall_" #name                          \
		", . - __wrap_halvm_syscall_" #name "\n"                       \
		"\t.popsection")

#endif
