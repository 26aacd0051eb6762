/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * slots.c - which open description each descriptor stands for.
 *
 * A slot is changed only after the target has given the number out, or before
 * it takes it back; so a slot that isn't empty always belongs to an open
 * descriptor.  No lock: see table.c for why a pointer read here may be used.
 */
#include "provide/provide.h"

#define CHUNK_SLOTS 1024
#define CHUNKS 1024

struct chunk {
	struct provide_file *slot[CHUNK_SLOTS];
};

static struct chunk *chunks[CHUNKS];

/* In the slots of the layer's own descriptors; nobody uses it as one. */
static struct provide_file hidden;

static struct provide_file **find(long fd)
{
	struct chunk *c;

	if (fd < 0 || fd >= (long)CHUNKS * CHUNK_SLOTS)
		return NULL;
	c = __atomic_load_n(&chunks[fd / CHUNK_SLOTS], __ATOMIC_ACQUIRE);
	return c ? &c->slot[fd % CHUNK_SLOTS] : NULL;
}

/* Makes the slot if there is none. */
static struct provide_file **make(long fd)
{
	struct chunk *c, *none = NULL;

	if (fd < 0 || fd >= (long)CHUNKS * CHUNK_SLOTS)
		return NULL;
	if (!find(fd)) {
		c = provide_alloc(sizeof(*c));
		if (!c)
			return NULL;
		if (!__atomic_compare_exchange_n(
			&chunks[fd / CHUNK_SLOTS], &none, c, false,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			provide_free(c, sizeof(*c));
	}
	return find(fd);
}

struct provide_file *provide_get_from(struct provide_file **slot)
{
	struct provide_file *f;

	for (;;) {
		f = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (!f || f == &hidden)
			return NULL;
		if (!provide_hold(f))
			continue; /* the slot has changed */
		if (f == __atomic_load_n(slot, __ATOMIC_ACQUIRE))
			return f;
		provide_put(f);
	}
}

struct provide_file *provide_get(long fd)
{
	struct provide_file **slot = find((int)fd);

	return slot ? provide_get_from(slot) : NULL;
}

struct provide_file *provide_get_kind(long fd, enum provide_kind kind)
{
	struct provide_file *f = provide_get(fd);

	if (!f || f->kind == kind)
		return f;
	provide_put(f);
	return NULL;
}

long provide_held(long fd)
{
	struct provide_file **slot = find((int)fd);

	return slot && __atomic_load_n(slot, __ATOMIC_RELAXED) != NULL;
}

bool provide_hidden(long fd)
{
	struct provide_file **slot = find((int)fd);

	return slot && __atomic_load_n(slot, __ATOMIC_RELAXED) == &hidden;
}

void provide_set(long fd, struct provide_file *f)
{
	struct provide_file **slot = f ? make((int)fd) : find((int)fd), *old;

	if (!slot) {
		provide_put(f);
		return;
	}
	old = __atomic_exchange_n(slot, f, __ATOMIC_ACQ_REL);
	if (old != &hidden)
		provide_put(old);
}

long provide_install(long fd, struct provide_file *f)
{
	if (fd < 0) {
		provide_put(f);
		return fd;
	}
	if (!make(fd)) {
		target(close, fd);
		provide_put(f);
		return -EMFILE;
	}
	provide_set(fd, f);
	return fd;
}

long provide_duplicate(long fd, struct provide_file *f, long least,
		       bool cloexec)
{
	return provide_install(
	    target(fcntl, fd, cloexec ? F_DUPFD_CLOEXEC : F_DUPFD, least), f);
}

#define RLIMIT_NOFILE 7 /* <sys/resource.h> */

struct limit {
	uint64_t now, most;
};

/* A copy of fd with a number from `least` on. */
static long copy_above(long fd, uint64_t least)
{
	return target(fcntl, fd, F_DUPFD_CLOEXEC, (long)least);
}

/*
 * Above the limit, which counts only when a number is given: it is raised for
 * that moment, and the program has all its numbers.  If it can't be, at the
 * upper end.
 */
static long copy_high(long fd)
{
	const uint64_t slots = (uint64_t)CHUNKS * CHUNK_SLOTS;
	struct limit old = {1024, 1024}, more;
	uint64_t n;
	long r = -EMFILE;

	target(prlimit64, 0, RLIMIT_NOFILE, 0, (long)&old);
	more = old;
	more.now = old.most < slots ? old.most : slots;
	if (more.now > old.now &&
	    target(prlimit64, 0, RLIMIT_NOFILE, (long)&more, 0) == 0) {
		r = copy_above(fd, old.now);
		target(prlimit64, 0, RLIMIT_NOFILE, (long)&old, 0);
	}
	n = old.now < slots ? old.now : slots;
	for (uint64_t least = n - n / 16; r < 0 && least > 3; least /= 2)
		r = copy_above(fd, least);
	return r;
}

long provide_hide(long fd)
{
	long high;

	if (fd < 0)
		return fd;
	high = copy_high(fd);
	target(close, fd);
	if (high >= 0 && !make(high)) {
		target(close, high);
		high = -ENOMEM;
	}
	if (high >= 0)
		provide_set(high, &hidden);
	return high;
}

void provide_unhide(long fd)
{
	if (fd < 0)
		return;
	provide_set(fd, NULL);
	target(close, fd);
}

long provide_next_slot(long first, long last)
{
	for (long fd = first; fd <= last; fd++) {
		struct provide_file **slot = find(fd);

		if (!slot) {
			if (fd >= (long)CHUNKS * CHUNK_SLOTS)
				return -1;
			fd |= CHUNK_SLOTS - 1;
		} else if (__atomic_load_n(slot, __ATOMIC_RELAXED)) {
			return fd;
		}
	}
	return -1;
}
