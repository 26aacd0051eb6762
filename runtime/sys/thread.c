/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * thread.c - system calls: the life of threads and what belongs to one.
 */
#include "arch/cpu.h"
#include "arch/page.h"
#include "arch/spin.h"
#include "arch/user.h"
#include "core/process.h"
#include "core/thread.h"
#include "halvm/abi/futex.h"
#include "halvm/abi/sched.h"
#include "halvm/runtime.h"
#include "halvm/syscalls.h"
#include "sys/sys.h"

/* What a thread shares with the others; without them it is a process. */
#define CLONE_THREAD_FLAGS                                                     \
	(ABI_CLONE_VM | ABI_CLONE_THREAD | ABI_CLONE_SIGHAND | ABI_CLONE_FS |  \
	 ABI_CLONE_FILES)
#define CLONE_NAMESPACES                                                       \
	(ABI_CLONE_NEWNS | ABI_CLONE_NEWCGROUP | ABI_CLONE_NEWUTS |            \
	 ABI_CLONE_NEWIPC | ABI_CLONE_NEWUSER | ABI_CLONE_NEWPID |             \
	 ABI_CLONE_NEWNET)

/*
 * The new thread starts as if by `ret` with rsp = stack: the address to go on
 * at lies there.  -ENOSYS for what would be a process.
 */
SYSCALL_SLEEP5(clone, flags, stack, parent_tid, child_tid, tls)
{
	struct thread *t;
	uint64_t rip;
	int tid;

	if (flags & CLONE_NAMESPACES)
		return -EPERM;
	if ((flags & CLONE_THREAD_FLAGS) != CLONE_THREAD_FLAGS)
		return -ENOSYS;
	if ((flags & (ABI_CLONE_PIDFD | ABI_CLONE_VFORK)) || stack == 0)
		return -EINVAL;
	if ((flags & ABI_CLONE_SETTLS) && (uint64_t)tls >= USER_END)
		return -EPERM;
	if (user_read(&rip, (void *)stack, sizeof rip) < 0)
		return -EFAULT;
	t = thread_create();
	if (!t)
		return -ENOMEM;
	t->arch.fs_base = flags & ABI_CLONE_SETTLS
			      ? (uint64_t)tls
			      : thread_current()->arch.fs_base;
	arch_thread_start(&t->arch, rip, (uintptr_t)stack + sizeof rip, 0);
	tid = t->tid;
	/* As on Linux, a wrong address is nobody's error. */
	if (flags & ABI_CLONE_PARENT_SETTID)
		user_store32((uint32_t *)parent_tid, (uint32_t)tid);
	if (flags & ABI_CLONE_CHILD_SETTID)
		user_store32((uint32_t *)child_tid, (uint32_t)tid);
	if (flags & ABI_CLONE_CHILD_CLEARTID)
		t->clear_tid = (uint32_t *)child_tid;
	thread_start(t);
	return tid;
}

SYSCALL1(exit, status)
{
	thread_exit((int)status, 0, 0);
}

void halvm_unmap_exit(void *base, unsigned long size)
{
	thread_exit(0, (uintptr_t)base, size);
}

SYSCALL1(exit_group, status)
{
	thread_current()->arch.in_kernel++; /* no signal's handler any more */
	process_exit((int)(status & 0xff));
}

SYSCALL0(gettid)
{
	return thread_current()->tid;
}

SYSCALL1(set_tid_address, address)
{
	struct thread *t = thread_current();

	t->clear_tid = (uint32_t *)address;
	return t->tid;
}

SYSCALL2(set_robust_list, head, size)
{
	struct thread *t = thread_current();

	if (size != sizeof(struct abi_robust_list_head))
		return -EINVAL;
	t->robust_list = (void *)head;
	t->robust_size = (size_t)size;
	return 0;
}

SYSCALL3(get_robust_list, tid, head, size)
{
	unsigned long flags = spin_lock(&thread_all_lock);
	struct thread *t = thread_find((int)tid);
	void *list = t ? t->robust_list : NULL;
	uint64_t n = sizeof(struct abi_robust_list_head);

	spin_unlock(&thread_all_lock, flags);
	if (!t)
		return -ESRCH;
	if (user_write((void *)size, &n, sizeof n) < 0)
		return -EFAULT;
	return user_write((void *)head, &list, sizeof list);
}

/* GS is the runtime's own. */
SYSCALL2(arch_prctl, code, address)
{
	struct thread *t = thread_current();
	unsigned long flags;

	switch (code) {
	case ABI_ARCH_SET_FS:
		if ((uint64_t)address >= USER_END)
			return -EPERM;
		flags = irq_save();
		arch_set_fs_base(&t->arch, (uint64_t)address);
		irq_restore(flags);
		return 0;
	case ABI_ARCH_GET_FS:
		return user_write((void *)address, &t->arch.fs_base,
				  sizeof t->arch.fs_base);
	case ABI_ARCH_SET_GS:
		return -EPERM;
	default:
		return -EINVAL;
	}
}
