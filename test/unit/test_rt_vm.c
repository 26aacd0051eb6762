/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vm.c - core/vm*.c: what GHC and libc do with the address space,
 * where mappings come to lie, errors, brk, the end of memory.
 */
#include "rt_vm.h"

#define MIB (1UL << 20)
#define HINT 0x4200000000UL

/* GHC's heap: 1 TiB reserved, committed by the MiB, given back. */
static void test_ghc_heap(void)
{
	size_t size = (1UL << 40) + MIB;
	unsigned flags = VM_NORESERVE;
	struct vm_stats stats;
	bool good = true;
	int error;

	check(vm_map(HINT, size, 0, flags) == HINT, "1 TiB at a hint");
	check(vm_map(HINT, size, 0, flags) > 0, "once more, elsewhere");
	for (unsigned i = 0; i < 20; i++)
		good = good && vm_map(HINT + i * MIB, MIB, RW, VM_FIXED) ==
				   (long)(HINT + i * MIB);
	vm_get_stats(&stats);
	check(good && stats.areas == 3, "commits are one area: %zu",
	      stats.areas);
	check(stats.committed == 20 * MIB / PAGE_SIZE, "counted");
	check(host_touch(HINT + 5 * MIB, FAULT_WRITE, &error) &&
		  !host_touch(HINT + 20 * MIB, 0, &error) && error == -EFAULT,
	      "only the committed is there");
	check(vm_map(HINT + 3 * MIB, MIB, 0, VM_FIXED | VM_NORESERVE) > 0 &&
		  vm_discard(HINT + 3 * MIB, MIB) == 0,
	      "given back");
	check(vm_map(HINT + 20 * MIB, ARENA, RW, VM_FIXED) == -ENOMEM,
	      "more than RAM isn't promised");
	check(vm_map(HINT + 20 * MIB, ARENA, RW, VM_FIXED | VM_NORESERVE) > 0,
	      "but for NORESERVE");
	check(vm_unmap(USER_BASE, USER_END - USER_BASE) == 0 && sound(),
	      "all unmapped");
	vm_get_stats(&stats);
	check(!stats.areas && !stats.resident && !stats.committed, "empty");
}

/* Thread stacks: reserved, then all but the guard made accessible. */
static void test_stacks(void)
{
	static uintptr_t stack[3000];
	size_t start = pages_available();
	bool good = true;
	int error;

	for (unsigned i = 0; i < 3000; i++) {
		long at = vm_map(0, 34 * PAGE_SIZE, 0, 0);

		stack[i] = (uintptr_t)at;
		good =
		    good && at > 0 &&
		    !vm_protect(stack[i] + 2 * PAGE_SIZE, 32 * PAGE_SIZE, RW) &&
		    host_touch(stack[i] + 34 * PAGE_SIZE - 8, FAULT_WRITE,
			       &error);
	}
	check(good && sound(), "3000 stacks");
	check(vm.committed == 0, "not counted");
	for (unsigned i = 0; i < 3000; i++)
		good = good && !vm_unmap(stack[i], 34 * PAGE_SIZE);
	check(good && sound() && vm.count == 0, "unmapped");
	check(start - pages_available() <= 8, "nothing lost");
}

static void test_places(void)
{
	long a = vm_map(0, PAGE_SIZE, RW, VM_LOW), b, c;
	size_t window = MAP_LOW_END - MAP_LOW;

	check(a >= (long)MAP_LOW && a < (long)MAP_LOW_END, "below 2 GiB");
	check(vm_map(0, window, 0, VM_LOW) == -ENOMEM, "all of it isn't free");
	b = vm_map(0, window - PAGE_SIZE, 0, VM_LOW);
	check(b > 0, "the rest is");
	check(vm_map(0, PAGE_SIZE, 0, VM_LOW) == -ENOMEM, "now it is full");
	vm_unmap(MAP_LOW, window);
	a = vm_map(0, PAGE_SIZE, 0, 0);
	b = vm_map(0, PAGE_SIZE, RW, 0);
	c = vm_map(0, PAGE_SIZE, 0, 0);
	vm_unmap((uintptr_t)b, PAGE_SIZE);
	check(vm_map(0, 2 * PAGE_SIZE, RW, 0) > c, "too large for a gap");
	check(vm_map(0, PAGE_SIZE, RW, 0) == b, "the lowest gap that fits");
	check(a == (long)USER_BASE, "from the start");
	a = vm_map(0, 3 * LARGE_PAGE_SIZE, RW, 0);
	check(a % (long)LARGE_PAGE_SIZE == 0, "large ones are aligned");
	check(vm_map(0, USER_END - USER_BASE, 0, 0) == -ENOMEM, "too much");
	check(vm_map(WINDOW + 5, 10, RW, 0) == (long)WINDOW, "hint rounded");
	check(vm_map(USER_END - PAGE_SIZE, PAGE_SIZE, RW, VM_FIXED) > 0,
	      "the last page");
	vm_unmap(USER_LOWEST, USER_END - USER_LOWEST);
	check(sound() && vm.count == 0, "all unmapped");
}

