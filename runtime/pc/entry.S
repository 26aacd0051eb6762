/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * entry.S - where a boot loader starts the image: in 32-bit protected mode,
 * without paging, interrupts off, flat segments.
 *
 * One entry serves two protocols, which say what they are:
 *   PVH (Xen docs/misc/pvh.pandoc, also QEMU -kernel): ebx = hvm_start_info,
 *       found by an ELF note;
 *   multiboot2 (specification 2.0, 3.3): eax = 0x36d76289, ebx = information.
 *
 * It fills in the page tables that arch/page_init.h describes, enters long mode
 * and calls C.
 */
#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT2_TAG_END 0
#define MULTIBOOT2_TAG_ALIGN_MODULES 6

#define XEN_ELFNOTE_PHYS32_ENTRY 18

#define PTE_TABLE 3	/* present, writable */
#define PTE_RAM 0x1e3	/* present, writable, accessed, dirty, large, global */
#define LARGE_SHIFT 21

#define CR0 0x80010033	/* PG WP NE ET MP PE */
#define CR4 0x6a0	/* PAE PGE OSFXSR OSXMMEXCPT */
#define MSR_EFER 0xc0000080
#define EFER_LME_NXE 0x900

#define BOOT_STACK 16384

	.section .note.Xen, "a", @note
	.p2align 2
	.long	4, 4, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.long	_start

	.section .multiboot2, "a", @progbits
	.p2align 3
multiboot2:
	.long	MULTIBOOT2_HEADER_MAGIC
	.long	0			/* i386 protected mode */
	.long	multiboot2_end - multiboot2
	.long	-(MULTIBOOT2_HEADER_MAGIC + multiboot2_end - multiboot2)
	.short	MULTIBOOT2_TAG_ALIGN_MODULES, 0
	.long	8
	.short	MULTIBOOT2_TAG_END, 0
	.long	8
multiboot2_end:

	.section .text._start, "ax", @progbits
	.code32
	.globl	_start
	.type	_start, @function
_start:
	cld
	mov	%eax, %ebp		/* the protocol's magic, if any */
	rdtsc
	mov	%eax, %esi
	mov	%edx, %edi
	mov	$boot_stack_top, %esp

	/* The tables are in .bss, which loaders clear. */
	movl	$boot_pdpt_low + PTE_TABLE, boot_pml4
	movl	$boot_pdpt_direct + PTE_TABLE, boot_pml4 + 256 * 8
	movl	$boot_pd + PTE_TABLE, boot_pdpt_low
	movl	$boot_pd + PTE_TABLE, boot_pdpt_direct
	/* The image, and 16 MiB at least. */
	mov	$halvm_end + (1 << LARGE_SHIFT) - 1, %edx
	shr	$LARGE_SHIFT, %edx
	cmp	$8, %edx
	jae	1f
	mov	$8, %edx
1:	xor	%ecx, %ecx
	mov	$PTE_RAM, %eax
2:	mov	%eax, boot_pd(,%ecx,8)
	add	$1 << LARGE_SHIFT, %eax
	inc	%ecx
	cmp	%edx, %ecx
	jb	2b

	mov	$CR4, %eax
	mov	%eax, %cr4
	mov	$boot_pml4, %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME_NXE, %eax
	wrmsr
	mov	$CR0, %eax
	mov	%eax, %cr0
	lgdt	boot_gdt_pointer
	ljmp	$8, $3f

	.code64
3:	xor	%eax, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	/* platform_start(magic, information, entry_tsc) */
	mov	%edi, %edx
	shl	$32, %rdx
	mov	%esi, %eax
	or	%rax, %rdx
	mov	%ebp, %edi
	mov	%ebx, %esi
	mov	$boot_stack_top, %esp
	xor	%ebp, %ebp
	call	platform_start
	ud2
	.size	_start, . - _start

	.section .rodata.boot_gdt, "a", @progbits
	.p2align 3
boot_gdt:
	.quad	0, 0x00af9a000000ffff
boot_gdt_pointer:
	.short	. - boot_gdt - 1
	.quad	boot_gdt

	.section .bss.boot_stack, "aw", @nobits
	.p2align 4
	.skip	BOOT_STACK
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
