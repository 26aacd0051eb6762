/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * page.c - page tables of unit tests: a sorted array (arch/page.h there).
 * Holds its callers to the contract of the real one.
 */
#include "arch/page.h"
#include <stdlib.h>
#include "arch/trap.h"
#include "core/vm.h"
#include "halvm/abi/errno.h"
#include "host.h"

#define ENTRIES_MAX 65536

struct entry {
	uintptr_t addr;
	phys_t phys;
	size_t size;
	unsigned prot;
};

char *host_ram;
long host_tables_limit = -1;

static struct entry entry[ENTRIES_MAX];
static size_t entries;

void host_ram_start(size_t size)
{
	free(host_ram);
	host_ram = aligned_alloc(LARGE_PAGE_SIZE, size);
	if (!host_ram)
		host_fail("no arena");
	entries = 0;
}

void page_set_source(const struct page_source *source)
{
	(void)source;
}

static bool may_grow(void)
{
	if (host_tables_limit == 0)
		return false;
	if (host_tables_limit > 0)
		host_tables_limit--;
	return true;
}

/* The first entry that ends after addr. */
static size_t find(uintptr_t addr)
{
	size_t low = 0, high = entries;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (entry[middle].addr + entry[middle].size > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void insert(size_t at, struct entry e)
{
	if (entries == ENTRIES_MAX)
		host_fail("page table of the host is full");
	memmove(&entry[at + 1], &entry[at], (entries - at) * sizeof(e));
	entry[at] = e;
	entries++;
}

static void remove_entry(size_t at)
{
	entries--;
	memmove(&entry[at], &entry[at + 1], (entries - at) * sizeof(*entry));
}

int page_map(uintptr_t addr, phys_t phys, size_t size, unsigned prot)
{
	size_t at = find(addr);

	if ((size != PAGE_SIZE && size != LARGE_PAGE_SIZE) || !prot ||
	    addr % size || phys % size || !phys)
		host_fail("page_map: arguments");
	if (at < entries && entry[at].addr < addr + size)
		host_fail("page_map: something is there");
	if (prot & PAGE_WRITE && prot & PAGE_EXEC)
		host_fail("page_map: writable and executable");
	if (!may_grow())
		return -ENOMEM;
	insert(at, (struct entry){addr, phys, size, prot});
	return 0;
}

bool page_lookup(uintptr_t addr, struct page_mapping *m)
{
	size_t at = find(addr);

	if (at == entries || entry[at].addr > addr)
		return false;
	*m = (struct page_mapping){
	    .phys = entry[at].phys,
	    .size = entry[at].size,
	    .prot = entry[at].prot,
	};
	return true;
}

uintptr_t page_next(uintptr_t start, uintptr_t end)
{
	size_t at = find(start);

	if (at == entries || entry[at].addr >= end)
		return end;
	return entry[at].addr > start ? entry[at].addr : start;
}

static int split_at(uintptr_t addr)
{
	size_t at = find(addr);
	struct entry e;

	if (at == entries || entry[at].addr >= addr)
		return 0;
	if (!may_grow())
		return -ENOMEM;
	e = entry[at];
	remove_entry(at);
	for (size_t i = e.size; i; i -= PAGE_SIZE)
		insert(at, (struct entry){e.addr + i - PAGE_SIZE,
					  e.phys + i - PAGE_SIZE, PAGE_SIZE,
					  e.prot});
	return 0;
}

static int split_ends(uintptr_t start, uintptr_t end)
{
	int r;

	if (start % PAGE_SIZE || end % PAGE_SIZE || start > end)
		host_fail("page tables: range");
	r = split_at(start);
	return r ? r : split_at(end);
}

int page_unmap(uintptr_t start, uintptr_t end,
	       void (*release)(phys_t phys, size_t size, void *argument),
	       void *argument)
{
	int r = split_ends(start, end);
	size_t first, last;

	if (r)
		return r;
	first = last = find(start);
	while (last < entries && entry[last].addr < end) {
		if (release)
			release(entry[last].phys, entry[last].size, argument);
		last++;
	}
	memmove(&entry[first], &entry[last], (entries - last) * sizeof(*entry));
	entries -= last - first;
	return 0;
}

int page_protect(uintptr_t start, uintptr_t end, unsigned prot)
{
	int r = split_ends(start, end);

	if (r)
		return r;
	for (size_t i = find(start); i < entries && entry[i].addr < end; i++)
		entry[i].prot = prot;
	return 0;
}

int page_move(uintptr_t from, uintptr_t to, size_t size)
{
	int r = split_ends(from, from + size);

	if (r)
		return r;
	for (size_t i = find(from); i < entries && entry[i].addr < from + size;)
		if ((entry[i].addr - from + to) % entry[i].size == 0)
			i++;
		else if (split_at(entry[i].addr + PAGE_SIZE))
			return -ENOMEM;
	if (page_next(to, to + size) != to + size)
		host_fail("page_move: something is there");
	while (page_next(from, from + size) != from + size) {
		size_t i = find(from);
		struct entry e = entry[i];
		remove_entry(i);
		e.addr += to - from;
		insert(find(e.addr), e);
	}
	return 0;
}

volatile void *(*host_device)(uint64_t phys, size_t size);

volatile void *page_map_device(phys_t phys, size_t size)
{
	return host_device ? host_device(phys, size) : NULL;
}

size_t host_pages(void)
{
	return entries;
}

uintptr_t host_page(size_t n, struct page_mapping *m)
{
	page_lookup(entry[n].addr, m);
	return entry[n].addr;
}

char *host_touch(uintptr_t addr, unsigned access, int *error)
{
	unsigned need = access & FAULT_WRITE  ? PAGE_WRITE
			: access & FAULT_EXEC ? PAGE_EXEC
					      : PAGE_READ;
	struct page_mapping m;

	*error = 0;
	if (!page_lookup(addr, &m) || !(m.prot & need))
		*error = vm_fault(addr, access);
	if (*error)
		return NULL;
	if (!page_lookup(addr, &m) || !(m.prot & need))
		host_fail("vm_fault said yes, but there is no page");
	return (char *)phys_to_virt(m.phys) + addr % m.size;
}
