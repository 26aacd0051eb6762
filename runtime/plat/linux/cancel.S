/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cancel.S - a system call that is a cancellation point.
 *
 *   long halvm_cancel_point(volatile int *cancel,
 *                           long (*fn)(long, long, long, long, long, long),
 *                           long u, long v, long w, long x, long y, long z)
 *
 * calls fn(u, v, w, x, y, z), unless *cancel isn't 0: then it jumps to libc's
 * halvm_cancelled.  A cancellation that arrives after this look at *cancel
 * must not be lost while the call blocks.  So everything from the look to the
 * kernel's door lies in the window
 *
 *   [halvm_cancel_begin, halvm_cancel_end)
 *
 * and in it the stack pointer stays as at entry.  libc's signal handler finds
 * the interrupted address in the window and moves it to halvm_cancelled.
 * That is right because the address is in the window if and only if the call
 * hasn't happened: it is the `syscall` instruction itself before the call and
 * when the kernel is about to restart it, and the one after it, outside the
 * window, once there is a result that must not be dropped.
 *
 * Hence the kernel is entered here, not in fn's stub, whose number stands in
 * the four bytes before it (stub.h).  Only when strict mode refuses the call
 * does the stub run: it returns at once, so there is nothing to cancel.
 *
 * A function of the providers' layer (runtime/provide/mark.h) is known by the
 * mark in the same place.  The layer is asked, outside the window, whether it
 * answers for this descriptor; if not, all begins anew with the host's stub,
 * which the mark names.  If it does, the function is called as it is: a
 * cancellation then ends what it waits for, by -EINTR.
 *
 * halvm_cancelled is weak, because libc brings it along with the only caller
 * of halvm_cancel_point: a program without one lacks the other too.
 */
#include "stub.h"

/* mark.h: no number of a system call */
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
	jnz	3f
	mov	-4(%rsi), %eax
	btr	$31, %eax
	jc	2f
	cmp	$MARK, %eax
	je	4f
1:	mov	%rdx, %rdi
	mov	%rcx, %rsi
	mov	%r8, %rdx
	mov	%r9, %r10
	mov	8(%rsp), %r8
	mov	16(%rsp), %r9
	syscall
halvm_cancel_end:
	ret

	/* Class never: only strict mode treats it differently. */
2:	cmpb	$0, linux_strict(%rip)
	je	1b
5:	mov	%rsi, %rax
	mov	%rdx, %rdi
	mov	%rcx, %rsi
	mov	%r8, %rdx
	mov	%r9, %rcx
	mov	8(%rsp), %r8
	mov	16(%rsp), %r9
	jmp	*%rax

3:	jmp	halvm_cancelled

	/* The layer's. */
4:	mov	-12(%rsi), %eax
	test	%eax, %eax
	jz	5b
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
	jnz	5b
	mov	-8(%rsi), %esi
	jmp	halvm_cancel_begin
	.cfi_endproc
	.size	halvm_cancel_point, . - halvm_cancel_point
