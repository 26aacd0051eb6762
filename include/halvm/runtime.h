/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * halvm/runtime.h - the contract between libc and a target's runtime object,
 * beside the system calls themselves (halvm/syscalls.h).
 *
 * A runtime object defines _start or another entry of its own, the
 * halvm_syscall_* functions, halvm_unmap_exit, halvm_cancel_point and the
 * window's labels.
 * Every other name in it is local.  libc defines halvm_start and, together
 * with its only caller of halvm_cancel_point, halvm_cancelled.
 *
 * All code runs on the caller's stack, without a red zone, in the small code
 * model, and is never position independent: the image lies below 2 GiB.
 */
#ifndef HALVM_RUNTIME_H
#define HALVM_RUNTIME_H

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this contract; objects carry it as the symbol halvm_abi. */
#define HALVM_ABI 1

/*
 * libc's start.  block is what Linux puts on a new program's stack: argc,
 * argv[], NULL, environment[], NULL, auxiliary vector.  The vector must have
 * AT_PAGESZ, AT_RANDOM and, or else initial values of thread-local variables
 * are lost, AT_PHDR, AT_PHNUM and AT_PHENT.  The stack must be aligned to 16
 * bytes at the call.
 */
__attribute__((__noreturn__)) void halvm_start(long *block);

/*
 * A system call that is a cancellation point: fn(u, v, w, x, y, z), where fn
 * is a halvm_syscall_*, or a jump to halvm_cancelled if *cancel isn't 0.
 *
 * A signal whose saved address lies in [halvm_cancel_begin, halvm_cancel_end)
 * finds the stack pointer as at the function's entry and the call not yet
 * made; its handler may redirect it to halvm_cancelled.
 */
long halvm_cancel_point(volatile int *cancel,
			long (*fn)(long, long, long, long, long, long), long u,
			long v, long w, long x, long y, long z);
extern const char halvm_cancel_begin[], halvm_cancel_end[];

/*
 * The end of a detached thread: unmaps the stack it runs on and ends the thread
 * with status 0.  The caller has blocked all signals.
 */
__attribute__((__noreturn__)) void halvm_unmap_exit(void *base,
						    unsigned long size);

/* libc: ends the thread, or returns -ECANCELED to the caller of the point. */
long halvm_cancelled(void);

#ifdef __cplusplus
}
#endif

#endif
