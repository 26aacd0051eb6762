# SPDX-License-Identifier: BSD-3-Clause
# int __clone(int (*fn)(void *), void *stack, int flags, void *arg,
#             pid_t *ptid, void *tls, pid_t *ctid)
#
# halvm_syscall_clone(flags, stack, ptid, ctid, tls) starts the new thread as
# if by `mov stack, %rsp; xor %eax, %eax; ret`. So the new stack begins with
# the address to go on at, then the argument and the function.
.cfi_sections .debug_frame
.text
.global __clone
.hidden __clone
.type __clone,@function
__clone:
	.cfi_startproc
	and $-16,%rsi
	sub $32,%rsi
	lea 1f(%rip),%rax
	mov %rax,(%rsi)
	mov %rcx,8(%rsi)
	mov %rdi,16(%rsi)
	movslq %edx,%rdi
	mov %r8,%rdx
	mov 8(%rsp),%rcx
	mov %r9,%r8
	jmp halvm_syscall_clone
	# The new thread, whose frame is the outermost one: 16-byte aligned at
	# the call, as the ABI wants it.
	.cfi_undefined rip
1:	xor %ebp,%ebp
	pop %rdi
	mov (%rsp),%rax
	and $-16,%rsp
	call *%rax
	mov %eax,%edi
	call halvm_syscall_exit
	ud2
	.cfi_endproc
.size __clone,.-__clone
