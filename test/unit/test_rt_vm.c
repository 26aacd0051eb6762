/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * core/vm*.c: random calls against a model that knows of each page of a window
 * whether it is mapped, with which rights, and what it holds; with plenty of
 * memory, with little, and with page tables that can't grow.
 */
#include "check.h"
#include "arch/trap.h"
#include "core/vm_area.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/mman.h"
#include "host.h"
#include "random.h"

#define ARENA (48UL << 20)
#define WINDOW 0x7000000000UL
#define PAGES 5120u /* of the window: ten large pages */
#define RW (PAGE_READ | PAGE_WRITE)

struct page {
	bool mapped;
	uint8_t prot, flags;
	char value; /* at its start */
};

static struct page model[PAGES];
static bool failures;	    /* -ENOMEM may come at any time */
static unsigned large_seen; /* large pages, at all looks */

static uintptr_t addr_of(unsigned page)
{
	return WINDOW + page * PAGE_SIZE;
}

/* --- What must always hold --- */

static bool sound_node(const struct tree_node *n)
{
	const struct area *a = container_of(n, struct area, node), *prev;
	size_t max = a->gap;

	for (int i = 0; i < 2; i++) {
		const struct tree_node *c = i ? n->left : n->right;

		if (c && !sound_node(c))
			return false;
		if (c && container_of(c, struct area, node)->max_gap > max)
			max = container_of(c, struct area, node)->max_gap;
	}
	prev = area_prev(a);
	return a->max_gap == max && a->start < a->end &&
	       a->gap == a->start - (prev ? prev->end : 0) &&
	       !(prev && prev->end == a->start && prev->prot == a->prot &&
		 prev->flags == a->flags && !(a->flags & AREA_IMAGE));
}

/* Pages are in areas and have their rights; all is counted. */
static bool sound(void)
{
	size_t resident = 0, fulfilled = 0, mapped = 0, committed = 0, n = 0;
	struct page_mapping m;
	struct area *a;

	if (vm.areas.root && !sound_node(vm.areas.root))
		return false;
	for (size_t i = 0; i < host_pages(); i++) {
		uintptr_t addr = host_page(i, &m);

		a = area_find(addr);
		if (!a || a->start > addr || a->end < addr + m.size ||
		    a->prot != m.prot)
			return false;
		resident += m.size / PAGE_SIZE;
		large_seen += m.size == LARGE_PAGE_SIZE;
		if (a->flags & AREA_COMMITTED)
			fulfilled += m.size / PAGE_SIZE;
	}
	for (a = area_of(tree_first(&vm.areas)); a; a = area_next(a)) {
		mapped += (a->end - a->start) / PAGE_SIZE;
		if (a->flags & AREA_COMMITTED)
			committed += (a->end - a->start) / PAGE_SIZE;
		n++;
	}
	return vm.resident == resident && vm.mapped == mapped &&
	       vm.committed == committed && vm.count == n &&
	       pages_promised() == committed - fulfilled;
}

static char byte_at(uintptr_t addr)
{
	struct page_mapping m;

	if (!page_lookup(addr, &m))
		return 0;
	return ((char *)phys_to_virt(m.phys))[addr % m.size];
}

/* The model and what is. */
static bool agrees(void)
{
	for (unsigned i = 0; i < PAGES; i++) {
		const struct area *a = area_find(addr_of(i));
		bool mapped = a && a->start <= addr_of(i);
		const struct page *p = &model[i];

		if (p->mapped != mapped)
			return false;
		if (mapped && (p->prot != a->prot || p->flags != a->flags ||
			       p->value != byte_at(addr_of(i))))
			return false;
	}
	return true;
}

/* After a call that stopped in its middle. */
static void learn(void)
{
	for (unsigned i = 0; i < PAGES; i++) {
		const struct area *a = area_find(addr_of(i));
		struct page *p = &model[i];

		p->mapped = a && a->start <= addr_of(i);
		p->prot = p->mapped ? a->prot : 0;
		p->flags = p->mapped ? a->flags : 0;
		p->value = p->mapped ? byte_at(addr_of(i)) : 0;
	}
}

/* --- Calls, and what the model says of them --- */

static bool all_mapped(unsigned at, unsigned n)
{
	for (unsigned i = at; i < at + n; i++)
		if (!model[i].mapped)
			return false;
	return true;
}

static bool none_mapped(unsigned at, unsigned n)
{
	for (unsigned i = at; i < at + n; i++)
		if (model[i].mapped)
			return false;
	return true;
}

static unsigned random_prot(void)
{
	static const unsigned prot[] = {
	    RW, RW, RW, PAGE_READ, PAGE_READ | PAGE_EXEC, 0, 0, PAGE_WRITE,
	};

	return prot[random_below(8)];
}

static void set(unsigned at, unsigned n, struct page p)
{
	for (unsigned i = at; i < at + n; i++)
		model[i] = p;
}

