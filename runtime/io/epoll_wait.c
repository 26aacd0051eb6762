/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * epoll_wait.c - delivering the events of a set.
 *
 * Only entries in the ready list are looked at.  A delivery takes the list as a
 * batch, so that no entry is delivered twice at once; what is woken meanwhile
 * is put into the list again.  Level-triggered entries go back to its end, and
 * are dropped when they are found not ready.  See epoll_item.h for the locks.
 */
#include "arch/user.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/poll.h"
#include "io/epoll_item.h"
#include "io/waiter.h"

static bool may_be_ready(struct epoll *set)
{
	return __atomic_load_n(&set->ready.next, __ATOMIC_ACQUIRE) !=
	       &set->ready;
}

/* All of `from` to the beginning of `to`. */
static void move_all(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->prev->next = to->next;
	to->next->prev = from->prev;
	from->next->prev = to;
	to->next = from->next;
	list_init(from);
}

static void take_batch(struct epoll *set, struct list *batch)
{
	unsigned long flags = spin_lock(&set->ready_lock);

	list_init(batch);
	move_all(&set->ready, batch);
	spin_unlock(&set->ready_lock, flags);
}

static struct epoll_item *next_of(struct epoll *set, struct list *batch)
{
	unsigned long flags = spin_lock(&set->ready_lock);
	struct list *node = list_pop(batch);
	struct epoll_item *item = NULL;

	if (node) {
		item = container_of(node, struct epoll_item, ready_node);
		item->state = ITEM_TAKEN;
	}
	spin_unlock(&set->ready_lock, flags);
	return item;
}

/* Back into the list, at its end or its beginning, or out of it. */
enum place { PLACE_NONE, PLACE_END, PLACE_BEGINNING };

static void put_back(struct epoll_item *item, enum place place)
{
	struct epoll *set = item->set;
	unsigned long flags = spin_lock(&set->ready_lock);

	if (place == PLACE_BEGINNING)
		list_insert_after(&set->ready, &item->ready_node);
	else if (place == PLACE_END || item->state == ITEM_AGAIN)
		list_append(&set->ready, &item->ready_node);
	item->state = list_empty(&item->ready_node) ? ITEM_IDLE : ITEM_READY;
	spin_unlock(&set->ready_lock, flags);
}

/* The rest of the batch is first again; others may want it. */
static void end_batch(struct epoll *set, struct list *batch)
{
	unsigned long flags = spin_lock(&set->ready_lock);
	bool more;

	move_all(batch, &set->ready);
	more = !list_empty(&set->ready);
	spin_unlock(&set->ready_lock, flags);
	mutex_unlock(&set->mutex);
	if (more)
		wait_wake(&set->sleepers, 1, 0);
}

static uint32_t events_of(struct epoll_item *item)
{
	uint32_t wanted = item->events & ~ITEM_FLAGS;

	return wanted ? file_poll(item->file) & wanted : 0;
}

static void delivered(struct epoll_item *item)
{
	if (item->events & EPOLLONESHOT)
		__atomic_store_n(&item->events, item->events & ITEM_FLAGS,
				 __ATOMIC_RELEASE);
	put_back(item, item->events & (EPOLLET | EPOLLONESHOT) ? PLACE_NONE
							       : PLACE_END);
}

static long deliver(struct epoll *set, struct abi_epoll_event *to, unsigned max)
{
	struct list batch;
	struct epoll_item *item;
	unsigned n = 0;
	int error = 0;

	mutex_lock(&set->mutex);
	take_batch(set, &batch);
	while (n < max && (item = next_of(set, &batch))) {
		struct abi_epoll_event event = {events_of(item), item->data};

		if (!event.events) {
			put_back(item, PLACE_NONE);
			continue;
		}
		error = user_write(to + n, &event, sizeof(event));
		if (error) {
			put_back(item, PLACE_BEGINNING);
			break;
		}
		delivered(item);
		n++;
	}
	end_batch(set, &batch);
	return n ? (long)n : error;
}

bool epoll_has_event(struct epoll *set)
{
	struct list batch;
	struct epoll_item *item;
	bool found = false;

	if (!may_be_ready(set))
		return false;
	mutex_lock(&set->mutex);
	take_batch(set, &batch);
	while (!found && (item = next_of(set, &batch))) {
		found = events_of(item) != 0;
		put_back(item, found ? PLACE_BEGINNING : PLACE_NONE);
	}
	end_batch(set, &batch);
	return found;
}

long epoll_collect(struct file *set_file, struct abi_epoll_event *to,
		   unsigned max, uint64_t deadline)
{
	struct epoll *set = set_file->data;

	for (;;) {
		long r = may_be_ready(set) ? deliver(set, to, max) : 0;
		int error;

		if (r || deadline == 0)
			return r;
		error = io_wait_deadline(&set->sleepers, POLLIN,
					 may_be_ready(set), deadline);
		if (error == -ETIMEDOUT)
			return 0;
		if (error) {
			/* The wake may have been meant for another. */
			if (may_be_ready(set))
				wait_wake(&set->sleepers, 1, 0);
			return -EINTR;
		}
	}
}
