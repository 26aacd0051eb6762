/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vectors.S - where the processor goes on an exception or interrupt.
 *
 * Each vector's entry makes the frame look the same (an error code, 0 where
 * the processor pushes none; the number) and joins the others, which save the
 * registers as struct trap_frame has them and call C.  Entries are 16 bytes
 * apart: trap.c computes their addresses.
 */
#include "arch/offsets.h"

	.macro	entry n, has_error
	.p2align 4
	.if	!\has_error
	push	$0
	.endif
	push	$\n
	jmp	trap_common
	.endm

	.section .text.trap_entries, "ax", @progbits
	.globl	trap_entries
	.type	trap_entries, @function
	.p2align 4
trap_entries:
	/* Intel SDM vol. 3, 6.3.1: those that push an error code. */
	n = 0
	.rept	0x70
	.if	(n == 8) || (n >= 10 && n <= 14) || (n == 17) || (n == 21)
	entry	n, 1
	.else
	.if	(n == 29) || (n == 30)
	entry	n, 1
	.else
	entry	n, 0
	.endif
	.endif
	n = n + 1
	.endr
	.size	trap_entries, . - trap_entries

	.section .text.trap_common, "ax", @progbits
	.globl	trap_return
	.type	trap_common, @function
	.p2align 4
trap_common:
	push	%rax
	push	%rbx
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%rbp
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	cld
	mov	%rsp, %rdi
	call	trap_dispatch
	/* rsp: a struct trap_frame, here or in a thread */
trap_return:
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rbp
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rbx
	pop	%rax
	add	$16, %rsp
	iretq
	.size	trap_common, . - trap_common

	.section .note.GNU-stack, "", @progbits
