/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll.c - sets of files to wait for: making them, their entries.
 * See epoll_item.h for the locks.
 */
#include "core/heap.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/anon.h"
#include "io/epoll_item.h"

struct mutex epoll_graph = MUTEX_INIT(epoll_graph);
struct spinlock epoll_watch_lock = SPINLOCK_INIT;

static struct epoll_item *item_of(struct tree_node *node)
{
	return container_of(node, struct epoll_item, node);
}

bool epoll_item_told(struct epoll_item *item, uint32_t events)
{
	struct epoll *set = item->set;
	uint32_t wanted = __atomic_load_n(&item->events, __ATOMIC_ACQUIRE);
	unsigned long flags;
	bool was_ready;

	wanted &= ~ITEM_FLAGS;
	if (!wanted || (events && !(events & wanted)))
		return false;
	flags = spin_lock(&set->ready_lock);
	was_ready = item->state == ITEM_READY;
	if (item->state == ITEM_IDLE) {
		item->state = ITEM_READY;
		list_append(&set->ready, &item->ready_node);
	} else if (item->state == ITEM_TAKEN) {
		item->state = ITEM_AGAIN;
	}
	spin_unlock(&set->ready_lock, flags);
	file_wake(&set->poll_queue, POLLIN | POLLRDNORM);
	return !was_ready && wait_wake(&set->sleepers, 1, 0) > 0;
}

static bool item_wake(struct waiter *w, uint32_t events)
{
	epoll_item_told(container_of(w, struct epoll_item, waiter), events);
	return false;
}

/* What is ready at once, after a change, counts as a wake. */
static void look_at(struct epoll_item *item)
{
	uint32_t events = file_poll(item->file) & item->events;

	if (events & ~ITEM_FLAGS)
		epoll_item_told(item, events & ~ITEM_FLAGS);
}

/* set->mutex is held, and epoll_graph if it is a set's or in a group. */
static void remove_item(struct epoll_item *item)
{
	struct epoll *set = item->set;
	unsigned long flags;

	if (item->group)
		epoll_leave_group(item);
	else
		wait_remove(&item->waiter);
	flags = spin_lock(&set->ready_lock);
	list_remove(&item->ready_node);
	spin_unlock(&set->ready_lock, flags);
	tree_remove(&set->items, &item->node);
	list_remove(&item->inner_node);
	flags = spin_lock(&epoll_watch_lock);
	list_remove(&item->watcher_node);
	spin_unlock(&epoll_watch_lock, flags);
	heap_free(item);
}

/* file_unwatch: a file has no reference left. */
static void unwatch(struct file *f)
{
	if (__atomic_load_n(&f->watchers.next, __ATOMIC_ACQUIRE) ==
	    &f->watchers)
		return;
	mutex_lock(&epoll_graph);
	while (!list_empty(&f->watchers)) {
		struct epoll_item *item = container_of(
		    f->watchers.next, struct epoll_item, watcher_node);
		struct epoll *set = item->set;

		mutex_lock(&set->mutex);
		remove_item(item);
		mutex_unlock(&set->mutex);
	}
	mutex_unlock(&epoll_graph);
}

/* --- the file of a set --- */

static uint32_t epoll_poll(struct file *f)
{
	return epoll_has_event(f->data) ? POLLIN | POLLRDNORM : 0;
}

static int epoll_stat(struct file *f, struct abi_stat *st)
{
	return anon_stat(st, ANON_MODE, f->data);
}

static void epoll_release(struct file *f)
{
	struct epoll *set = f->data;

	mutex_lock(&epoll_graph);
	mutex_lock(&set->mutex);
	while (set->items.root)
		remove_item(item_of(set->items.root));
	mutex_unlock(&set->mutex);
	mutex_unlock(&epoll_graph);
	heap_free(set);
}

static const struct file_ops epoll_ops = {
    .poll = epoll_poll,
    .stat = epoll_stat,
    .release = epoll_release,
};

bool epoll_is(const struct file *f)
{
	return f->ops == &epoll_ops;
}

struct file *epoll_new(void)
{
	struct epoll *set = heap_zalloc(sizeof(*set));

	if (!set)
		return NULL;
	mutex_init(&set->mutex);
	list_init(&set->ready);
	list_init(&set->inner);
	wait_queue_init(&set->sleepers);
	wait_queue_init(&set->poll_queue);
	set->file = file_create(&epoll_ops, set, O_RDWR);
	if (!set->file) {
		heap_free(set);
		return NULL;
	}
	set->file->poll_queue = &set->poll_queue;
	file_unwatch = unwatch;
	return set->file;
}

/* --- entries --- */

/* Where the entry is, or would be. */
static struct tree_node **find(struct epoll *set, const struct file *f, int fd,
			       struct tree_node **parent)
{
	struct tree_node **link = &set->items.root;

