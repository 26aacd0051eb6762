/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * unmap.S - the end of a detached thread.
 *
 * _Noreturn void halvm_unmap_exit(void *base, size_t size): unmaps the stack
 * it runs on, then ends the thread with status 0. Between the two system calls
 * nothing may touch memory, so this is not C and not two calls. Signals are
 * blocked by the caller (libc's pthread_exit).
 */
#include "numbers.h"

	.section .text.halvm_unmap_exit, "ax", @progbits
	.globl	halvm_unmap_exit
	.type	halvm_unmap_exit, @function
	.p2align 4
halvm_unmap_exit:
	.cfi_startproc
	.cfi_undefined %rip
	mov	$NR_munmap, %eax
	syscall
	xor	%edi, %edi
	mov	$NR_exit, %eax
	syscall
	ud2
	.cfi_endproc
	.size	halvm_unmap_exit, . - halvm_unmap_exit

	.section .note.GNU-stack, "", @progbits
