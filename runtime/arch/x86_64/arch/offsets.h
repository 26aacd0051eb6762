/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/offsets.h - where assembly finds members of C's structures; context.h
 * and percpu.h hold them, trap.c asserts that they agree.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

#define PERCPU_CURRENT 0
#define PERCPU_SELF 8
#define PERCPU_EXIT_STACK 16
#define PERCPU_SIGNAL_AREA 40
#define PERCPU_IRQ_STACK 48

/* arch/signal.h: struct arch_signal_hooks. */
#define SIGNAL_HOOK_ENTER 0
#define SIGNAL_HOOK_LEAVE 8
#define SIGNAL_HOOK_LEAVE_CALL 16

#define ARCH_RSP 0
#define ARCH_IN_KERNEL 8
#define ARCH_PENDING 12
#define ARCH_FS_BASE 16
#define ARCH_PREEMPTED 24
#define ARCH_FRAME 96
#define ARCH_FPU 272

/* Selectors of the GDT (cpu.c). */
#define SELECTOR_CODE 8
#define SELECTOR_DATA 16
#define SELECTOR_TSS 24

#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101

/* trap.h: VECTOR_EVENT. */
#define EVENT_NUMBER 0x61

#define FRAME_SIZE 176
#define FRAME_RIP 136

#endif
