/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll_item.h - the inside of epoll: sets and their entries.
 *
 * Locks, outermost first:
 *   epoll_graph	a sleeping mutex: which sets are in which others, who is
 *			in a file's group of exclusive entries, and the end of
 *			sets and of files that are watched
 *   epoll.mutex	a sleeping mutex: the set's entries, and the delivery of
 *			events; a set's before that of a set inside it
 *   the lock of the queue a file wakes
 *   exclusive.lock
 *   epoll.ready_lock	the list of ready entries.  Taken by wakes, in any
 *			context; then the set's own queues are woken, without it
 *   epoll_watch_lock	the lists file.watchers; nothing is taken under it
 *
 * An entry has no reference to its file.  The file's last file_put takes it out
 * (file_unwatch) before anything of the file goes.
 */
#ifndef IO_EPOLL_ITEM_H
#define IO_EPOLL_ITEM_H

#include "io/epoll.h"
#include "lib/tree.h"

struct epoll {
	struct mutex mutex;
	struct tree items; /* by file and number */
	struct spinlock ready_lock;
	struct list ready;
	struct wait_queue sleepers;   /* threads in epoll_wait */
	struct wait_queue poll_queue; /* who polls the set itself */
	struct file *file;
	struct list inner;   /* entries that are sets */
	unsigned generation; /* of the walk that computed levels */
	int levels;
};

/* TAKEN: a delivery looks at it; AGAIN: and it was woken meanwhile. */
enum item_state { ITEM_IDLE, ITEM_READY, ITEM_TAKEN, ITEM_AGAIN };

struct epoll_item {
	struct tree_node node;
	struct list ready_node;	  /* if ITEM_READY */
	struct list watcher_node; /* of file->watchers */
	struct list inner_node;	  /* of set->inner */
	struct list group_node;	  /* of group->items */
	struct waiter waiter;	  /* in file->poll_queue, unless in a group */
	struct exclusive *group;  /* EPOLLEXCLUSIVE */
	struct epoll *set;
	struct file *file;
	int fd;
	enum item_state state;
	uint32_t events; /* atomic; without POLL* it is disarmed */
	uint64_t data;
};

/* What of an entry's events isn't POLL*. */
#define ITEM_FLAGS (EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET)

extern struct mutex epoll_graph;
extern struct spinlock epoll_watch_lock;

/*
 * The events happened (0: some did): true if that woke a thread in epoll_wait.
 * Any context.
 */
bool epoll_item_told(struct epoll_item *item, uint32_t events);

/* epoll_exclusive.c: all under epoll_graph. */
int epoll_join_group(struct epoll_item *item);
void epoll_leave_group(struct epoll_item *item);

/* epoll_loop.c: -ELOOP if `inner` can't be put into `outer`; epoll_graph. */
int epoll_check_loop(struct epoll *outer, struct epoll *inner);

/* epoll_wait.c: is there an event?  Entries without one are dropped. */
bool epoll_has_event(struct epoll *set);

#endif
