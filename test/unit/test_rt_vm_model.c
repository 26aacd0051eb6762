/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_rt_vm_model.c - core/vm*.c: random calls against a model that knows of
 * each page of a window whether it is mapped, with which rights, and what it
 * holds; with plenty of memory, with little, and with page tables that can't
 * grow.
 */
#include "random.h"
#include "rt_vm.h"

#define PAGES 5120u /* of the window: ten large pages */

struct page {
	bool mapped;
	uint8_t prot, flags;
	char value; /* at its start */
};

static struct page model[PAGES];
static bool failures; /* -ENOMEM may come at any time */

static uintptr_t addr_of(unsigned page)
{
	return WINDOW + page * PAGE_SIZE;
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

int main(void)
{
	vm_start();
	test_random();
	return check_done();
}
