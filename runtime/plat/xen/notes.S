/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * notes.S - what this image is, for our own tools, and for Xen's (public/
 * elfnote.h; the note for PVH is in pc/entry.S).
 *
 * The notes of a PV guest are there so that one starts (pv.S) and can say that
 * it wants to be PVH: without them the toolstack would only call the image
 * invalid.
 */
#define XEN_ELFNOTE_ENTRY 1
#define XEN_ELFNOTE_HYPERCALL_PAGE 2
#define XEN_ELFNOTE_VIRT_BASE 3
#define XEN_ELFNOTE_PADDR_OFFSET 4
#define XEN_ELFNOTE_XEN_VERSION 5
#define XEN_ELFNOTE_GUEST_OS 6
#define XEN_ELFNOTE_LOADER 8
#define XEN_ELFNOTE_PAE_MODE 9

	.section .note.halvm, "a", @note
	.p2align 2
	.long	6, 4, 1
	.asciz	"HaLVM"
	.p2align 2
	.asciz	"xen"

	.macro	xen_word type, value
	.p2align 2
	.long	4, 8, \type
	.asciz	"Xen"
	.quad	\value
	.endm

	.macro	xen_text type, text
	.p2align 2
	.long	4, 2f - 1f, \type
	.asciz	"Xen"
1:	.asciz	"\text"
2:
	.endm

	.section .note.Xen, "a", @note
	xen_text XEN_ELFNOTE_GUEST_OS, HaLVM
	xen_text XEN_ELFNOTE_XEN_VERSION, xen-3.0
	xen_text XEN_ELFNOTE_LOADER, generic
	xen_text XEN_ELFNOTE_PAE_MODE, yes
	xen_word XEN_ELFNOTE_VIRT_BASE, 0
	xen_word XEN_ELFNOTE_PADDR_OFFSET, 0
	xen_word XEN_ELFNOTE_ENTRY, xen_pv_entry
	xen_word XEN_ELFNOTE_HYPERCALL_PAGE, xen_hypercall_page
	.p2align 2

	.section .note.GNU-stack, "", @progbits
