# SPDX-License-Identifier: BSD-3-Clause
# int __set_thread_area(void *p): the FS base becomes p, by
# arch_prctl(ARCH_SET_FS = 0x1002, p). Returns 0 or -errno.
.text
.global __set_thread_area
.hidden __set_thread_area
.type __set_thread_area,@function
__set_thread_area:
	mov %rdi,%rsi
	mov $0x1002,%edi
	jmp halvm_syscall_arch_prctl
.size __set_thread_area,.-__set_thread_area
