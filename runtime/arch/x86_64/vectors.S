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

#define RFLAGS_IF 0x200

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

	/*
	 * VECTOR_EVENT (arch/trap.h), on the stack of what it interrupts.  What
	 * is returned to goes to the interrupts' stack, as if the processor had
	 * put it there; the stack below is free again then, for a signal's frame.
	 */
	.section .text.trap_event_entry, "ax", @progbits
	.globl	trap_event_entry
	.type	trap_event_entry, @function
	.p2align 7
trap_event_entry:
	testl	$RFLAGS_IF, 16(%rsp)
	jz	1f
	push	%rax
	push	%rcx
	mov	%gs:PERCPU_IRQ_STACK, %rax
	mov	16(%rsp), %rcx		/* rip */
	mov	%rcx, -40(%rax)
	mov	24(%rsp), %rcx		/* cs */
	mov	%rcx, -32(%rax)
	mov	32(%rsp), %rcx		/* rflags */
	mov	%rcx, -24(%rax)
	mov	40(%rsp), %rcx		/* rsp */
	mov	%rcx, -16(%rax)
	mov	48(%rsp), %rcx		/* ss */
	mov	%rcx, -8(%rax)
	mov	8(%rsp), %rcx		/* rax */
	mov	%rcx, -48(%rax)
	mov	(%rsp), %rcx
	lea	-48(%rax), %rsp
	pop	%rax
	push	$0
	push	$EVENT_NUMBER
	jmp	trap_common
1:	iretq
	.size	trap_event_entry, . - trap_event_entry

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
