/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * signal_queue.c - signals that wait to be taken, of a thread or the process.
 *
 * The pending bit says that there is one.  What it brings is a node; an
 * ordinary signal that is pending already isn't queued again, a real-time one
 * is.  Nodes come from a pool, because signals are sent by interrupts too;
 * it grows where a thread sends (signal_reserve_info).
 */
#include "arch/cpu.h"
#include "core/heap.h"
#include "core/signal_core.h"
#include "halvm/abi/errno.h"

/* Nodes at the start, added at once, and in all (Linux's RLIMIT_SIGPENDING). */
#define POOL_START 4
#define POOL_STEP 16
#define POOL_MAX 4096

static struct signal_info first_infos[POOL_START];
static struct list pool = LIST_INIT(pool);
static unsigned pool_size;

void signal_queue_init(struct signal_queue *q)
{
	q->pending = 0;
	list_init(&q->infos);
}

static void add_to_pool(struct signal_info *infos, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		list_append(&pool, &infos[i].node);
	pool_size += n;
}

void signal_reserve_info(void)
{
	unsigned long flags = spin_lock(&signal_lock);
	struct signal_info *more;

	if (pool_size == 0)
		add_to_pool(first_infos, POOL_START);
	if (!list_empty(&pool) || pool_size >= POOL_MAX) {
		spin_unlock(&signal_lock, flags);
		return;
	}
	spin_unlock(&signal_lock, flags);
	more = heap_zalloc(POOL_STEP * sizeof *more);
	if (!more)
		return;
	flags = spin_lock(&signal_lock);
	add_to_pool(more, POOL_STEP);
	spin_unlock(&signal_lock, flags);
}

static struct signal_info *take_node(void)
{
	struct list *node;

	if (pool_size == 0)
		add_to_pool(first_infos, POOL_START);
	node = list_pop(&pool);
	return node ? container_of(node, struct signal_info, node) : NULL;
}

void signal_queue_add_info(struct signal_queue *q, struct signal_info *i)
{
	list_append(&q->infos, &i->node);
	i->queue = q;
	q->pending |= ABI_SIG_BIT(i->info.signo);
}

int signal_queue_add(struct signal_queue *q, int sig,
		     const struct abi_siginfo *info)
{
	struct signal_info *i;

	if (sig < ABI_SIGRTMIN && (q->pending & ABI_SIG_BIT(sig)))
		return 0;
	if (!info && sig < ABI_SIGRTMIN) {
		q->pending |= ABI_SIG_BIT(sig);
		return 0;
	}
	i = take_node();
	if (!i) {
		if (sig >= ABI_SIGRTMIN)
			return -EAGAIN;
		q->pending |= ABI_SIG_BIT(sig); /* at least that */
		return 0;
	}
	if (info)
		i->info = *info;
	else
		i->info = (struct abi_siginfo){.code = ABI_SI_KERNEL};
	i->info.signo = sig;
	i->taken = NULL;
	signal_queue_add_info(q, i);
	return 0;
}

/* Out of its queue and, if it is the pool's, back there. */
static void release(struct signal_info *i)
{
	list_remove(&i->node);
	i->queue = NULL;
	if (i->taken)
		i->taken(i);
	else
		list_append(&pool, &i->node);
}

/* The first of the signal's nodes; *more: there are others. */
static struct signal_info *find(struct signal_queue *q, int sig, bool *more)
{
	struct signal_info *found = NULL;

	*more = false;
	list_for_each(node, &q->infos)
	{
		struct signal_info *i =
		    container_of(node, struct signal_info, node);

		if (i->info.signo != sig)
			continue;
		if (found) {
			*more = true;
			break;
		}
		found = i;
	}
	return found;
}

int signal_queue_take(struct signal_queue *q, sigset_bits set,
		      struct abi_siginfo *info)
{
	sigset_bits bits = q->pending & set;
	struct signal_info *i;
	bool more;
	int sig;

	if (!bits)
		return 0;
	sig = __builtin_ctzl(bits) + 1;
	i = find(q, sig, &more);
	if (!more)
		q->pending &= ~ABI_SIG_BIT(sig);
	if (i) {
		if (i->taken) {
			release(i);
			*info = i->info;
		} else {
			*info = i->info;
			release(i);
		}
	} else {
		*info = (struct abi_siginfo){
		    .signo = sig,
		    .code = ABI_SI_KERNEL,
		};
	}
	return sig;
}

void signal_queue_flush(struct signal_queue *q, sigset_bits set)
{
	q->pending &= ~set;
	list_for_each(node, &q->infos)
	{
		struct signal_info *i =
		    container_of(node, struct signal_info, node);

		if (set & ABI_SIG_BIT(i->info.signo))
			release(i);
	}
}

void signal_cancel_info(struct signal_info *i)
{
	unsigned long flags = spin_lock(&signal_lock);
	struct signal_queue *q = i->queue;
	bool more;

	if (q) {
		list_remove(&i->node);
		i->queue = NULL;
		if (!find(q, i->info.signo, &more))
			q->pending &= ~ABI_SIG_BIT(i->info.signo);
	}
	spin_unlock(&signal_lock, flags);
}
