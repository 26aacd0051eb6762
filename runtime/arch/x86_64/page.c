/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * page.c - page tables; arch/page.h has the contract.
 *
 * A leaf entry is present, or "kept": a page that has no rights for now.  All
 * other entries are 0, or point at a table.  Tables are reached through the
 * direct map.  One CPU: forgetting a translation is invlpg here.
 */
#include "halvm/abi/errno.h"
#include "page_entry.h"

static struct page_source source;

/*
 * The table of the lowest level that was walked to last: faults come in
 * clusters.  Forgotten whenever a table is freed.
 */
static struct {
	uintptr_t base; /* its first address */
	uint64_t *table;
} recent;

/* The entry of addr in the recent table, or NULL. */
static inline uint64_t *recent_entry(uintptr_t addr)
{
	if (recent.base != (addr & ~(LARGE_PAGE_SIZE - 1)) || !recent.table)
		return NULL;
	return &recent.table[level_index(addr, LEVEL_PAGE)];
}

static inline void set_recent(uintptr_t addr, uint64_t *table)
{
	recent.base = addr & ~(LARGE_PAGE_SIZE - 1);
	recent.table = table;
}

static void free_table(uint64_t entry)
{
	recent.table = NULL;
	source.free(entry & PTE_ADDRESS);
}

void page_set_source(const struct page_source *s)
{
	source = *s;
}

static bool is_leaf(uint64_t entry, unsigned level)
{
	return level == LEVEL_PAGE || (entry & PTE_LARGE);
}

static uint64_t bits_of(unsigned prot)
{
	uint64_t bits = PTE_ACCESSED | PTE_DIRTY;

	if (!prot)
		return PTE_KEPT;
	bits |= PTE_PRESENT;
	if (prot & PAGE_WRITE)
		bits |= PTE_WRITE;
	if (!(prot & PAGE_EXEC))
		bits |= PTE_NX;
	return bits;
}

static unsigned prot_of(uint64_t entry)
{
	if (!(entry & PTE_PRESENT))
		return 0;
	return PAGE_READ | (entry & PTE_WRITE ? PAGE_WRITE : 0) |
	       (entry & PTE_NX ? 0 : PAGE_EXEC);
}

uint64_t *page_make_table(uint64_t *entry)
{
	if (!*entry) {
		phys_t table = source.alloc();

		if (!table)
			return NULL;
		*entry = table | PTE_PRESENT | PTE_WRITE;
	}
	return entry_table(*entry);
}

/*
 * The entry that maps addr at `level`, with the tables above it made; NULL:
 * no memory.  No leaf may be in the way.
 */
static uint64_t *make_entry(uintptr_t addr, unsigned level)
{
	uint64_t *table = boot_pml4, *entry = recent_entry(addr);

	if (entry && level == LEVEL_PAGE)
		return entry;
	for (unsigned l = LEVEL_TOP; l > level; l--) {
		table = page_make_table(&table[level_index(addr, l)]);
		if (!table)
			return NULL;
	}
	if (level == LEVEL_PAGE)
		set_recent(addr, table);
	return &table[level_index(addr, level)];
}

/* The leaf of addr and its level, or NULL with *level where it ends. */
static uint64_t *find_leaf(uintptr_t addr, unsigned *level)
{
	uint64_t *table = boot_pml4, *entry = recent_entry(addr);

	*level = LEVEL_PAGE;
	if (entry)
		return *entry ? entry : NULL;
	for (unsigned l = LEVEL_TOP;; l--) {
		entry = &table[level_index(addr, l)];
		*level = l;
		if (l == LEVEL_PAGE)
			set_recent(addr, table);
		if (!*entry)
			return NULL;
		if (is_leaf(*entry, l))
			return entry;
		table = entry_table(*entry);
	}
}

/* An empty table may be left over where a large page comes. */
static void drop_table(uint64_t *entry, uintptr_t addr)
{
	if (!*entry)
		return;
	free_table(*entry);
	*entry = 0;
	tlb_forget(addr);
}

int page_map(uintptr_t addr, phys_t phys, size_t size, unsigned prot)
{
	bool large = size == LARGE_PAGE_SIZE;
	uint64_t *entry = make_entry(addr, large ? LEVEL_LARGE : LEVEL_PAGE);

	if (!entry)
		return -ENOMEM;
	if (large)
		drop_table(entry, addr);
	*entry = phys | bits_of(prot) | (large ? PTE_LARGE : 0);
	return 0;
}

bool page_lookup(uintptr_t addr, struct page_mapping *m)
{
	unsigned level;
	const uint64_t *leaf = find_leaf(addr, &level);

	if (!leaf)
		return false;
	m->size = 1UL << level_shift(level);
	m->phys = *leaf & PTE_ADDRESS & ~(m->size - 1);
	m->prot = prot_of(*leaf);
	m->accessed = *leaf & PTE_ACCESSED;
	m->dirty = *leaf & PTE_DIRTY;
	return true;
}

/*
 * The first entry that isn't 0 in a table, from *start's on: moves *start to
 * where it begins; or behind the table or `end`, and then answers NULL.
 */
