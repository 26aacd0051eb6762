/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ramfs_pages.c - the pages of a file in memory, by index.
 *
 * A radix tree of 64 slots a node.  A file of one page needs no node, and a
 * sparse file has nodes only where it has pages.
 */
#include "core/heap.h"
#include "core/pages.h"
#include "halvm/abi/errno.h"
#include "io/ramfs_inode.h"

#define SLOT_BITS 6
#define SLOTS (1U << SLOT_BITS)

struct page_node {
	void *slot[SLOTS];
};

/* How many indices a tree of a height spans; 64 bits of index at most. */
static uint64_t span_of(unsigned height)
{
	return height * SLOT_BITS >= 64 ? 0 : 1ULL << (height * SLOT_BITS);
}

static bool spans(unsigned height, uint64_t index)
{
	uint64_t span = span_of(height);

	return !span || index < span;
}

/* Which slot of a node of that height (1 is the lowest) leads to index. */
static unsigned slot_of(unsigned height, uint64_t index)
{
	return index >> ((height - 1) * SLOT_BITS) & (SLOTS - 1);
}

unsigned char *page_map_find(const struct page_map *map, uint64_t index)
{
	void *at = map->root;

	if (!spans(map->height, index))
		return NULL;
	for (unsigned h = map->height; h && at; h--)
		at = ((struct page_node *)at)->slot[slot_of(h, index)];
	return at;
}

int page_map_insert(struct page_map *map, uint64_t index, unsigned char *page)
{
	void **at;

	while (!spans(map->height, index)) {
		if (map->root) {
			struct page_node *top = heap_zalloc(sizeof(*top));

			if (!top)
				return -ENOMEM;
			top->slot[0] = map->root;
			map->root = top;
		}
		map->height++;
	}
	at = &map->root;
	for (unsigned h = map->height; h; h--) {
		if (!*at)
			*at = heap_zalloc(sizeof(struct page_node));
		if (!*at)
			return -ENOMEM;
		at = &((struct page_node *)*at)->slot[slot_of(h, index)];
	}
	*at = page;
	map->pages++;
	return 0;
}

/*
 * Clears indices first..last of the subtree at *at, which begins at index 0;
 * frees it if nothing is left.
 */
static void clear(struct page_map *map, void **at, unsigned height,
		  uint64_t first, uint64_t last)
{
	struct page_node *node = *at;
	uint64_t below;
	bool empty = true;

	if (!node)
		return;
	if (height == 0) {
		pages_free(virt_to_phys(node), 0);
		map->pages--;
		*at = NULL;
		return;
	}
	below = span_of(height - 1);
	for (unsigned i = 0; i < SLOTS; i++) {
		uint64_t start = i * below, end = start + (below - 1);

		if (node->slot[i] && start <= last && end >= first)
			clear(map, &node->slot[i], height - 1,
			      first > start ? first - start : 0,
			      last < end ? last - start : below - 1);
		empty = empty && !node->slot[i];
	}
	if (empty) {
		heap_free(node);
		*at = NULL;
	}
}

void page_map_clear(struct page_map *map, uint64_t first, uint64_t end)
{
	uint64_t span = span_of(map->height);

	if (first >= end || !map->root || !spans(map->height, first))
		return;
	if (span && end > span)
		end = span;
	clear(map, &map->root, map->height, first, end - 1);
	if (!map->root)
		map->height = 0;
}

static uint64_t next(void *at, unsigned height, uint64_t first)
{
	struct page_node *node = at;
	uint64_t below;

	if (!node)
		return UINT64_MAX;
	if (height == 0)
		return 0;
	below = span_of(height - 1);
	for (unsigned i = slot_of(height, first); i < SLOTS; i++) {
		uint64_t start = i * below, found;

		found = next(node->slot[i], height - 1,
			     first > start ? first - start : 0);
		if (found != UINT64_MAX)
			return start + found;
	}
	return UINT64_MAX;
}

uint64_t page_map_next(const struct page_map *map, uint64_t first)
{
	if (!spans(map->height, first))
		return UINT64_MAX;
	return next(map->root, map->height, first);
}
