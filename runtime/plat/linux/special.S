/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * special.S - the system calls that need more than the macros of stub.h.
 *
 * linux-stubs.awk names them, writes no line for them, and takes their
 * numbers from syscalls.tbl into numbers.h.
 */
#include "stub.h"
#include "numbers.h"

/* <sched.h> */
#define CLONE_THREAD 0x10000

/*
 * clone(flags, stack, ptid, ctid, tls).  The new thread starts here too, with
 * rax = 0 and rsp = stack, so `ret` takes its first address from its own
 * stack: just what libc's contract asks for.
 *
 * Without CLONE_THREAD it makes a process.  The class of clone is threads,
 * because that is what a unikernel uses it for; strict mode refuses the other
 * use as it refuses fork.
 */
	stub	clone, NR_clone
	cmpb	$0, linux_strict(%rip)
	jne	2f
1:	kernel	NR_clone, 5
	ret
2:	test	$CLONE_THREAD, %edi
	jnz	1b
	mov	$-REFUSED_fork, %rax
	ret
	endstub	clone

/*
 * vfork() lends its memory to the child until that executes a program, and
 * the child would come back through frames the parent still needs: libc's
 * syscall() at least.  POSIX lets vfork be fork; so it is here.
 */
	stub	vfork, NR_vfork | NEVER
	cmpb	$0, linux_strict(%rip)
	jne	1f
	kernel	NR_fork, 0
	ret
1:	mov	$-REFUSED_vfork, %rax
	ret
	endstub	vfork

/*
 * rt_sigreturn: libc's restorer jumps here with rsp as the kernel left it for
 * the handler's return; the kernel finds the frame by rsp and never comes
 * back.  The unwind information describes that frame as the restorer's does
 * in libc: CFA and registers come from the ucontext at rsp.
 */
#define UC_GREGS 40
#define GREG(n) (UC_GREGS + 8 * (n))
#define REG_RDI 8
#define REG_RSI 9
#define REG_RBP 10
#define REG_RBX 11
#define REG_RDX 12
#define REG_RAX 13
#define REG_RCX 14
#define REG_RSP 15
#define REG_RIP 16

/* DW_CFA_def_cfa_expression: *(rsp + offset).  The offset is two bytes of
   SLEB128 (0x0f DW_CFA_def_cfa_expression, 0x77 DW_OP_breg7, 0x06 deref). */
	.macro	cfa_at offset
	.cfi_escape 0x0f, 4, 0x77, ((\offset) & 0x7f) | 0x80, (\offset) >> 7, 6
	.endm

/* DW_CFA_expression: register reg is saved at rsp + offset. */
	.macro	saved_at reg, offset
	.cfi_escape 0x10, \reg, 3, 0x77, ((\offset) & 0x7f) | 0x80, (\offset) >> 7
	.endm

	stub	rt_sigreturn, NR_rt_sigreturn
	.cfi_signal_frame
	cfa_at	GREG(REG_RSP)
	saved_at 0, GREG(REG_RAX)
	saved_at 1, GREG(REG_RDX)
	saved_at 2, GREG(REG_RCX)
	saved_at 3, GREG(REG_RBX)
	saved_at 4, GREG(REG_RSI)
	saved_at 5, GREG(REG_RDI)
	saved_at 6, GREG(REG_RBP)
	saved_at 7, GREG(REG_RSP)
	saved_at 8, GREG(0)
	saved_at 9, GREG(1)
	saved_at 10, GREG(2)
	saved_at 11, GREG(3)
	saved_at 12, GREG(4)
	saved_at 13, GREG(5)
	saved_at 14, GREG(6)
	saved_at 15, GREG(7)
	saved_at 16, GREG(REG_RIP)
	kernel	NR_rt_sigreturn, 0
	ud2
	endstub	rt_sigreturn

/*
 * clock_gettime: the host's vDSO reads the clock without entering the kernel
 * when it can; start.c looks it up.  Without one it is the call below.
 */
	stub	clock_gettime, NR_clock_gettime
	jmp	*linux_clock_gettime(%rip)
	endstub	clock_gettime

	.section .text.linux_clock_gettime_call, "ax", @progbits
	.globl	linux_clock_gettime_call
	.type	linux_clock_gettime_call, @function
linux_clock_gettime_call:
	.cfi_startproc
	kernel	NR_clock_gettime, 2
	ret
	.cfi_endproc
	.size	linux_clock_gettime_call, . - linux_clock_gettime_call
