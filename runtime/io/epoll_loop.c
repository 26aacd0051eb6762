/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll_loop.c - sets in sets: no set may be, through others, in itself, and
 * chains have at most LEVELS_MAX sets (epoll_ctl(2), ELOOP).  So the walks here
 * don't go deeper either.  All under epoll_graph.
 */
#include "halvm/abi/errno.h"
#include "io/epoll_item.h"

#define LEVELS_MAX 5

static unsigned generation;

/* Sets in the longest chain that begins with this one; -ELOOP at `outer`. */
static int levels_below(struct epoll *set, const struct epoll *outer)
{
	int levels = 0;

	if (set == outer)
		return -ELOOP;
	if (set->generation == generation)
		return set->levels;
	list_for_each(node, &set->inner)
	{
		struct epoll_item *item =
		    container_of(node, struct epoll_item, inner_node);
		int n = levels_below(item->file->data, outer);

		if (n < 0)
			return n;
		if (n > levels)
			levels = n;
	}
	set->generation = generation;
	set->levels = levels + 1;
	return set->levels;
}

/* Sets in the longest chain that ends with this one. */
static int levels_above(struct epoll *set)
{
	int levels = 0;

	if (set->generation == generation)
		return set->levels;
	list_for_each(node, &set->file->watchers)
	{
		struct epoll_item *item =
		    container_of(node, struct epoll_item, watcher_node);
		int n = levels_above(item->set);

		if (n > levels)
			levels = n;
	}
	set->generation = generation;
	set->levels = levels + 1;
	return set->levels;
}

int epoll_check_loop(struct epoll *outer, struct epoll *inner)
{
	int below, above;

	generation++;
	below = levels_below(inner, outer);
	if (below < 0)
		return below;
	generation++;
	above = levels_above(outer);
	return below + above > LEVELS_MAX ? -ELOOP : 0;
}