static bool do_map(unsigned at, unsigned n)
{
	static const unsigned how[] = {VM_FIXED, VM_FIXED, VM_NOREPLACE, 0};
	unsigned prot = random_prot(), flags = how[random_below(4)];
	struct page p = {.mapped = true, .prot = (uint8_t)prot};
	long r;

	if (random_below(3) == 0)
		flags |= VM_NORESERVE;
	if (random_below(5) == 0)
		flags |= VM_KEEP;
	if (random_below(8) == 0)
		flags |= VM_POPULATE;
	r = vm_map(addr_of(at), n * PAGE_SIZE - random_below(PAGE_SIZE), prot,
		   flags);
	if (prot)
		p.prot |= PAGE_READ;
	if (prot & PAGE_WRITE && !(flags & VM_NORESERVE))
		p.flags |= AREA_COMMITTED;
	if (flags & VM_KEEP)
		p.flags |= AREA_KEEP;
	if (r == -ENOMEM && failures) {
		learn();
		return true;
	}
	if (flags & VM_NOREPLACE && !none_mapped(at, n))
		return r == -EEXIST;
	if (r >= 0 && (uintptr_t)r != addr_of(at))
		return !(flags & (VM_FIXED | VM_NOREPLACE)) &&
		       !none_mapped(at, n) &&
		       vm_unmap((uintptr_t)r, n * PAGE_SIZE) == 0;
	set(at, n, p);
	return r >= 0;
}

/* All of the window, now and then: an area for large pages. */
static bool do_map_all(unsigned at, unsigned n)
{
	struct page p = {true, RW, AREA_COMMITTED, 0};
	long r;

	(void)at;
	(void)n;
	if (random_below(8))
		return true;
	r = vm_map(WINDOW, PAGES * PAGE_SIZE, RW, VM_FIXED);
	if (r == -ENOMEM && failures)
		learn();
	else
		set(0, PAGES, p);
	return r == (long)WINDOW || failures;
}

static bool do_unmap(unsigned at, unsigned n)
{
	int r = vm_unmap(addr_of(at), n * PAGE_SIZE);

	if (r == -ENOMEM && failures) {
		learn();
		return true;
	}
	set(at, n, (struct page){0});
	return r == 0;
}

static bool do_protect(unsigned at, unsigned n)
{
	unsigned prot = random_prot();
	int r = vm_protect(addr_of(at), n * PAGE_SIZE, prot);

	if (!all_mapped(at, n))
		return r == -ENOMEM;
	if (r == -ENOMEM && failures) {
		/* Some have the new rights now, but nothing is lost. */
		for (unsigned i = at; i < at + n; i++)
			if (model[i].value != byte_at(addr_of(i)))
				return false;
		learn();
		return true;
	}
	if (prot)
		prot |= PAGE_READ;
	for (unsigned i = at; i < at + n; i++)
		model[i].prot = (uint8_t)prot;
	return r == 0;
}

static bool do_discard(unsigned at, unsigned n)
{
	int r = vm_discard(addr_of(at), n * PAGE_SIZE);

	if (r == -ENOMEM && failures) {
		learn();
		return true;
	}
	for (unsigned i = at; i < at + n; i++)
		if (!(model[i].flags & AREA_KEEP))
			model[i].value = 0;
	return r == (all_mapped(at, n) ? 0 : -ENOMEM);
}

static bool do_touch(unsigned at, unsigned n)
{
	for (unsigned i = at; i < at + n; i += 1 + random_below(20)) {
		unsigned access = random_below(3);
		unsigned need = access == FAULT_WRITE  ? PAGE_WRITE
				: access == FAULT_EXEC ? PAGE_EXEC
						       : PAGE_READ;
		int error;
		char *p = host_touch(addr_of(i), access, &error);

		if (!(model[i].prot & need)) {
			if (p || error != -EFAULT)
				return false;
			continue;
		}
		if (!p) {
			if (!failures || error != -ENOMEM)
				return false;
			continue;
		}
		if (*p != model[i].value)
			return false;
		if (access == FAULT_WRITE)
			model[i].value = *p = (char)random_below(256);
	}
	return true;
}

static bool do_populate(unsigned at, unsigned n)
{
	int r = vm_populate(addr_of(at), n * PAGE_SIZE);

	if (r == -ENOMEM && failures)
		return true;
	return r == (all_mapped(at, n) ? 0 : -ENOMEM);
}

static bool do_resident(unsigned at, unsigned n)
{
	static unsigned char vec[PAGES];
	struct page_mapping m;
	int r = vm_resident(addr_of(at), n * PAGE_SIZE, vec);

	if (r != vm_check(addr_of(at), n * PAGE_SIZE) ||
	    r != (all_mapped(at, n) ? 0 : -ENOMEM))
		return false;
	for (unsigned i = 0; !r && i < n; i++)
		if (vec[i] != page_lookup(addr_of(at + i), &m))
			return false;
	return true;
}

