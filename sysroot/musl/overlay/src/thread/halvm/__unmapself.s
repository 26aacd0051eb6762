# SPDX-License-Identifier: BSD-3-Clause
# void __unmapself(void *base, size_t size): a detached thread unmaps the stack
# it runs on and exits. No call can return to that stack, so both are one call
# of the runtime.
.text
.global __unmapself
.hidden __unmapself
.type __unmapself,@function
__unmapself:
	jmp halvm_unmap_exit
.size __unmapself,.-__unmapself
