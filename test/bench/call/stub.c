/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A runtime's answer that returns at once. Linked with
 * --wrap=halvm_syscall_getppid it takes the place of the target's stub, so
 * that call.c measures libc's way to the symbol and nothing behind it.
 */
long __wrap_halvm_syscall_getppid(void);

long __wrap_halvm_syscall_getppid(void)
{
	return 42;
}
