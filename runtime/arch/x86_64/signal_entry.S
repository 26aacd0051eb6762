/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal_entry.S - into a handler and back; arch/signal.h has the contract.
 */
#include "arch/offsets.h"

	/* long arch_with_frame(void (*fn)(struct trap_frame *)) */
	.section .text.arch_with_frame, "ax", @progbits
	.globl	arch_with_frame
	.type	arch_with_frame, @function
	.p2align 4
arch_with_frame:
	.cfi_startproc
	mov	(%rsp), %rax
	lea	8(%rsp), %rcx
	xor	%edx, %edx
	push	$SELECTOR_DATA
	push	%rcx
	pushfq
	cli
	push	$SELECTOR_CODE
	push	%rax
	push	%rdx
	push	%rdx
	push	%rdx			/* rax */
	push	%rbx
	push	%rdx
	push	%rdx
	push	%rdx
	push	%rdx
	push	%rbp
	push	%rdx
	push	%rdx
	push	%rdx
	push	%rdx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	.cfi_adjust_cfa_offset FRAME_SIZE
	mov	%rdi, %rax
	mov	%rsp, %rdi
	sub	$8, %rsp		/* entry's alignment was 16 n + 8 */
	.cfi_adjust_cfa_offset 8
	call	*%rax
	add	$8, %rsp
	.cfi_adjust_cfa_offset -8
	jmp	trap_return
	.cfi_endproc
	.size	arch_with_frame, . - arch_with_frame

	.section .text.arch_signal_trampoline, "ax", @progbits
	.globl	arch_signal_trampoline
	.type	arch_signal_trampoline, @function
	.p2align 4
arch_signal_trampoline:
	.cfi_startproc
	.cfi_undefined %rip
	mov	%gs:PERCPU_SIGNAL_AREA, %rsp
	xor	%ebp, %ebp
	call	*arch_signal_hooks + SIGNAL_HOOK_ENTER(%rip)
	mov	%rax, %rsp
	jmp	trap_return
	.cfi_endproc
	.size	arch_signal_trampoline, . - arch_signal_trampoline

	/*
	 * libc's restorer jumps here with rsp at the ucontext_t.  Until
	 * in_kernel is counted this is the program's code like any other, and
	 * may be interrupted for the next signal.
	 */
	.section .text.halvm_syscall_rt_sigreturn, "ax", @progbits
	.globl	halvm_syscall_rt_sigreturn
	.type	halvm_syscall_rt_sigreturn, @function
	.p2align 4
halvm_syscall_rt_sigreturn:
	.cfi_startproc
	.cfi_undefined %rip
	mov	%gs:PERCPU_CURRENT, %rax
	incl	ARCH_IN_KERNEL(%rax)
	cli
	cld
	mov	%rsp, %rdi
	mov	%gs:PERCPU_SIGNAL_AREA, %rsp
	xor	%ebp, %ebp
	call	*arch_signal_hooks + SIGNAL_HOOK_LEAVE(%rip)
	mov	%rax, %rsp
	jmp	trap_return
	.cfi_endproc
	.size	halvm_syscall_rt_sigreturn, . - halvm_syscall_rt_sigreturn

	.section .note.GNU-stack, "", @progbits
