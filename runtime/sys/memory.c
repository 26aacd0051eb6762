/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memory.c - mmap(2), mprotect(2) and their kin.
 *
 * What differs from Linux: memory is never both writable and executable
 * (-EACCES); a file's mapping is a copy made when it is mapped, read as zeros
 * behind the file's end, and never writes back (a writable shared one is
 * -ENODEV); nothing is ever swapped out, so locking means paging in.
 */
#include "arch/user.h"
#include "core/vm.h"
#include "halvm/abi/mman.h"
#include "io/file.h"
#include "sys/sys.h"

#define PROT_ALL (ABI_PROT_READ | ABI_PROT_WRITE | ABI_PROT_EXEC)

_Static_assert(ABI_PROT_READ == PAGE_READ && ABI_PROT_WRITE == PAGE_WRITE &&
		   ABI_PROT_EXEC == PAGE_EXEC,
	       "rights");

static bool is_shared(long flags)
{
	return (flags & ABI_MAP_TYPE) != ABI_MAP_PRIVATE;
}

static unsigned vm_flags_of(long flags)
{
	unsigned f = 0;

	if (flags & ABI_MAP_FIXED_NOREPLACE)
		f |= VM_NOREPLACE;
	else if (flags & ABI_MAP_FIXED)
		f |= VM_FIXED;
	else if (flags & ABI_MAP_32BIT)
		f |= VM_LOW;
	if (flags & ABI_MAP_NORESERVE)
		f |= VM_NORESERVE;
	if (flags & ABI_MAP_LOCKED ||
	    (flags & ABI_MAP_POPULATE && !(flags & ABI_MAP_NONBLOCK)))
		f |= VM_POPULATE;
	/* Discarding a shared mapping leaves what is behind it. */
	if (is_shared(flags) || !(flags & ABI_MAP_ANONYMOUS))
		f |= VM_KEEP;
	return f;
}

/* 0, or why this file can't be mapped so. */
static long check_file(const struct file *f, long prot, long flags)
{
	unsigned mode = f->flags & O_ACCMODE;

	if (mode == O_WRONLY)
		return -EACCES;
	if (is_shared(flags) && prot & ABI_PROT_WRITE)
		return mode == O_RDWR ? -ENODEV : -EACCES;
	if (!f->has_pos || !f->ops->read)
		return -ENODEV;
	return 0;
}

/* Fills memory of the program from a file; to its end at most. */
static long fill(struct file *f, uintptr_t addr, size_t size, uint64_t pos)
{
	while (size) {
		struct abi_iovec vec = {(void *)addr, size};
		struct uio to = {.vec = &vec, .count = 1, .left = size};
		long n = f->ops->read(f, &to, &pos);

		if (n <= 0)
			return n;
		addr += (size_t)n;
		size -= (size_t)n;
	}
	return 0;
}

static long map_file(struct file *f, uintptr_t addr, size_t size, long prot,
		     long flags, uint64_t offset)
{
	unsigned vm_flags = vm_flags_of(flags) & ~(unsigned)VM_POPULATE;
	long at = check_file(f, prot, flags), r;

	if (at)
		return at;
	at = vm_map(addr, size, PAGE_READ | PAGE_WRITE, vm_flags);
	if (at < 0)
		return at;
	r = fill(f, (uintptr_t)at, size, offset);
	if (!r && (prot & PROT_ALL) != (PAGE_READ | PAGE_WRITE))
		r = vm_protect((uintptr_t)at, size, prot & PROT_ALL);
	if (r) {
		vm_unmap((uintptr_t)at, size);
		return r == -EISDIR ? -ENODEV : r;
	}
	return at;
}

static long check_map(long size, long prot, long flags, long offset)
{
	long type = flags & ABI_MAP_TYPE;

	if (type < ABI_MAP_SHARED || type > ABI_MAP_SHARED_VALIDATE || !size ||
	    offset & (long)(PAGE_SIZE - 1))
		return -EINVAL;
	if (prot & ABI_PROT_WRITE && prot & ABI_PROT_EXEC)
		return -EACCES;
	if (type == ABI_MAP_SHARED_VALIDATE && flags & ABI_MAP_SYNC)
		return -EOPNOTSUPP;
	/* As where no huge pages are set aside. */
	if (flags & ABI_MAP_HUGETLB)
		return -ENOMEM;
	return 0;
}

SYSCALL_SLEEP6(mmap, addr, size, prot, flags, fd, offset)
{
	long r = check_map(size, prot, flags, offset);
	struct file *f;

	if (r)
		return r;
	if (flags & ABI_MAP_ANONYMOUS)
		return vm_map((uintptr_t)addr, (size_t)size, prot & PROT_ALL,
			      vm_flags_of(flags));
	f = fd_get_open((int)fd);
	if (!f)
		return -EBADF;
	if ((size_t)size > USER_END || offset < 0 || offset > INT64_MAX - size)
		r = offset < 0 ? -EOVERFLOW : -ENOMEM;
	else
		r = map_file(f, (uintptr_t)addr, (size_t)size, prot, flags,
			     (uint64_t)offset);
	file_put(f);
	return r;
}

