/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex.c - waiting for the change of a word (futex.h, futex(2)).
 *
 * Who waits is in a bucket by the hash of the word's address.  There is one
 * address space, so FUTEX_PRIVATE_FLAG makes no difference.  The word is read
 * under the bucket's lock: a wake comes either before, and the value is
 * another, or finds the waiter.
 *
 * Locks: two buckets in the order of their addresses; the address space's and
 * the run queues' come after them.
 */
#include "arch/spin.h"
#include "arch/user.h"
#include "core/futex.h"
#include "core/thread.h"
#include "halvm/abi/errno.h"
#include "halvm/abi/futex.h"
#include "lib/list.h"

#define BUCKETS 256 /* a power of 2 */
/* 2^64 divided by the golden ratio: spreads neighbours (Knuth, 6.4). */
#define HASH_FACTOR 0x9e3779b97f4a7c15UL
#define HASH_SHIFT 56 /* leaves log2(BUCKETS) bits */

struct bucket {
	struct spinlock lock;
	struct list waiters; /* in the order they came; NULLs at first */
};

struct futex_waiter {
	struct list node;
	struct bucket *bucket; /* its lock protects this, too */
	struct thread *thread;
	const uint32_t *word;
	uint32_t bitset;
	bool woken;
};

static struct bucket buckets[BUCKETS];

static struct bucket *bucket_of(const uint32_t *word)
{
	uint64_t hash = (uintptr_t)word / sizeof *word * HASH_FACTOR;

	return &buckets[hash >> HASH_SHIFT];
}

static unsigned long lock_bucket(struct bucket *b)
{
	unsigned long flags = spin_lock(&b->lock);

	if (!b->waiters.next)
		list_init(&b->waiters);
	return flags;
}

/* w's bucket, which requeueing changes, locked. */
static unsigned long lock_waiter(struct futex_waiter *w)
{
	for (;;) {
		struct bucket *b =
		    __atomic_load_n(&w->bucket, __ATOMIC_RELAXED);
		unsigned long flags = spin_lock(&b->lock);

		if (b == w->bucket)
			return flags;
		spin_unlock(&b->lock, flags);
	}
}

static inline bool aligned(const uint32_t *word)
{
	return (uintptr_t)word % sizeof *word == 0;
}

int futex_wait(uint32_t *word, uint32_t value, uint64_t deadline,
	       uint32_t bitset)
{
	struct bucket *b = bucket_of(word);
	struct futex_waiter w;
	unsigned long flags;
	uint32_t now;
	int error;

	if (!aligned(word) || bitset == 0)
		return -EINVAL;
	flags = lock_bucket(b);
	error = user_load32(word, &now);
	if (error == 0 && now != value)
		error = -EAGAIN;
	if (error) {
		spin_unlock(&b->lock, flags);
		return error;
	}
	w.bucket = b;
	w.thread = thread_current();
	w.word = word;
	w.bitset = bitset;
	w.woken = false;
	list_append(&b->waiters, &w.node);
	do {
		spin_unlock(&w.bucket->lock, flags);
		error = thread_sleep(deadline, SLEEP_INTERRUPTIBLE);
		if (__atomic_load_n(&w.woken, __ATOMIC_ACQUIRE))
			return 0;
		flags = lock_waiter(&w);
	} while (!w.woken && error == 0);
	list_remove(&w.node);
	spin_unlock(&w.bucket->lock, flags);
	if (w.woken)
		return 0;
	return error == -EINTR ? -ERESTARTSYS : error;
}

/*
 * The bucket's lock is held.  Last of all comes `woken`: who sees it takes no
 * lock, and w is gone with its stack.
 */
static void wake_one(struct futex_waiter *w)
{
	list_remove(&w->node);
	thread_wake(w->thread);
	__atomic_store_n(&w->woken, true, __ATOMIC_RELEASE);
}

static unsigned wake_some(struct bucket *b, const uint32_t *word, unsigned max,
			  uint32_t bitset)
{
	unsigned n = 0;

	list_for_each(node, &b->waiters)
	{
		struct futex_waiter *w =
		    container_of(node, struct futex_waiter, node);

		if (n == max)
			break;
		if (w->word == word && (w->bitset & bitset)) {
			wake_one(w);
			n++;
		}
	}
	return n;
}

int futex_wake(uint32_t *word, unsigned max, uint32_t bitset)
{
	struct bucket *b = bucket_of(word);
	unsigned long flags;
	unsigned n;

	if (!aligned(word) || bitset == 0)
		return -EINVAL;
	flags = lock_bucket(b);
	n = wake_some(b, word, max, bitset);
	spin_unlock(&b->lock, flags);
	return (int)n;
}

struct two_locks {
	struct bucket *first, *second; /* second NULL: they are the same */
	unsigned long flags, flags2;
};

