/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * note.S - what this image is, for halvm-run and halvm-image.
 */
	.section .note.halvm, "a", @note
	.p2align 2
	.long	6, 7, 1
	.asciz	"HaLVM"
	.p2align 2
	.asciz	"vmware"

	.section .note.GNU-stack, "", @progbits
