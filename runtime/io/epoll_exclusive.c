/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll_exclusive.c - EPOLLEXCLUSIVE: of several sets that watch a file, those
 * entries are a group with one waiter on the file's queue.  A wake goes to one
 * after another until a thread in epoll_wait was woken, next time beginning
 * behind that one.  See epoll_item.h for the locks.
 */
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "io/epoll_item.h"

struct exclusive {
	struct waiter waiter;
	struct spinlock lock;
	struct list items;
};

static bool group_wake(struct waiter *w, uint32_t events)
{
	struct exclusive *g = container_of(w, struct exclusive, waiter);
	unsigned long flags = spin_lock(&g->lock);

	list_for_each(node, &g->items)
	{
		if (epoll_item_told(
			container_of(node, struct epoll_item, group_node),
			events)) {
			list_remove(node);
			list_append(&g->items, node);
			break;
		}
	}
	spin_unlock(&g->lock, flags);
	return false;
}

/* epoll_graph keeps a file's groups from changing, but not its other entries.
 */
static struct exclusive *group_of(struct file *f)
{
	unsigned long flags = spin_lock(&epoll_watch_lock);
	struct exclusive *g = NULL;

	list_for_each(node, &f->watchers)
	{
		g = container_of(node, struct epoll_item, watcher_node)->group;
		if (g)
			break;
	}
	spin_unlock(&epoll_watch_lock, flags);
	return g;
}

int epoll_join_group(struct epoll_item *item)
{
	struct exclusive *g = group_of(item->file);
	unsigned long flags;

	if (!g) {
		g = heap_zalloc(sizeof(*g));
		if (!g)
			return -ENOMEM;
		list_init(&g->items);
		waiter_init_thread(&g->waiter);
		g->waiter.thread = NULL;
		g->waiter.wake = group_wake;
		if (item->file->poll_queue)
			wait_add(item->file->poll_queue, &g->waiter);
	}
	item->group = g;
	flags = spin_lock(&g->lock);
	list_append(&g->items, &item->group_node);
	spin_unlock(&g->lock, flags);
	return 0;
}

void epoll_leave_group(struct epoll_item *item)
{
	struct exclusive *g = item->group;
	unsigned long flags = spin_lock(&g->lock);
	bool last;

	list_remove(&item->group_node);
	last = list_empty(&g->items);
	spin_unlock(&g->lock, flags);
	if (!last)
		return;
	wait_remove(&g->waiter);
	heap_free(g);
}
