/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file_lock.c - flock(2) and the record locks of fcntl(2) on a provider's
 * files.
 *
 * Locks belong to open descriptions of this one program; a description holds
 * one for the whole file.  A process never conflicts with itself, so F_SETLK
 * always gets its lock; F_OFD_SETLK, whose locks are the description's, is
 * taken as flock is, whatever the range.
 */
#include "provide/files.h"
#include "provide/wrap.h"

static struct provide_lock locks;
static uint32_t changes; /* counts unlocks */

/* Under the lock. */
static bool conflicts(const struct provide_file *f, unsigned how)
{
	const struct provide_file *other;
	uint32_t at = 0;
	bool found = false;

	while ((other = provide_peek(&at)) != NULL)
		if (other != f && other->kind == PROVIDE_FILE && other->lock &&
		    other->mount == f->mount && other->inode == f->inode &&
		    (how == LOCK_EX || other->lock == LOCK_EX))
			found = true;
	return found;
}

static void set(struct provide_file *f, unsigned how)
{
	bool less = f->lock == LOCK_EX || !how;

	f->lock = (uint8_t)how;
	if (less) {
		__atomic_add_fetch(&changes, 1, __ATOMIC_RELEASE);
		provide_wake(&changes, INT32_MAX);
	}
}

/* how: LOCK_SH, LOCK_EX or 0. */
static long lock(struct provide_file *f, unsigned how, bool waits)
{
	for (;;) {
		uint32_t seen = __atomic_load_n(&changes, __ATOMIC_ACQUIRE);
		provide_signals before = provide_lock(&locks);
		bool free = !how || !conflicts(f, how);
		long r;

		if (free)
			set(f, how);
		provide_unlock(&locks, before);
		if (free)
			return 0;
		if (!waits)
			return -EAGAIN;
		r = provide_wait(&changes, seen, -1);
		if (r == -EINTR || r <= -ERESTARTSYS)
			return -EINTR;
	}
}

void file_unlock(struct provide_file *f)
{
	provide_signals before;

	if (!f->lock)
		return;
	before = provide_lock(&locks);
	set(f, 0);
	provide_unlock(&locks, before);
}

WRAP2(flock, fd, how)
{
	struct provide_file *f = provide_get_kind(fd, PROVIDE_FILE);
	long kind = how & ~LOCK_NB, r = -EINVAL;

	if (!f)
		return target(flock, fd, how);
	if (provide_flags(f) & O_PATH)
		r = -EBADF;
	else if (kind == LOCK_SH || kind == LOCK_EX)
		r = lock(f, (unsigned)kind, !(how & LOCK_NB));
	else if (kind == LOCK_UN)
		r = lock(f, 0, false);
	provide_put(f);
	return r;
}

/* Whether F_GETLK's range would be locked by another description. */
static void ask(struct provide_file *f, struct abi_flock *range)
{
	provide_signals before = provide_lock(&locks);
	bool taken = conflicts(f, range->type == F_WRLCK ? LOCK_EX : LOCK_SH);

	provide_unlock(&locks, before);
	if (!taken) {
		range->type = F_UNLCK;
		return;
	}
	range->type = F_WRLCK;
	range->whence = SEEK_SET;
	range->start = range->size = 0;
	range->pid = -1;
}

long file_lock_range(struct provide_file *f, unsigned request, long argument)
{
	struct abi_flock *range = (struct abi_flock *)argument;
	uint32_t mode = provide_flags(f) & O_ACCMODE;

	if (provide_bad(argument))
		return -EFAULT;
	if (range->type != F_RDLCK && range->type != F_WRLCK &&
	    range->type != F_UNLCK)
		return -EINVAL;
	if (range->whence < SEEK_SET || range->whence > SEEK_END)
		return -EINVAL;
	if (request == F_GETLK) {
		range->type = F_UNLCK;
		return 0;
	}
	if (request == F_OFD_GETLK) {
		if (range->type == F_UNLCK || range->pid)
			return -EINVAL;
		ask(f, range);
		return 0;
	}
	if ((range->type == F_RDLCK && mode == O_WRONLY) ||
	    (range->type == F_WRLCK && mode == O_RDONLY))
		return -EBADF;
	if (request == F_SETLK || request == F_SETLKW)
		return 0;
	if (range->pid)
		return -EINVAL;
	return lock(f,
		    range->type == F_RDLCK   ? LOCK_SH
		    : range->type == F_WRLCK ? LOCK_EX
					     : 0,
		    request == F_OFD_SETLKW);
}