static uint64_t *skip_absent(uint64_t *table, unsigned level, uintptr_t *start,
			     uintptr_t end)
{
	unsigned shift = level_shift(level), i = level_index(*start, level);
	uintptr_t page = *start >> shift, left = ((end - 1) >> shift) - page;

	if (table[i])
		return &table[i];
	do {
		i++;
		page++;
	} while (left-- && i < TABLE_ENTRIES && !table[i]);
	*start = page << shift;
	return *start < end && i < TABLE_ENTRIES ? &table[i] : NULL;
}

uintptr_t page_next(uintptr_t start, uintptr_t end)
{
	while (start < end) {
		uint64_t *table = boot_pml4, *entry;
		unsigned level = LEVEL_TOP;

		while ((entry = skip_absent(table, level, &start, end))) {
			if (is_leaf(*entry, level))
				return start;
			table = entry_table(*entry);
			level--;
		}
		if (level == LEVEL_TOP)
			return end;
	}
	return end;
}

/* Replaces a large page by small ones with the same rights. */
static int split(uint64_t *leaf, uintptr_t addr)
{
	uint64_t old = *leaf;
	phys_t page = source.alloc();
	uint64_t *table;

	if (!page)
		return -ENOMEM;
	table = phys_to_virt(page);
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		table[i] = (old & ~PTE_LARGE) + i * PAGE_SIZE;
	*leaf = page | PTE_PRESENT | PTE_WRITE;
	tlb_forget(addr);
	return 0;
}

/* Makes addr the border of a page. */
static int split_at(uintptr_t addr)
{
	unsigned level;
	uint64_t *leaf = find_leaf(addr, &level);

	if (!leaf || !(addr & ((1UL << level_shift(level)) - 1)))
		return 0;
	return split(leaf, addr);
}

struct unmapping {
	uintptr_t start, end;
	void (*release)(phys_t, size_t, void *);
	void *argument;
};

static bool table_empty(const uint64_t *table)
{
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		if (table[i])
			return false;
	return true;
}

/* Of the table whose first entry is for `base`. */
static void unmap_table(uint64_t *table, unsigned level, uintptr_t base,
			const struct unmapping *u)
{
	unsigned shift = level_shift(level);
	uintptr_t last = (u->end - 1 - base) >> shift;
	uintptr_t i = u->start > base ? (u->start - base) >> shift : 0;

	if (u->end - 1 - base >= (uintptr_t)TABLE_ENTRIES << shift)
		last = TABLE_ENTRIES - 1;
	for (; i <= last; i++) {
		uintptr_t addr = base + (i << shift);
		uint64_t entry = table[i];

		if (!entry)
			continue;
		if (is_leaf(entry, level)) {
			table[i] = 0;
			if (entry & PTE_PRESENT)
				tlb_forget(addr);
			if (u->release)
				u->release(entry & PTE_ADDRESS, 1UL << shift,
					   u->argument);
			continue;
		}
		unmap_table(entry_table(entry), level - 1, addr, u);
		if (level < LEVEL_TOP && table_empty(entry_table(entry))) {
			table[i] = 0;
			tlb_forget(addr);
			free_table(entry);
		}
	}
}

int page_unmap(uintptr_t start, uintptr_t end,
	       void (*release)(phys_t, size_t, void *), void *argument)
{
	struct unmapping u = {start, end, release, argument};
	int error;

	if (start >= end)
		return 0;
	error = split_at(start);
	if (!error)
		error = split_at(end);
	if (error)
		return error;
	unmap_table(boot_pml4, LEVEL_TOP, 0, &u);
	return 0;
}

int page_protect(uintptr_t start, uintptr_t end, unsigned prot)
{
	int error = split_at(start);
	uint64_t bits = bits_of(prot);

	if (!error)
		error = split_at(end);
	if (error)
		return error;
	while (start < end) {
		unsigned level;
		uint64_t *leaf = find_leaf(start, &level);
		uintptr_t size = 1UL << level_shift(level);

		if (!leaf) {
			start = page_next(start, end);
			continue;
		}
		*leaf = (*leaf & PTE_ADDRESS) | bits | (level ? PTE_LARGE : 0);
		tlb_forget(start);
		start = (start | (size - 1)) + 1;
	}
	return 0;
}

/* Splits and makes tables until moving can't fail. */
static int prepare_move(uintptr_t from, uintptr_t to, size_t size)
{
	uintptr_t at = from;

	while (at < from + size) {
		unsigned level;
		uint64_t *leaf = find_leaf(at, &level);
		uintptr_t page = 1UL << level_shift(level);
		uintptr_t target = to + (at - from);

		if (leaf && level &&
		    ((at | target) & (page - 1) || at + page > from + size)) {
			if (split(leaf, at))
				return -ENOMEM;
			continue;
		}
		if (leaf && !make_entry(target, level))
			return -ENOMEM;
		at = (at | (page - 1)) + 1;
	}
	return 0;
}

int page_move(uintptr_t from, uintptr_t to, size_t size)
{
	uintptr_t at = from;
	int error = prepare_move(from, to, size);

	if (error)
		return error;
	while (at < from + size) {
		unsigned level;
		uint64_t *leaf = find_leaf(at, &level);

		if (leaf) {
			uint64_t *entry = make_entry(to + (at - from), level);

			if (level)
				drop_table(entry, to + (at - from));
			*entry = *leaf;
			*leaf = 0;
			tlb_forget(at);
		}
		at = (at | ((1UL << level_shift(level)) - 1)) + 1;
	}
	return 0;
}
