/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * entry.S - where the host's kernel starts the program.
 *
 * The stack holds argc, argv, environment and auxiliary vector (System V
 * AMD64 psABI 3.4.1): the very block halvm_start wants.  rbp is cleared and
 * the return address declared undefined so that a backtrace ends here.
 */
	.section .text._start, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	.cfi_startproc
	.cfi_undefined rip
	xor	%ebp, %ebp
	mov	%rsp, %rdi
	and	$-16, %rsp
	call	linux_start
	ud2
	.cfi_endproc
	.size	_start, . - _start

/* What target the image is for: owner "HaLVM", type 1, the target's name. */
	.section .note.halvm, "a", @note
	.balign 4
	.long	6, 6, 1
	.asciz	"HaLVM"
	.balign 4
	.asciz	"linux"
	.balign 4

	.section .note.GNU-stack, "", @progbits
