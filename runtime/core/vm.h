/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm.h - the one address space: areas, demand paging, commitment.
 *
 * An area is a range with the same rights.  Pages appear, zeroed, when they
 * are first touched.  Rights are enum PAGE_*; 0 reserves addresses and costs
 * nothing.  A writable mapping is a commitment: vm_map says -ENOMEM when RAM
 * could not hold all that was promised, unless VM_NORESERVE; rights gained by
 * vm_protect (thread stacks) are not counted.  Nothing is ever both writable
 * and executable: -EACCES.
 *
 * Addresses and sizes are checked here as the man pages of mmap(2) and its
 * kin say; any thread context.
 */
#ifndef CORE_VM_H
#define CORE_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch/page.h"

enum {
	VM_FIXED = 1,	  /* at addr, replacing what is there */
	VM_NOREPLACE = 2, /* at addr, or -EEXIST */
	VM_LOW = 4,	  /* below 2 GiB (MAP_32BIT) */
	VM_NORESERVE = 8,
	VM_POPULATE = 16,
	VM_KEEP = 32, /* vm_discard leaves its pages: shared, or a file's */
};

/*
 * Start.  The image's sections become areas that can't be unmapped.
 */
void vm_init(void);
int vm_add_image(uintptr_t start, uintptr_t end, unsigned prot);

/* The address, or -errno.  addr is a hint without VM_FIXED. */
long vm_map(uintptr_t addr, size_t size, unsigned prot, unsigned flags);
int vm_unmap(uintptr_t addr, size_t size);
int vm_protect(uintptr_t addr, size_t size, unsigned prot);
/* MREMAP_* flags of mremap(2).  The address, or -errno. */
long vm_remap(uintptr_t addr, size_t old_size, size_t new_size, unsigned flags,
	      uintptr_t new_addr);
/* Gives pages back; they read as zeros after (MADV_DONTNEED, MADV_FREE). */
int vm_discard(uintptr_t addr, size_t size);
/* 0, or -ENOMEM if a part of the range isn't mapped. */
int vm_check(uintptr_t addr, size_t size);
/* Pages in what is absent. */
int vm_populate(uintptr_t addr, size_t size);
/* mincore(2): one byte a page into vec, a buffer of the runtime's. */
int vm_resident(uintptr_t addr, size_t size, unsigned char *vec);
/* brk(2): the new end, or the old one if it can't be. */
uintptr_t vm_brk(uintptr_t end);

/* The hook of arch/trap.h: 0, -EFAULT (no such right), -ENOMEM. */
int vm_fault(uintptr_t addr, unsigned access);

/* The last fault at addr's page was right, but there was no memory for it. */
bool vm_fault_starved(uintptr_t addr);

/* In pages; for sysinfo and /proc. */
struct vm_stats {
	size_t mapped, resident, committed, commit_limit, areas;
	uint64_t faults;
};
void vm_get_stats(struct vm_stats *stats);

/* Areas in order, for /proc/self/maps: the first at or after addr. */
struct vm_area_info {
	uintptr_t start, end;
	unsigned prot;
	bool image;
};
bool vm_next_area(uintptr_t addr, struct vm_area_info *info);

#endif
