/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * wait.c - wait queues and mutexes (wait.h).
 */
#include "core/wait.h"

void wait_queue_init(struct wait_queue *q)
{
	q->lock = (struct spinlock)SPINLOCK_INIT;
	list_init(&q->waiters);
}

static bool wake_thread(struct waiter *w, uint32_t events)
{
	(void)events;
	thread_wake(w->thread);
	return true;
}

void waiter_init_thread(struct waiter *w)
{
	list_init(&w->node);
	w->queue = NULL;
	w->thread = thread_current();
	w->wake = wake_thread;
}

void wait_add(struct wait_queue *q, struct waiter *w)
{
	unsigned long flags = spin_lock(&q->lock);

	w->queue = q;
	list_append(&q->waiters, &w->node);
	spin_unlock(&q->lock, flags);
}

void wait_remove(struct waiter *w)
{
	struct wait_queue *q = w->queue;
	unsigned long flags;

	if (!q)
		return;
	flags = spin_lock(&q->lock);
	list_remove(&w->node);
	w->queue = NULL;
	spin_unlock(&q->lock, flags);
}

unsigned wait_wake(struct wait_queue *q, unsigned max, uint32_t events)
{
	struct list told;
	unsigned long flags;
	unsigned n = 0;

	list_init(&told);
	flags = spin_lock(&q->lock);
	list_for_each(node, &q->waiters)
	{
		struct waiter *w = container_of(node, struct waiter, node);

		if (n == max)
			break;
		if (!w->wake(w, events))
			continue;
		n++;
		/* Behind those that the next call shall tell. */
		if (max != WAIT_ALL) {
			list_remove(node);
			list_append(&told, node);
		}
	}
	while (!list_empty(&told))
		list_append(&q->waiters, list_pop(&told));
	spin_unlock(&q->lock, flags);
	return n;
}

/* --- Mutexes --- */

struct mutex_waiter {
	struct list node;
	struct thread *thread;
	bool missed; /* woken before, and another was faster */
};

void mutex_init(struct mutex *m)
{
	m->lock = (struct spinlock)SPINLOCK_INIT;
	m->owner = NULL;
	list_init(&m->waiters);
}

void mutex_lock(struct mutex *m)
{
	struct thread *self = thread_current();
	struct mutex_waiter w;
	unsigned long flags = spin_lock(&m->lock);

	if (!m->owner) {
		m->owner = self;
		spin_unlock(&m->lock, flags);
		return;
	}
	w.thread = self;
	w.missed = false;
	list_append(&m->waiters, &w.node);
	for (;;) {
		spin_unlock(&m->lock, flags);
		thread_sleep(DEADLINE_NEVER, 0);
		flags = spin_lock(&m->lock);
		if (!m->owner)
			m->owner = self;
		if (m->owner == self)
			break;
	}
	list_remove(&w.node);
	spin_unlock(&m->lock, flags);
}

/*
 * Who runs may take a free mutex before the one that was woken for it: passing
 * it on each time would cost two switches for each critical section.  But one
 * that came too late once gets it from our hand.
 */
void mutex_unlock(struct mutex *m)
{
	unsigned long flags = spin_lock(&m->lock);

	m->owner = NULL;
	if (!list_empty(&m->waiters)) {
		struct mutex_waiter *w =
		    container_of(m->waiters.next, struct mutex_waiter, node);

		if (w->missed)
			m->owner = w->thread;
		w->missed = true;
		thread_wake(w->thread);
	}
	spin_unlock(&m->lock, flags);
}
