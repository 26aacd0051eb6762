# SPDX-License-Identifier: BSD-3-Clause
# Where a signal handler returns to: rt_sigreturn must find the stack as the
# handler left it, so this jumps and does not call. The nop is for unwinders,
# which look up the address before a return address.
	nop
.global __restore_rt
.hidden __restore_rt
.type __restore_rt,@function
__restore_rt:
	jmp halvm_syscall_rt_sigreturn
.size __restore_rt,.-__restore_rt
