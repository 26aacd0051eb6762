/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * table.c - open descriptions.
 *
 * They live in chunks that are never given back, and nothing here takes a
 * lock: a description is taken, found and given back by atomic operations on
 * its reference count and state.  A description whose count is 0 belongs to
 * nobody (FREE), to the one who set it up or releases it (TAKEN), or waits till
 * its provider can be entered for the close (LATE).
 */
#include "provide/provide.h"
#include "lib/string.h"

enum { FREE, TAKEN, OPEN, LATE };

#define CHUNK_FILES 32
#define CHUNKS_MAX 4096

struct chunk {
	struct provide_file file[CHUNK_FILES];
};

static struct chunk *chunks[CHUNKS_MAX];
static uint32_t chunk_count; /* those below are all there */
static uint32_t late_count;

static bool change_state(struct provide_file *f, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&f->state, &from, to, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static struct provide_file *take_from(struct chunk *c)
{
	for (unsigned i = 0; i < CHUNK_FILES; i++)
		if (change_state(&c->file[i], FREE, TAKEN))
			return &c->file[i];
	return NULL;
}

/* Another thread may add one meanwhile: then there is one, too. */
static bool add_chunk(uint32_t at)
{
	struct chunk *c, *none = NULL;
	uint32_t count = at;

	if (at >= CHUNKS_MAX)
		return false;
	c = provide_alloc(sizeof(*c));
	if (!c)
		return false;
	if (!__atomic_compare_exchange_n(&chunks[at], &none, c, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		provide_free(c, sizeof(*c));
	__atomic_compare_exchange_n(&chunk_count, &count, at + 1, false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return true;
}

static struct provide_file *take(void)
{
	struct provide_file *f;
	uint32_t i = 0;

	for (;;) {
		for (; i < __atomic_load_n(&chunk_count, __ATOMIC_ACQUIRE);
		     i++) {
			f = take_from(
			    __atomic_load_n(&chunks[i], __ATOMIC_ACQUIRE));
			if (f)
				return f;
		}
		if (!add_chunk(i))
			return NULL;
	}
}

struct provide_file *provide_new(enum provide_kind kind,
				 const struct provide_ops *ops)
{
	struct provide_file *f = take();
	const size_t head = offsetof(struct provide_file, kind);

	if (!f)
		return NULL;
	/* Stale pointers look at the count and state meanwhile. */
	memset((char *)f + head, 0, sizeof(*f) - head);
	f->kind = (uint8_t)kind;
	f->ops = ops;
	__atomic_store_n(&f->state, OPEN, __ATOMIC_RELEASE);
	__atomic_store_n(&f->references, 1, __ATOMIC_RELEASE);
	return f;
}

bool provide_hold(struct provide_file *f)
{
	uint32_t n = __atomic_load_n(&f->references, __ATOMIC_RELAXED);

	while (n &&
	       !__atomic_compare_exchange_n(&f->references, &n, n + 1, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		;
	return n != 0;
}

static void release(struct provide_file *f)
{
	if (f->ops && f->ops->release && !f->ops->release(f)) {
		__atomic_store_n(&f->state, LATE, __ATOMIC_RELEASE);
		__atomic_add_fetch(&late_count, 1, __ATOMIC_RELEASE);
		return;
	}
	if (f->path && f->path != f->path_short)
		provide_free(f->path, PROVIDE_PATH_MAX);
	f->path = NULL;
	__atomic_store_n(&f->state, FREE, __ATOMIC_RELEASE);
}

void provide_put(struct provide_file *f)
{
	if (!f || __atomic_sub_fetch(&f->references, 1, __ATOMIC_ACQ_REL))
		return;
	/* provide_next and provide_find don't want it any more. */
	__atomic_store_n(&f->state, TAKEN, __ATOMIC_RELEASE);
	release(f);
}

static struct provide_file *nth(uint32_t i)
{
	uint32_t chunk = i / CHUNK_FILES;

	if (chunk >= __atomic_load_n(&chunk_count, __ATOMIC_ACQUIRE))
		return NULL;
	return &__atomic_load_n(&chunks[chunk], __ATOMIC_ACQUIRE)
		    ->file[i % CHUNK_FILES];
}

void provide_close_late(void)
{
	struct provide_file *f;

	if (!__atomic_load_n(&late_count, __ATOMIC_ACQUIRE))
		return;
	for (uint32_t i = 0; (f = nth(i)) != NULL; i++) {
		if (!change_state(f, LATE, TAKEN))
			continue;
		__atomic_sub_fetch(&late_count, 1, __ATOMIC_RELEASE);
		release(f);
	}
}

struct provide_file *provide_find(enum provide_kind kind, halvm_handle h)
{
	struct provide_file *f;

	for (uint32_t i = 0; (f = nth(i)) != NULL; i++) {
		if (f->handle != h || f->kind != kind || !provide_hold(f))
			continue;
		if (f->handle == h && f->kind == kind)
			return f;
		provide_put(f);
	}
	return NULL;
}

struct provide_file *provide_look(enum provide_kind kind, halvm_handle h,
				  uint32_t *at)
{
	struct provide_file *f;

	while ((f = nth((*at)++)) != NULL)
		if (__atomic_load_n(&f->handle, __ATOMIC_ACQUIRE) == h &&
		    f->kind == kind &&
		    __atomic_load_n(&f->references, __ATOMIC_ACQUIRE))
			return f;
	return NULL;
}

struct provide_file *provide_next(uint32_t *at)
{
	struct provide_file *f;

	while ((f = nth((*at)++)) != NULL)
		if (provide_hold(f))
			return f;
	return NULL;
}

const struct provide_file *provide_peek(uint32_t *at)
{
	return nth((*at)++);
}
