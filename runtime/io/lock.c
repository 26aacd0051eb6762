/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lock.c - advisory locks: flock(2), and fcntl(2)'s locks of ranges.
 *
 * locks_lock, a spin lock of io's, guards all locks of all inodes; nothing but
 * the heap and the wake of a queue is called under it.
 */
#include "io/lock.h"
#include "core/heap.h"
#include "core/process.h"
#include "core/wait.h"
#include "io/inode.h"

struct held {
	struct list node;
	const void *owner; /* a struct file, or THE_PROCESS */
	int16_t type;	   /* F_RDLCK, F_WRLCK */
	uint64_t first, last;
};

struct inode_locks {
	struct list whole;  /* flock's */
	struct list ranges; /* fcntl's */
	struct wait_queue changed;
};

#define THE_PROCESS (&process)
#define LAST_BYTE ((uint64_t)INT64_MAX)

static struct spinlock locks_lock = SPINLOCK_INIT;

/* The inode's, made if there are none; NULL: no memory. */
static struct inode_locks *locks_of(struct inode *inode)
{
	struct inode_locks *made, *there = NULL;

	there = __atomic_load_n(&inode->locks, __ATOMIC_ACQUIRE);
	if (there)
		return there;
	made = heap_alloc(sizeof(*made));
	if (!made)
		return NULL;
	list_init(&made->whole);
	list_init(&made->ranges);
	wait_queue_init(&made->changed);
	if (__atomic_compare_exchange_n(&inode->locks, &there, made, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	heap_free(made);
	return there;
}

/* A lock of another owner that keeps `want` from being given. */
static struct held *find_conflict(struct list *held, const struct held *want)
{
	list_for_each(n, held)
	{
		struct held *h = container_of(n, struct held, node);

		if (h->owner != want->owner && h->first <= want->last &&
		    want->first <= h->last &&
		    (h->type == F_WRLCK || want->type == F_WRLCK))
			return h;
	}
	return NULL;
}

/*
 * Takes [cut->first, cut->last] from its owner's locks.  A lock that is cut in
 * two needs *spare, which is NULL then.
 */
static void cut_out(struct list *held, const struct held *cut,
		    struct held **spare)
{
	list_for_each(n, held)
	{
		struct held *h = container_of(n, struct held, node);

		if (h->owner != cut->owner || h->first > cut->last ||
		    h->last < cut->first)
			continue;
		if (h->first < cut->first && h->last > cut->last) {
			**spare = *h;
			(*spare)->first = cut->last + 1;
			list_insert_after(&h->node, &(*spare)->node);
			*spare = NULL;
			h->last = cut->first - 1;
		} else if (h->first < cut->first) {
			h->last = cut->first - 1;
		} else if (h->last > cut->last) {
			h->first = cut->last + 1;
		} else {
			list_remove(n);
			heap_free(h);
		}
	}
}

/* Adds a lock, one with its neighbours of the same kind. */
static void add(struct list *held, struct held *new)
{
	list_for_each(n, held)
	{
		struct held *h = container_of(n, struct held, node);

		if (h->owner != new->owner || h->type != new->type)
			continue;
		if (h->last + 1 == new->first)
			new->first = h->first;
		else if (new->last + 1 == h->first)
			new->last = h->last;
		else
			continue;
		list_remove(n);
		heap_free(h);
	}
	list_append(held, &new->node);
}

/*
 * Gives the lock `want` (F_UNLCK: takes it away).  -EAGAIN: another has it.
 * *new and *spare are nodes, NULL once they are used.
 */
static int try_lock(struct inode_locks *locks, struct list *held,
		    const struct held *want, struct held **new,
		    struct held **spare)
{
	unsigned long flags = spin_lock(&locks_lock);
	bool conflict =
	    want->type != F_UNLCK && find_conflict(held, want) != NULL;

	if (!conflict) {
		cut_out(held, want, spare);
		if (want->type != F_UNLCK) {
			**new = *want;
			add(held, *new);
			*new = NULL;
		}
	}
	spin_unlock(&locks_lock, flags);
	/* Locks got weaker or fewer, maybe. */
	if (!conflict && want->type != F_WRLCK)
		wait_wake(&locks->changed, WAIT_ALL, 0);
	return conflict ? -EAGAIN : 0;
}

static int set_lock(struct inode_locks *locks, struct list *held,
		    const struct held *want, bool wait)
{
	struct held *new = heap_alloc(sizeof(*new));
	struct held *spare = heap_alloc(sizeof(*spare));
	int error = -ENOMEM;

	if (new &&spare)
		error = try_lock(locks, held, want, &new, &spare);
	if (error == -EAGAIN && wait) {
		error =
		    wait_until(&locks->changed,
			       try_lock(locks, held, want, &new, &spare) == 0,
			       DEADLINE_NEVER, SLEEP_INTERRUPTIBLE);
		if (error == -EINTR)
			error = -ERESTARTSYS;
	}
	heap_free(new);
	heap_free(spare);
	return error;
}

/* flock(2): a change of its kind gives the old lock up first. */
int lock_file(struct file *f, int operation)
{
	struct held want = {.owner = f, .last = LAST_BYTE};
	struct inode_locks *locks;
	int error;

	switch (operation & ~LOCK_NB) {
	case LOCK_SH:
		want.type = F_RDLCK;
		break;
	case LOCK_EX:
		want.type = F_WRLCK;
		break;
	case LOCK_UN:
		want.type = F_UNLCK;
		break;
	default:
		return -EINVAL;
	}
	if (!f->inode)
		return 0;
	locks = locks_of(f->inode);
	if (!locks)
		return -ENOMEM;
	error = set_lock(locks, &locks->whole, &want, false);
	if (error != -EAGAIN)
		return error;
	want.type = F_UNLCK;
	error = set_lock(locks, &locks->whole, &want, false);
	if (error || operation & LOCK_NB)
		return error ? error : -EWOULDBLOCK;
	want.type = operation & LOCK_EX ? F_WRLCK : F_RDLCK;
	return set_lock(locks, &locks->whole, &want, true);
}

/* --- ranges --------------------------------------------------------------- */

/* fcntl(2): a size of 0 reaches to the end, a negative one backwards. */
static int bounds(struct file *f, const struct abi_flock *range,
		  struct held *want)
{
	int64_t base, start, last;

	if (range->whence == SEEK_SET)
		base = 0;
	else if (range->whence == SEEK_CUR)
		base = (int64_t)f->pos;
	else if (range->whence == SEEK_END)
		base = f->inode ? (int64_t)f->inode->size : 0;
	else
		return -EINVAL;
	if (__builtin_add_overflow(base, range->start, &start))
		return -EOVERFLOW;
	if (range->size == 0)
		last = INT64_MAX;
	else if (range->size > 0 &&
		 __builtin_add_overflow(start, range->size - 1, &last))
		return -EOVERFLOW;
	if (range->size < 0) {
		last = start - 1;
		if (__builtin_add_overflow(start, range->size, &start))
			return -EINVAL;
	}
	if (start < 0)
		return -EINVAL;
	want->first = (uint64_t)start;
	want->last = (uint64_t)last;
	return 0;
}

static int get_lock(struct inode_locks *locks, const struct held *want,
		    struct abi_flock *range)
{
	unsigned long flags = spin_lock(&locks_lock);
	struct held *h = find_conflict(&locks->ranges, want);

	range->type = F_UNLCK;
	if (h) {
		range->type = h->type;
		range->whence = SEEK_SET;
		range->start = (int64_t)h->first;
		range->size = h->last == LAST_BYTE
				  ? 0
				  : (int64_t)(h->last - h->first + 1);
		range->pid = h->owner == THE_PROCESS ? PROCESS_ID : -1;
	}
	spin_unlock(&locks_lock, flags);
	return 0;
}

int lock_range(struct file *f, int request, struct abi_flock *range)
{
	bool get = request == F_GETLK || request == F_OFD_GETLK;
	bool wait = request == F_SETLKW || request == F_OFD_SETLKW;
	bool by_file = request >= F_OFD_GETLK;
	struct held want = {.owner = by_file ? (void *)f : THE_PROCESS,
			    .type = range->type};
	struct inode_locks *locks;
	int error;

	if (range->type != F_RDLCK && range->type != F_WRLCK &&
	    (get || range->type != F_UNLCK))
		return -EINVAL;
	if (by_file && range->pid != 0)
		return -EINVAL;
	error = bounds(f, range, &want);
	if (error)
		return error;
	if (!get && ((range->type == F_RDLCK && !file_can_read(f)) ||
		     (range->type == F_WRLCK && !file_can_write(f))))
		return -EBADF;
	if (!f->inode) {
		if (get)
			range->type = F_UNLCK;
		return 0;
	}
	locks = locks_of(f->inode);
	if (!locks)
		return -ENOMEM;
	return get ? get_lock(locks, &want, range)
		   : set_lock(locks, &locks->ranges, &want, wait);
}

/* --- ends ----------------------------------------------------------------- */

static bool drop_owner(struct list *held, const void *owner)
{
	bool any = false;

	list_for_each(n, held)
	{
		struct held *h = container_of(n, struct held, node);

		if (h->owner != owner)
			continue;
		list_remove(n);
		heap_free(h);
		any = true;
	}
	return any;
}

static void release_owner(struct inode *inode, const void *owner)
{
	struct inode_locks *locks;
	unsigned long flags;
	bool any;

	locks = inode ? __atomic_load_n(&inode->locks, __ATOMIC_ACQUIRE) : NULL;
	if (!locks)
		return;
	flags = spin_lock(&locks_lock);
	any = drop_owner(&locks->whole, owner);
	any |= drop_owner(&locks->ranges, owner);
	spin_unlock(&locks_lock, flags);
	if (any)
		wait_wake(&locks->changed, WAIT_ALL, 0);
}

void lock_descriptor_closed(struct file *f)
{
	release_owner(f->inode, THE_PROCESS);
}

void lock_file_released(struct file *f)
{
	release_owner(f->inode, f);
}

void lock_inode_released(struct inode *inode)
{
	heap_free(inode->locks);
}