SYSCALL2(munmap, addr, size)
{
	return vm_unmap((uintptr_t)addr, (size_t)size);
}

SYSCALL3(mprotect, addr, size, prot)
{
	/* No area grows by itself, so PROT_GROWS* fits none. */
	if (prot & ~(long)(PROT_ALL | ABI_PROT_SEM))
		return -EINVAL;
	return vm_protect((uintptr_t)addr, (size_t)size, prot & PROT_ALL);
}

SYSCALL1(brk, end)
{
	return (long)vm_brk((uintptr_t)end);
}

SYSCALL5(mremap, addr, old_size, new_size, flags, new_addr)
{
	if (flags != (unsigned)flags)
		return -EINVAL;
	return vm_remap((uintptr_t)addr, (size_t)old_size, (size_t)new_size,
			(unsigned)flags, (uintptr_t)new_addr);
}

SYSCALL3(msync, addr, size, flags)
{
	if (flags & ~(long)(ABI_MS_ASYNC | ABI_MS_INVALIDATE | ABI_MS_SYNC) ||
	    (flags & ABI_MS_ASYNC && flags & ABI_MS_SYNC) ||
	    (uintptr_t)addr & (PAGE_SIZE - 1))
		return -EINVAL;
	return vm_check((uintptr_t)addr, (size_t)size);
}

SYSCALL3(mincore, addr, size, vec)
{
	unsigned char buf[64];
	uintptr_t at = (uintptr_t)addr, to = (uintptr_t)vec;
	size_t pages = (size_t)size / PAGE_SIZE + !!(size & (PAGE_SIZE - 1));

	if (at & (PAGE_SIZE - 1))
		return -EINVAL;
	while (pages) {
		size_t n = pages < sizeof(buf) ? pages : sizeof(buf);
		int r = vm_resident(at, n * PAGE_SIZE, buf);

		if (!r)
			r = user_write((void *)to, buf, n);
		if (r)
			return r;
		at += n * PAGE_SIZE;
		to += n;
		pages -= n;
	}
	return 0;
}

SYSCALL3(madvise, addr, size, advice)
{
	uintptr_t at = (uintptr_t)addr;

	if (at & (PAGE_SIZE - 1) || size < 0)
		return -EINVAL;
	switch (advice) {
	case ABI_MADV_DONTNEED:
	case ABI_MADV_DONTNEED_LOCKED:
	case ABI_MADV_FREE:
		return vm_discard(at, (size_t)size);
	case ABI_MADV_POPULATE_READ:
	case ABI_MADV_POPULATE_WRITE:
		return vm_populate(at, (size_t)size);
	case ABI_MADV_NORMAL:
	case ABI_MADV_RANDOM:
	case ABI_MADV_SEQUENTIAL:
	case ABI_MADV_WILLNEED:
	case ABI_MADV_DONTFORK:
	case ABI_MADV_DOFORK:
	case ABI_MADV_MERGEABLE:
	case ABI_MADV_UNMERGEABLE:
	case ABI_MADV_HUGEPAGE:
	case ABI_MADV_NOHUGEPAGE:
	case ABI_MADV_DONTDUMP:
	case ABI_MADV_DODUMP:
	case ABI_MADV_WIPEONFORK:
	case ABI_MADV_KEEPONFORK:
	case ABI_MADV_COLD:
	case ABI_MADV_PAGEOUT:
		return vm_check(at, (size_t)size);
	default:
		return -EINVAL;
	}
}

/* The pages that hold [addr, addr + size), as mlock(2) rounds. */
static int lock(long addr, long size, bool populate)
{
	uintptr_t at = (uintptr_t)addr & ~(PAGE_SIZE - 1);
	size_t n = (size_t)size + ((uintptr_t)addr - at);
	int r;

	if (n < (size_t)size)
		return -EINVAL;
	r = vm_check(at, n);
	return r || !populate ? r : vm_populate(at, n);
}

SYSCALL2(mlock, addr, size)
{
	return lock(addr, size, true);
}

SYSCALL3(mlock2, addr, size, flags)
{
	if (flags & ~(long)ABI_MLOCK_ONFAULT)
		return -EINVAL;
	return lock(addr, size, !flags);
}

SYSCALL2(munlock, addr, size)
{
	return lock(addr, size, false);
}

/* Nothing is to be done, as nothing is swapped out. */
SYSCALL1(mlockall, flags)
{
	if (!flags || flags == ABI_MCL_ONFAULT ||
	    flags & ~(long)(ABI_MCL_CURRENT | ABI_MCL_FUTURE | ABI_MCL_ONFAULT))
		return -EINVAL;
	return 0;
}

SYSCALL0(munlockall)
{
	return 0;
}
