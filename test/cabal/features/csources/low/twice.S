/* long twice(long x) */
	.text
	.globl	twice
	.type	twice, @function
twice:
	imulq	$TWICE, %rdi, %rax
	ret
	.size	twice, . - twice
	.section .note.GNU-stack, "", @progbits
