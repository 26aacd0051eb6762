/* SPDX-License-Identifier: BSD-3-Clause */
/* core/pages.c: random blocks against a map of who owns each page. */
#include "check.h"
#include "core/pages.h"
#include "random.h"

#define ARENA (24UL << 20)
#define PAGES (ARENA / PAGE_SIZE)
#define BLOCKS 600

static struct {
	phys_t page;
	unsigned order;
} block[BLOCKS];
static unsigned blocks;
static bool owned[PAGES];

/* Marks a block; false if it is wrong or somebody's already. */
static bool own(phys_t page, unsigned order, bool now)
{
	size_t first = page / PAGE_SIZE;

	if (page % (PAGE_SIZE << order) || first + (1UL << order) > PAGES)
		return false;
	for (size_t i = first; i < first + (1UL << order); i++) {
		if (owned[i] == now)
			return false;
		owned[i] = now;
	}
	return true;
}

static bool get(unsigned order, unsigned flags)
{
	phys_t page = pages_alloc(order, flags);

	if (!page)
		return true;
	block[blocks].page = page;
	block[blocks++].order = order;
	if (flags & PAGES_ZERO)
		for (size_t i = 0; i < PAGE_SIZE << order; i += 8)
			if (*(uint64_t *)((char *)phys_to_virt(page) + i))
				return false;
	memset(phys_to_virt(page), 0xff, PAGE_SIZE << order);
	return pages_order(page) == order && own(page, order, true);
}

static bool put(unsigned i)
{
	bool good = own(block[i].page, block[i].order, false);

	pages_free(block[i].page, block[i].order);
	block[i] = block[--blocks];
	return good;
}

static void test_random(void)
{
	size_t start = pages_available();
	bool good = true, account = true;

	for (int round = 0; round < 30000; round++) {
		unsigned used = 0;

		if (blocks < BLOCKS &&
		    (!blocks || random_below(8) < (round & 1024 ? 3u : 5u)))
			good = good && get(random_below(random_below(10) + 1),
					   random_below(4) ? 0 : PAGES_ZERO);
		else if (blocks)
			good = good && put(random_below(blocks));
		if (round % 100)
			continue;
		for (unsigned i = 0; i < blocks; i++)
			used += 1u << block[i].order;
		account = account && pages_available() + used == start;
	}
	check(good, "blocks are aligned, disjoint, zeroed if asked");
	check(account, "the account is right");
	while (blocks)
		good = good && put(0);
	check(good && pages_available() == start, "all given back");
}

/* The largest block there is, and that it merges again. */
static void test_merge(void)
{
	phys_t page = pages_alloc(11, 0);

	check(page, "after all, 8 MiB are one block");
	pages_free(page, 11);
	page = pages_alloc(11, 0);
	check(page, "and again");
	pages_free(page, 11);
	check(!pages_alloc(PAGES_ORDER_MAX, 0), "1 GiB isn't there");
	check(!pages_alloc(PAGES_ORDER_MAX + 1, 0), "more than 1 GiB isn't");
}

static void test_split(void)
{
	size_t start = pages_available();
	phys_t page = pages_alloc(PAGES_ORDER_LARGE, PAGES_SPLIT | PAGES_ZERO);

	check(page, "a large page, split");
	for (unsigned i = 0; i < 512; i += 2)
		pages_free(page + i * PAGE_SIZE, 0);
	check(pages_available() == start - 256, "every second one freed");
	for (unsigned i = 1; i < 512; i += 2)
		pages_free(page + i * PAGE_SIZE, 0);
	check(pages_available() == start, "all of it freed");
	page = pages_alloc(PAGES_ORDER_LARGE, PAGES_SPLIT);
	pages_free(page, PAGES_ORDER_LARGE);
	check(pages_available() == start, "freed as a whole");
}

static void test_reserve(void)
{
	size_t start = pages_available(), n = 0, urgent = 0;
	static phys_t page[PAGES];

	while ((page[n] = pages_alloc(0, 0)))
		n++;
	check(pages_available() == pages_reserve(), "the reserve is kept");
	while ((page[n + urgent] = pages_alloc(0, PAGES_URGENT)))
		urgent++;
	check(urgent == pages_reserve() && !pages_available(),
	      "and goes to urgent ones");
	check(!pages_promise(1), "nothing can be promised");
	for (size_t i = 0; i < n + urgent; i++)
		pages_free(page[i], 0);
	check(pages_available() == start, "all back");
}

static void test_promise(void)
{
	size_t spare = pages_spare(), share, n = 0;
	static phys_t page[PAGES];

	share = pages_available() - pages_reserve() - spare;
	check(share > 50, "the runtime's share");
	check(!pages_promise(spare + 1), "more than there is");
	check(!pages_promise(SIZE_MAX), "much more");
	check(pages_promise(spare - 10), "nearly all");
	check(pages_spare() == 10 && pages_promised() == spare - 10, "is kept");
	while ((page[n] = pages_alloc(0, 0)))
		n++;
	check(n == share + 10, "from others: %zu", n);
	while (pages_promised())
		page[n++] = pages_alloc(0, PAGES_PROMISED);
	check(n == spare + share && page[n - 1],
	      "all promises can be fulfilled");
	while (n)
		pages_free(page[--n], 0);
	check(pages_promise(5), "a promise");
	pages_promise_back(-5);
	check(!pages_promised(), "taken back");
}

static void free_twice(void *page)
{
	pages_free((phys_t)(uintptr_t)page, 0);
	pages_free((phys_t)(uintptr_t)page, 0);
}

static void free_unknown(void *page)
{
	pages_free((phys_t)(uintptr_t)page, 0);
}

int main(void)
{
	phys_t page;

	host_ram_start(ARENA);
	memset(host_ram, 0xb1, ARENA); /* records of free blocks don't count */
	pages_add(0, 0x9f000);
	pages_add(0x100000, 0x3000);
	pages_add(0x103000, PAGE_SIZE); /* its record would fill it */
	pages_add(0x105000, ARENA - 0x105000 - 0x7000);
	check(pages_total() == pages_available() &&
		  pages_total() == 0x9f - 2 + 2 + PAGES - 0x105 - 7 - 2,
	      "added: %zu", pages_total());
	test_random();
	test_merge();
	test_split();
	test_reserve();
	test_promise();
	page = pages_alloc(0, 0);
	check_dies(free_twice, (void *)(uintptr_t)page, 125, "freed twice",
		   "free twice");
	check_dies(free_unknown, (void *)(uintptr_t)(ARENA - PAGE_SIZE), 125,
		   "no such page", "free what isn't RAM");
	pages_free(page, 0);
	return check_done();
}
