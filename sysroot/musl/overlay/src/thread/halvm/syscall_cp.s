# SPDX-License-Identifier: BSD-3-Clause
# A system call that is a cancellation point: whether a cancellation came before
# or after the call took effect only the target can tell, so the call and the
# window around it are the runtime's. When libc is compiled, musl's names
# __syscall_cp_asm, __cp_begin, __cp_end and __cp_cancel become
# halvm_cancel_point, halvm_cancel_begin, halvm_cancel_end and
# halvm_cancelled.
#
# halvm_cancelled is where both the runtime (when *cancel is set on entry) and
# libc's signal handler (when the interrupted address is within the window) go
# on; the stack is as at function entry.
.text
.global halvm_cancelled
.hidden halvm_cancelled
.hidden __cancel
.type halvm_cancelled,@function
halvm_cancelled:
	jmp __cancel
.size halvm_cancelled,.-halvm_cancelled
