/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * hypercall.S - see arch/hypercall.h.
 */
	/* Until Xen fills it in, a call that comes too early is an exception. */
	.section .text.xen_hypercall_page, "ax", @progbits
	.p2align 12
	.globl	xen_hypercall_page
	.type	xen_hypercall_page, @object
xen_hypercall_page:
	.fill	2048, 2, 0x0b0f			/* ud2 */
	.size	xen_hypercall_page, . - xen_hypercall_page

	/*
	 * Xen's convention: entry op of the page; rdi, rsi, rdx, r10, r8, all
	 * kept but rax (arch-x86/xen-x86_64.h).
	 */
	.section .text.xen_hypercall, "ax", @progbits
	.globl	xen_hypercall
	.type	xen_hypercall, @function
xen_hypercall:
	mov	%edi, %eax
	shl	$5, %eax
	add	$xen_hypercall_page, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	jmp	*%rax
	.size	xen_hypercall, . - xen_hypercall

	.section .text.port_exchange, "ax", @progbits
	.globl	port_exchange
	.type	port_exchange, @function
port_exchange:
	push	%rbx
	mov	%rdi, %r8
	mov	(%r8), %eax
	mov	4(%r8), %ebx
	mov	8(%r8), %ecx
	mov	12(%r8), %edx
	mov	16(%r8), %esi
	mov	20(%r8), %edi
	inl	%dx, %eax
	mov	%eax, (%r8)
	mov	%ebx, 4(%r8)
	mov	%ecx, 8(%r8)
	mov	%edx, 12(%r8)
	mov	%esi, 16(%r8)
	mov	%edi, 20(%r8)
	pop	%rbx
	ret
	.size	port_exchange, . - port_exchange

	.section .note.GNU-stack, "", @progbits
