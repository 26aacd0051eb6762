/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * context.S - switching threads; arch/context.h has the contract.
 */
#include "arch/offsets.h"

	/*
	 * void arch_switch(struct arch_thread *from, struct arch_thread *to)
	 *
	 * The psABI (3.2.1) makes the callee keep rbx, rbp, r12 to r15 and
	 * the control bits of MXCSR and of the x87 unit.
	 */
	.section .text.arch_switch, "ax", @progbits
	.globl	arch_switch
	.type	arch_switch, @function
	.p2align 4
arch_switch:
	.cfi_startproc
	push	%rbp
	.cfi_adjust_cfa_offset 8
	push	%rbx
	.cfi_adjust_cfa_offset 8
	push	%r12
	.cfi_adjust_cfa_offset 8
	push	%r13
	.cfi_adjust_cfa_offset 8
	push	%r14
	.cfi_adjust_cfa_offset 8
	push	%r15
	.cfi_adjust_cfa_offset 8
	sub	$8, %rsp
	.cfi_adjust_cfa_offset 8
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	mov	%rsp, ARCH_RSP(%rdi)
	mov	%rsi, %rdi
	jmp	arch_resume
	.cfi_endproc
	.size	arch_switch, . - arch_switch

	/* _Noreturn void arch_resume(struct arch_thread *to) */
	.section .text.arch_resume, "ax", @progbits
	.globl	arch_resume
	.type	arch_resume, @function
	.p2align 4
arch_resume:
	.cfi_startproc
	.cfi_undefined %rip
	mov	ARCH_FS_BASE(%rdi), %rax
	cmp	arch_fs_base_now(%rip), %rax
	je	1f
	mov	%rax, arch_fs_base_now(%rip)
	mov	%rax, %rdx
	shr	$32, %rdx
	mov	$MSR_FS_BASE, %ecx
	wrmsr
1:	cmpb	$0, ARCH_PREEMPTED(%rdi)
	jne	2f
	mov	ARCH_RSP(%rdi), %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	add	$8, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

	/*
	 * The frame in the thread serves as the stack that iretq pops.
	 * Nothing else may push there: interrupts are off, and NMI has a
	 * stack of its own.
	 */
2:	movb	$0, ARCH_PREEMPTED(%rdi)
	mov	%rdi, %rbx
	mov	ARCH_FPU(%rdi), %rdi
	call	arch_fpu_restore
	lea	ARCH_FRAME(%rbx), %rsp
	jmp	trap_return
	.cfi_endproc
	.size	arch_resume, . - arch_resume

	/* _Noreturn void arch_on_exit_stack(void (*fn)(void *), void *argument) */
	.section .text.arch_on_exit_stack, "ax", @progbits
	.globl	arch_on_exit_stack
	.type	arch_on_exit_stack, @function
arch_on_exit_stack:
	.cfi_startproc
	.cfi_undefined %rip
	cli
	mov	%gs:PERCPU_EXIT_STACK, %rsp
	xor	%ebp, %ebp
	mov	%rdi, %rax
	mov	%rsi, %rdi
	call	*%rax
	ud2
	.cfi_endproc
	.size	arch_on_exit_stack, . - arch_on_exit_stack

	.section .note.GNU-stack, "", @progbits
