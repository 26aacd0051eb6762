/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pv.S - where a paravirtualised guest starts (public/arch-x86/xen.h): in
 * 64-bit mode, in ring 3, with Xen's page tables, rsi = struct start_info.
 */
	.section .text.xen_pv_entry, "ax", @progbits
	.globl	xen_pv_entry
	.type	xen_pv_entry, @function
xen_pv_entry:
	cld
	mov	$pv_stack_top, %esp
	mov	%rsi, %rdi
	xor	%ebp, %ebp
	call	xen_pv_start
	ud2
	.size	xen_pv_entry, . - xen_pv_entry

	.section .bss.pv_stack, "aw", @nobits
	.p2align 4
	.skip	4096
pv_stack_top:

	.section .note.GNU-stack, "", @progbits