/* To another place of the window, which may be in use. */
static bool do_move(unsigned at, unsigned n)
{
	static struct page old[PAGES];
	unsigned size = 1 + random_below(2 * n), to;
	unsigned flags = ABI_MREMAP_MAYMOVE | ABI_MREMAP_FIXED;
	const struct area *a = area_find(addr_of(at));
	bool one = a && a->start <= addr_of(at) && a->end >= addr_of(at + n);
	long r;

	if (size > PAGES)
		size = PAGES;
	to = random_below(PAGES - size + 1);
	if (random_below(3) == 0 && size == n)
		flags |= ABI_MREMAP_DONTUNMAP;
	r = vm_remap(addr_of(at), n * PAGE_SIZE, size * PAGE_SIZE, flags,
		     addr_of(to));
	if (to < at + n && at < to + size)
		return r == -EINVAL;
	if (!one)
		return r == -EFAULT;
	if (r == -ENOMEM && failures) {
		for (unsigned i = at; i < at + n; i++)
			if (model[i].value != byte_at(addr_of(i)))
				return false;
		learn();
		return true;
	}
	memcpy(old, &model[at], n * sizeof(*old));
	if (!(flags & ABI_MREMAP_DONTUNMAP))
		set(at, n, (struct page){0});
	else
		for (unsigned i = at; i < at + n; i++)
			model[i].value = 0;
	for (unsigned i = 0; i < size; i++) {
		model[to + i] = old[i < n ? i : 0];
		if (i >= n)
			model[to + i].value = 0;
	}
	return r == (long)addr_of(to);
}

/* In place, or out of the window. */
static bool do_resize(unsigned at, unsigned n)
{
	const struct area *a = area_find(addr_of(at));
	bool one = a && a->start <= addr_of(at) && a->end >= addr_of(at + n);
	unsigned size = 1 + random_below(2 * n);
	unsigned more = size > n ? size - n : 0;
	struct page p = model[at];
	long r;

	if (at + size > PAGES)
		size = n;
	r = vm_remap(addr_of(at), n * PAGE_SIZE, size * PAGE_SIZE, 0, 0);
	if (!one)
		return r == -EFAULT;
	if (size <= n) {
		if (r == -ENOMEM && failures) {
			learn();
			return true;
		}
		set(at + size, n - size, (struct page){0});
		return r == (long)addr_of(at);
	}
	if (!none_mapped(at + n, more))
		return r == -ENOMEM;
	if (r == -ENOMEM && failures)
		return true;
	p.value = 0;
	set(at + n, more, p);
	return r == (long)addr_of(at);
}

static bool step(void)
{
	static bool (*const call[])(unsigned, unsigned) = {
	    do_map,	do_map_all,  do_map,   do_unmap,  do_protect,
	    do_protect, do_discard,  do_touch, do_touch,  do_touch,
	    do_touch,	do_populate, do_move,  do_resize, do_resident,
	};
	static const unsigned most[] = {40, 40, 40, 40, 40, 1400, 1400, 4600};
	unsigned n = 1 + random_below(most[random_below(8)]);

	return call[random_below(sizeof(call) / sizeof(call[0]))](
	    random_below(PAGES - n + 1), n);
}

static void run(const char *name, unsigned rounds)
{
	bool good = true;
	unsigned i;

	for (i = 0; i < rounds && good; i++) {
		if (failures)
			host_tables_limit =
			    random_below(3) ? -1 : (long)random_below(30);
		good = step();
		host_tables_limit = -1;
		if (good && i % (failures ? 8 : 16) == 0)
			good = sound() && agrees();
	}
	check(good, "%s: round %u", name, i);
	check(vm_unmap(WINDOW, PAGES * PAGE_SIZE) == 0 && sound(),
	      "%s: unmapped", name);
	memset(model, 0, sizeof(model));
}

static void test_random(void)
{
	size_t start = pages_available(), n = 0;
	static phys_t hog[ARENA / PAGE_SIZE];

	run("plenty", 10000);
	check(start - pages_available() <= 8 && !pages_promised(),
	      "plenty: nothing lost");
	check(large_seen > 200, "large pages were there: %u", large_seen);
	failures = true;
	run("tables fail", 10000);
	while (pages_available() > pages_reserve() + 700)
		hog[n++] = pages_alloc(0, 0);
	run("scarce", 10000);
	while (n)
		pages_free(hog[--n], 0);
	failures = false;
	check(start - pages_available() <= 8 && !pages_promised(),
	      "scarce: nothing lost");
}

/* --- Cases --- */

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
	host_ram_start(ARENA);
	memset(host_ram, 0x77, ARENA);
	pages_add(0, ARENA);
	vm_init();
	test_errors();
	test_brk();
	test_places();
	test_ghc_heap();
	test_stacks();
	test_exhaustion();
	test_random();
	return check_done();
}
