/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stub.h - assembler macros: a system call of the host as a function.
 *
 * Rules of every stub:
 *   - It stands in a section of its own, so that --gc-sections drops it when
 *     nothing calls it.
 *   - The four bytes before its label hold the host's number of the call,
 *     with NEVER set when the class in syscalls.tbl is never.  cancel.S
 *     reads them.  Number and code fill one 16-byte line in most stubs.
 *   - No two stubs share a label: libc compares their addresses.
 *   - It takes System V arguments.  The kernel differs in one register, r10
 *     for rcx, and destroys only rcx and r11, which belong to the callee.
 *   - It has a type, a size and unwind information, so that debuggers and
 *     profilers name it and see through it.
 */

#define NEVER 0x80000000

	.macro	stub name, word
	.section .text.halvm_syscall_\name, "ax", @progbits
	.p2align 4
	.long	\word
	.globl	halvm_syscall_\name
	.type	halvm_syscall_\name, @function
halvm_syscall_\name:
	.cfi_startproc
	.endm

	.macro	endstub name
	.cfi_endproc
	.size	halvm_syscall_\name, . - halvm_syscall_\name
	.endm

	.macro	kernel nr, nargs
	mov	$\nr, %eax
	.if	\nargs > 3
	mov	%rcx, %r10
	.endif
	syscall
	.endm

	/* The kernel answers. */
	.macro	host name, nr, nargs
	stub	\name, \nr
	kernel	\nr, \nargs
	ret
	endstub	\name
	.endm

	/* The kernel answers, or in strict mode -\errno as a unikernel. */
	.macro	never name, nr, nargs, errno
	stub	\name, \nr | NEVER
	cmpb	$0, linux_strict(%rip)
	jne	1f
	kernel	\nr, \nargs
	ret
1:	mov	$-\errno, %rax
	ret
	endstub	\name
	.endm

	.section .note.GNU-stack, "", @progbits
