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
 * What callers get is a jump to the C function, with four words before it:
 *
 *	-16  the function itself: the linker must know its name
 *	-12  provide_held, or 0
 *	 -8  the target's own function
 *	 -4  PROVIDE_MARK
 *
 * By the mark, cancellation points (cancel.S of a target) know that it isn't
 * the target's.  They ask provide_held(first argument) whether the layer
 * answers this call; if not, they go on with the target's function, whose
 * entry no cancellation can slip into.  With 0 there, for a function whose
 * first argument is no descriptor, the layer is always called.
 */
#ifndef PROVIDE_MARK_H
#define PROVIDE_MARK_H

/* "WRAP": no number of a system call, nor code of a runtime. */
#define PROVIDE_MARK "0x50415257"

#define PROVIDE_ASKED "provide_held"
#define PROVIDE_ALWAYS "0"

#define PROVIDE_MARKED(name, held)                                             \
	__asm__(".pushsection .text.__wrap_halvm_syscall_" #name               \
		", \"ax\", @progbits\n"                                        \
		"\t.p2align 4\n"                                               \
		"\t.long halvm_syscall_" #name ", " held "\n"                  \
		"\t.long __real_halvm_syscall_" #name ", " PROVIDE_MARK "\n"   \
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