static void lock_two(struct two_locks *l, struct bucket *a, struct bucket *b)
{
	l->first = a < b ? a : b;
	l->second = a < b ? b : a;
	if (a == b)
		l->second = NULL;
	l->flags = lock_bucket(l->first);
	if (l->second)
		l->flags2 = lock_bucket(l->second);
}

static void unlock_two(struct two_locks *l)
{
	if (l->second)
		spin_unlock(&l->second->lock, l->flags2);
	spin_unlock(&l->first->lock, l->flags);
}

static unsigned move_some(struct bucket *from, const uint32_t *word,
			  unsigned max, struct bucket *to, uint32_t *to_word)
{
	unsigned n = 0;

	/* To themselves they'd go round for ever. */
	if (word == to_word)
		max = 0;
	list_for_each(node, &from->waiters)
	{
		struct futex_waiter *w =
		    container_of(node, struct futex_waiter, node);

		if (n == max)
			break;
		if (w->word != word)
			continue;
		w->word = to_word;
		if (from != to) {
			list_remove(node);
			list_append(&to->waiters, node);
			w->bucket = to;
		}
		n++;
	}
	return n;
}

int futex_requeue(uint32_t *word, unsigned wake, unsigned move, uint32_t *to,
		  const uint32_t *expected)
{
	struct bucket *a = bucket_of(word), *b = bucket_of(to);
	struct two_locks locks;
	unsigned woken, moved;
	uint32_t now;
	int error = 0;

	if (!aligned(word) || !aligned(to))
		return -EINVAL;
	lock_two(&locks, a, b);
	if (expected) {
		error = user_load32(word, &now);
		if (error == 0 && now != *expected)
			error = -EAGAIN;
	}
	if (error) {
		unlock_two(&locks);
		return error;
	}
	woken = wake_some(a, word, wake, FUTEX_ANY);
	moved = move_some(a, word, move, b, to);
	unlock_two(&locks);
	return (int)(expected ? woken + moved : woken);
}

/* FUTEX_WAKE_OP's operation (futex(2)); -ENOSYS if there is no such. */
static int apply(uint32_t operation, uint32_t old, uint32_t *new)
{
	unsigned op = operation >> 28;
	uint32_t arg = (uint32_t)((int32_t)(operation << 8) >> 20);

	if (op & ABI_FUTEX_OP_ARG_SHIFT)
		arg = 1u << (arg & 31);
	switch (op & ~(unsigned)ABI_FUTEX_OP_ARG_SHIFT) {
	case ABI_FUTEX_OP_SET:
		*new = arg;
		return 0;
	case ABI_FUTEX_OP_ADD:
		*new = old + arg;
		return 0;
	case ABI_FUTEX_OP_OR:
		*new = old | arg;
		return 0;
	case ABI_FUTEX_OP_ANDN:
		*new = old & ~arg;
		return 0;
	case ABI_FUTEX_OP_XOR:
		*new = old ^ arg;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* Its condition: 0, 1, or -ENOSYS. */
static int compare(uint32_t operation, uint32_t old)
{
	int32_t value = (int32_t)old, arg = (int32_t)(operation << 20) >> 20;

	switch (operation >> 24 & 0xf) {
	case ABI_FUTEX_OP_CMP_EQ:
		return value == arg;
	case ABI_FUTEX_OP_CMP_NE:
		return value != arg;
	case ABI_FUTEX_OP_CMP_LT:
		return value < arg;
	case ABI_FUTEX_OP_CMP_LE:
		return value <= arg;
	case ABI_FUTEX_OP_CMP_GT:
		return value > arg;
	case ABI_FUTEX_OP_CMP_GE:
		return value >= arg;
	default:
		return -ENOSYS;
	}
}

/* *word2 becomes what the operation makes of it; *old is what it was. */
static int change(uint32_t *word2, uint32_t operation, uint32_t *old)
{
	uint32_t seen, new;
	int error = user_load32(word2, old);

	for (;;) {
		if (error == 0)
			error = apply(operation, *old, &new);
		if (error)
			return error;
		seen = *old;
		error = user_exchange32(word2, &seen, new);
		if (error == 0 && seen == *old)
			return 0;
		*old = seen;
	}
}

int futex_wake_op(uint32_t *word, unsigned max, uint32_t *word2, unsigned max2,
		  uint32_t operation)
{
	struct bucket *a = bucket_of(word), *b = bucket_of(word2);
	struct two_locks locks;
	uint32_t old;
	int error;
	unsigned n = 0;

	if (!aligned(word) || !aligned(word2))
		return -EINVAL;
	error = compare(operation, 0);
	if (error < 0)
		return error;
	lock_two(&locks, a, b);
	error = change(word2, operation, &old);
	if (error == 0) {
		n = wake_some(a, word, max, FUTEX_ANY);
		if (compare(operation, old))
			n += wake_some(b, word2, max2, FUTEX_ANY);
	}
	unlock_two(&locks);
	return error ? error : (int)n;
}
