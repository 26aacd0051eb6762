/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * user.S - access to memory of the program; arch/user.h has the contract.
 *
 * All of it lies in [user_access_begin, user_access_end) and keeps nothing on
 * the stack: at a fault that can't be mended trap.c goes on at user_fault,
 * as if the function returned -EFAULT.
 */
#define EFAULT 14
#define ENAMETOOLONG 36
#define USER_END 0x7ffffffff000

	.section .text.user_access, "ax", @progbits
	.globl	user_access_begin
	.globl	user_access_end
	.globl	user_fault

	.macro	function name
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.endm

	/* Leaves if [\addr, \addr + \size) isn't the program's. */
	.macro	check addr, size
	mov	\size, %rax
	add	\addr, %rax
	jc	user_fault
	mov	$USER_END, %r8
	cmp	%r8, %rax
	ja	user_fault
	.endm

user_access_begin:
	/* int user_read(void *to, const void *from_user, size_t n) */
	function user_read
	check	%rsi, %rdx
copy:	mov	%rdx, %rcx
	shr	$3, %rcx
	rep movsq
	mov	%edx, %ecx
	and	$7, %ecx
	rep movsb
	xor	%eax, %eax
	ret
	.size	user_read, . - user_read

	/* int user_write(void *to_user, const void *from, size_t n) */
	function user_write
	check	%rdi, %rdx
	jmp	copy
	.size	user_write, . - user_write

	/* int user_zero(void *to_user, size_t n) */
	function user_zero
	check	%rdi, %rsi
	xor	%eax, %eax
	mov	%rsi, %rcx
	shr	$3, %rcx
	rep stosq
	mov	%esi, %ecx
	and	$7, %ecx
	rep stosb
	ret
	.size	user_zero, . - user_zero

	/* long user_read_string(char *to, const char *from_user, size_t size) */
	function user_read_string
	mov	$USER_END, %r8
	xor	%eax, %eax
1:	cmp	%rdx, %rax
	jae	2f
	lea	(%rsi,%rax), %rcx
	cmp	%r8, %rcx
	jae	user_fault
	movzbl	(%rcx), %ecx
	mov	%cl, (%rdi,%rax)
	test	%ecx, %ecx
	jz	3f
	inc	%rax
	jmp	1b
2:	mov	$-ENAMETOOLONG, %rax
3:	ret
	.size	user_read_string, . - user_read_string

	/* int user_load32(const uint32_t *from_user, uint32_t *value) */
	function user_load32
	check	%rdi, $4
	mov	(%rdi), %eax
	mov	%eax, (%rsi)
	xor	%eax, %eax
	ret
	.size	user_load32, . - user_load32

	/* int user_store32(uint32_t *to_user, uint32_t value) */
	function user_store32
	check	%rdi, $4
	mov	%esi, (%rdi)
	xor	%eax, %eax
	ret
	.size	user_store32, . - user_store32

	/*
	 * int user_exchange32(uint32_t *at_user, uint32_t *expected,
	 *                     uint32_t desired)
	 */
	function user_exchange32
	check	%rdi, $4
	mov	(%rsi), %eax
	lock cmpxchg %edx, (%rdi)
	mov	%eax, (%rsi)
	xor	%eax, %eax
	ret
	.size	user_exchange32, . - user_exchange32

	.type	user_fault, @function
user_fault:
	mov	$-EFAULT, %rax
	ret
	.size	user_fault, . - user_fault
user_access_end:

	.section .note.GNU-stack, "", @progbits