	*parent = NULL;
	while (*link) {
		const struct epoll_item *at = item_of(*link);

		if (at->file == f && at->fd == fd)
			break;
		*parent = *link;
		if (f < at->file || (f == at->file && fd < at->fd))
			link = &(*link)->left;
		else
			link = &(*link)->right;
	}
	return link;
}

static struct epoll_item *new_item(struct epoll *set, struct file *f, int fd,
				   const struct abi_epoll_event *event)
{
	struct epoll_item *item = heap_zalloc(sizeof(*item));

	if (!item)
		return NULL;
	waiter_init_thread(&item->waiter);
	item->waiter.thread = NULL;
	item->waiter.wake = item_wake;
	list_init(&item->ready_node);
	list_init(&item->watcher_node);
	list_init(&item->inner_node);
	list_init(&item->group_node);
	item->set = set;
	item->file = f;
	item->fd = fd;
	item->events = event->events | POLLERR | POLLHUP;
	item->data = event->data;
	return item;
}

/* set->mutex is held, and epoll_graph as for remove_item. */
static int insert_item(struct epoll *set, struct file *f, int fd,
		       const struct abi_epoll_event *event)
{
	struct tree_node *parent, **link = find(set, f, fd, &parent);
	struct epoll_item *item;
	unsigned long flags;

	if (*link)
		return -EEXIST;
	item = new_item(set, f, fd, event);
	if (!item)
		return -ENOMEM;
	if (event->events & EPOLLEXCLUSIVE && epoll_join_group(item)) {
		heap_free(item);
		return -ENOMEM;
	}
	tree_insert(&set->items, &item->node, parent, link);
	if (epoll_is(f))
		list_append(&set->inner, &item->inner_node);
	flags = spin_lock(&epoll_watch_lock);
	list_append(&f->watchers, &item->watcher_node);
	spin_unlock(&epoll_watch_lock, flags);
	if (!item->group && f->poll_queue)
		wait_add(f->poll_queue, &item->waiter);
	look_at(item);
	return 0;
}

#define EXCLUSIVE_ALLOWED                                                      \
	(POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM | POLLWRNORM |      \
	 EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

int epoll_add(struct file *set_file, struct file *f, int fd,
	      const struct abi_epoll_event *event)
{
	struct epoll *set = set_file->data;
	bool exclusive = event->events & EPOLLEXCLUSIVE;
	bool graph = exclusive || epoll_is(f);
	int error = 0;

	if (!f->ops->poll)
		return -EPERM;
	if (f == set_file ||
	    (exclusive &&
	     (epoll_is(f) || event->events & ~(uint32_t)EXCLUSIVE_ALLOWED)))
		return -EINVAL;
	if (graph)
		mutex_lock(&epoll_graph);
	if (epoll_is(f))
		error = epoll_check_loop(set, f->data);
	if (!error) {
		mutex_lock(&set->mutex);
		error = insert_item(set, f, fd, event);
		mutex_unlock(&set->mutex);
	}
	if (graph)
		mutex_unlock(&epoll_graph);
	return error;
}

int epoll_change(struct file *set_file, struct file *f, int fd,
		 const struct abi_epoll_event *event)
{
	struct epoll *set = set_file->data;
	struct tree_node *parent, **link;
	int error = 0;

	if (f == set_file || event->events & EPOLLEXCLUSIVE)
		return -EINVAL;
	mutex_lock(&set->mutex);
	link = find(set, f, fd, &parent);
	if (!*link) {
		error = -ENOENT;
	} else if (item_of(*link)->group) {
		error = -EINVAL;
	} else {
		struct epoll_item *item = item_of(*link);

		item->data = event->data;
		/* Before the look, or a wake in between would be lost. */
		__atomic_store_n(&item->events,
				 event->events | POLLERR | POLLHUP,
				 __ATOMIC_SEQ_CST);
		look_at(item);
	}
	mutex_unlock(&set->mutex);
	return error;
}

int epoll_delete(struct file *set_file, struct file *f, int fd)
{
	struct epoll *set = set_file->data;
	struct tree_node *parent, **link;
	bool graph = false;

	if (f == set_file)
		return -EINVAL;
	for (;;) {
		if (graph)
			mutex_lock(&epoll_graph);
		mutex_lock(&set->mutex);
		link = find(set, f, fd, &parent);
		if (!*link || graph || (!epoll_is(f) && !item_of(*link)->group))
			break;
		/* Needs the other lock, which comes first. */
		mutex_unlock(&set->mutex);
		graph = true;
	}
	parent = *link;
	if (parent)
		remove_item(item_of(parent));
	mutex_unlock(&set->mutex);
	if (graph)
		mutex_unlock(&epoll_graph);
	return parent ? 0 : -ENOENT;
}
