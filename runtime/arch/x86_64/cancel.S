/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cancel.S - a system call that is a cancellation point.
 *
 *   long halvm_cancel_point(volatile int *cancel,
 *                           long (*fn)(long, long, long, long, long, long),
 *                           long u, long v, long w, long x, long y, long z)
 *
 * calls fn(u, v, w, x, y, z), unless *cancel isn't 0: then it jumps to libc's
 * halvm_cancelled.  No cancellation that arrives after this look at *cancel
 * may be lost while the call sleeps.  The look and the count in in_kernel are
 * the ends of the window
 *
 *   [halvm_cancel_begin, halvm_cancel_end)
 *
 * in which the stack pointer stays as at entry.  A signal comes either
 *
 * - before the count: then the interrupted address is in the window, since
 *   the count is its last instruction, and libc's handler moves it to
 *   halvm_cancelled; or
 * - after it: then no handler runs until the call ends.  The signal is
 *   pending, so the call doesn't sleep, or wakes; if it did nothing it returns
 *   -ERESTARTSYS, and starts again from the look, which now finds *cancel.
 *   If it did something or returns -EINTR, that is for libc to see.
 *
 * A nested use, within a call of an outer one, leaves signals to that.
 *
 * A function of the providers' layer (runtime/provide/mark.h) is known by the
 * mark before it.  The layer is asked, outside the window, whether it answers
 * for this descriptor; if not, all begins anew with the runtime's function,
 * which the mark names.  If it does, the function is called without the count:
 * signals' handlers run in its middle, and what it waits for ends by -EINTR.
 *
 * halvm_cancelled is weak, because libc brings it along with the only caller
 * of halvm_cancel_point: a program without one lacks the other too.
 */
#include "arch/offsets.h"

/* halvm/abi/errno.h */
#define ERESTARTSYS 512

/* mark.h */
#define MARK 0x50415257

	.weak	halvm_cancelled

	.section .text.halvm_cancel_point, "ax", @progbits
	.p2align 4
	.globl	halvm_cancel_point
	.globl	halvm_cancel_begin
	.globl	halvm_cancel_end
	.type	halvm_cancel_point, @function
	.type	halvm_cancel_begin, @notype
	.type	halvm_cancel_end, @notype
halvm_cancel_point:
	.cfi_startproc
halvm_cancel_begin:
	mov	(%rdi), %eax
	test	%eax, %eax
	jnz	5f
	cmpl	$MARK, -4(%rsi)
	je	6f
	mov	%gs:PERCPU_CURRENT, %rax
	incl	ARCH_IN_KERNEL(%rax)
halvm_cancel_end:
	push	%rdi
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	push	%rcx
	.cfi_adjust_cfa_offset 8
	push	%r8
	.cfi_adjust_cfa_offset 8
	push	%r9
	.cfi_adjust_cfa_offset 8
	sub	$8, %rsp
	.cfi_adjust_cfa_offset 8
	mov	%rsi, %rax
	mov	%rdx, %rdi
	mov	%rcx, %rsi
	mov	%r8, %rdx
	mov	%r9, %rcx
	mov	64(%rsp), %r8		/* y: 7 words above, and rip */
	mov	72(%rsp), %r9
	call	*%rax

	/* As sys_leave (sys/sys.h). */
	cmp	$-ERESTARTSYS, %rax
	je	2f
	mov	%gs:PERCPU_CURRENT, %rdx
	decl	ARCH_IN_KERNEL(%rdx)
	jnz	1f
	cmpl	$0, ARCH_PENDING(%rdx)
	jne	2f
1:	add	$56, %rsp
	.cfi_adjust_cfa_offset -56
	ret

	.cfi_adjust_cfa_offset 56
2:	mov	%rax, %rdi
	call	*arch_signal_hooks + SIGNAL_HOOK_LEAVE_CALL(%rip)
	cmp	$-ERESTARTSYS, %rax
	jne	1b
	mov	%gs:PERCPU_CURRENT, %rdx
	cmpl	$0, ARCH_IN_KERNEL(%rdx)
	jne	1b
	add	$8, %rsp
	.cfi_adjust_cfa_offset -8
	pop	%r9
	.cfi_adjust_cfa_offset -8
	pop	%r8
	.cfi_adjust_cfa_offset -8
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	jmp	halvm_cancel_begin

5:	jmp	halvm_cancelled

	/* The layer's. */
6:	mov	-12(%rsi), %eax
	test	%eax, %eax
	jz	7f
	push	%rdi
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	push	%rcx
	.cfi_adjust_cfa_offset 8
	push	%r8
	.cfi_adjust_cfa_offset 8
	push	%r9
	.cfi_adjust_cfa_offset 8
	sub	$8, %rsp
	.cfi_adjust_cfa_offset 8
	mov	%rdx, %rdi
	call	*%rax
	add	$8, %rsp
	.cfi_adjust_cfa_offset -8
	pop	%r9
	.cfi_adjust_cfa_offset -8
	pop	%r8
	.cfi_adjust_cfa_offset -8
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	test	%eax, %eax
	jnz	7f
	mov	-8(%rsi), %esi
	jmp	halvm_cancel_begin

7:	mov	%rsi, %rax
	mov	%rdx, %rdi
	mov	%rcx, %rsi
	mov	%r8, %rdx
	mov	%r9, %rcx
	mov	8(%rsp), %r8
	mov	16(%rsp), %r9
	jmp	*%rax
	.cfi_endproc
	.size	halvm_cancel_point, . - halvm_cancel_point

	.section .note.GNU-stack, "", @progbits