static void test_errors(void)
{
	int e;

	check(vm_map(0, 0, RW, 0) == -EINVAL, "size 0");
	check(vm_map(0, SIZE_MAX, RW, 0) == -ENOMEM, "size too large");
	check(vm_map(5, 10, RW, VM_FIXED) == -EINVAL, "unaligned");
	check(vm_map(0, 10, RW, VM_FIXED) == -EPERM, "page 0");
	check(vm_map(USER_END, 10, RW, VM_FIXED) == -ENOMEM, "beyond the end");
	check(vm_map(0, 10, RW | PAGE_EXEC, 0) == -EACCES, "W and X");
	check(vm_unmap(5, 10) == -EINVAL && vm_unmap(0, 0) == -EINVAL &&
		  vm_unmap(PAGE_SIZE, SIZE_MAX) == -EINVAL,
	      "unmap");
	check(vm_unmap(WINDOW, PAGE_SIZE) == 0, "nothing is there: fine");
	check(vm_protect(WINDOW, 1, RW) == -ENOMEM &&
		  vm_protect(WINDOW, 1, RW | PAGE_EXEC) == -EACCES &&
		  vm_protect(WINDOW + 1, 1, RW) == -EINVAL &&
		  vm_protect(WINDOW, SIZE_MAX, RW) == -ENOMEM &&
		  vm_protect(WINDOW, 0, RW) == 0,
	      "protect");
	check(vm_discard(WINDOW + 1, 1) == -EINVAL &&
		  vm_discard(WINDOW, 1) == -ENOMEM &&
		  vm_discard(WINDOW, SIZE_MAX) == -EINVAL,
	      "discard");
	check(vm_fault(0, 0) == -EFAULT && vm_fault(UINTPTR_MAX, 0) == -EFAULT,
	      "faults nobody answers");
	check(vm_add_image(0x100000, 0x180000, PAGE_READ | PAGE_EXEC) == 0 &&
		  vm_add_image(0x180000, 0x190000, RW) == 0,
	      "an image");
	check(vm_unmap(0x17f000, 0x2000) == -EPERM &&
		  vm_map(0x180000, 1, RW, VM_FIXED) == -EPERM &&
		  vm_discard(0x180000, PAGE_SIZE) == -EINVAL &&
		  !host_touch(0x180000, 0, &e) && e == -EFAULT &&
		  vm_remap(0x180000, PAGE_SIZE, 1, 0, 0) == -EFAULT,
	      "can't be unmapped or paged in");
	check(vm_add_image(0x18f000, 0x191000, RW) == -EEXIST, "twice");
	area_cut(area_find(0x100000), 0x100000, 0x180000);
	area_cut(area_find(0x180000), 0x180000, 0x190000);
	vm.mapped -= 0x90;
	vm.resident -= 0x90;
}

static void test_brk(void)
{
	int error;

	check(vm_brk(0) == BRK_BASE, "at the start");
	check(vm_brk(BRK_BASE + 10000) == BRK_BASE + 10000, "grows");
	check(host_touch(BRK_BASE + 9999, FAULT_WRITE, &error), "is there");
	check(vm_brk(BRK_BASE + ARENA) == BRK_BASE + 10000, "not beyond RAM");
	check(vm_brk(BRK_BASE + 1) == BRK_BASE + 1, "shrinks");
	check(!host_touch(BRK_BASE + 5000, 0, &error), "has gone");
	check(vm_brk(BRK_BASE) == BRK_BASE && !vm.count && sound(), "empty");
}

/* What is promised can be touched, to the last page. */
static void test_exhaustion(void)
{
	size_t n = 0;
	long at[64];
	int error;
	bool good = true;

	while (n < 64 && (at[n] = vm_map(0, MIB, RW, 0)) > 0)
		n++;
	check(n > 40 && n < 64 && at[n] == -ENOMEM, "%zu MiB promised", n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < MIB; k += PAGE_SIZE)
			good = good && host_touch((uintptr_t)at[i] + k,
						  FAULT_WRITE, &error);
	check(good, "and touched");
	check(vm_map(0, MIB, RW, VM_NORESERVE) > 0, "more, without reserve");
	vm_unmap(USER_LOWEST, USER_END - USER_LOWEST);
	check(sound() && vm.count == 0, "all unmapped");
}

int main(void)
{
	vm_start();
	test_errors();
	test_brk();
	test_places();
	test_ghc_heap();
	test_stacks();
	test_exhaustion();
	return check_done();
}
