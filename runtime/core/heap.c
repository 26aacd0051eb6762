/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * heap.c - see heap.h.
 *
 * A slab is one page of objects of one size with a header before them, found
 * from an object's address by rounding down (Bonwick, "The Slab Allocator",
 * 1994).  A slab with a free object is in its class's list.  An object at a
 * page's start is no slab's: it is a block of pages, whose order pages.c
 * knows.
 */
#include "core/heap.h"

#include "arch/spin.h"
#include "core/pages.h"
#include "core/panic.h"
#include "lib/list.h"
#include "lib/string.h"

#define SLAB_HEADER 64
#define SLAB_MAGIC 0x51abu
/* As many as fit behind the header, in multiples of the alignment. */
static const uint16_t class_size[] = {
    16, 32, 48, 64, 128, 192, 256, 320, 384, 448, 576, 768, 960, 1344, 1984,
};
#define CLASSES (sizeof(class_size) / sizeof(class_size[0]))
#define SMALL_MAX 1984

struct object {
	struct object *next;
};

struct slab {
	struct list node; /* in its class's list, if it has a free object */
	struct object *free;
	uint16_t magic, class, used;
	uint16_t fresh; /* offset of the first object never given out */
};

_Static_assert(sizeof(struct slab) <= SLAB_HEADER, "slab's header");

static struct {
	struct spinlock lock;
	struct list slabs[CLASSES]; /* next NULL: not yet initialised */
} heap;

static unsigned class_of(size_t size)
{
	unsigned low = 0, high = CLASSES - 1;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (size <= class_size[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Of a block of pages; above PAGES_ORDER_MAX if there is no such. */
static unsigned order_of(size_t size)
{
	size_t n = (size - 1) >> PAGE_SHIFT;

	return n ? 64 - (unsigned)__builtin_clzl(n) : 0;
}

static void *alloc_pages(size_t size)
{
	phys_t page = pages_alloc(order_of(size), 0);

	return page ? phys_to_virt(page) : NULL;
}

static struct slab *slab_new(unsigned class)
{
	struct slab *s = alloc_pages(PAGE_SIZE);

	if (!s)
		return NULL;
	s->free = NULL;
	s->magic = SLAB_MAGIC;
	s->class = (uint16_t) class;
	s->used = 0;
	s->fresh = SLAB_HEADER;
	list_insert_after(&heap.slabs[class], &s->node);
	return s;
}

/* True if there is an object left. */
static bool has_free(const struct slab *s)
{
	return s->free || s->fresh + class_size[s->class] <= PAGE_SIZE;
}

void *heap_alloc(size_t size)
{
	unsigned class = class_of(size);
	struct list *slabs = &heap.slabs[class];
	struct object *o = NULL;
	unsigned long irq;
	struct slab *s;

	if (size > SMALL_MAX)
		return alloc_pages(size);
	irq = spin_lock(&heap.lock);
	if (!slabs->next)
		list_init(slabs);
	if (list_empty(slabs))
		s = slab_new(class);
	else
		s = container_of(slabs->next, struct slab, node);
	if (s) {
		o = s->free;
		if (o) {
			s->free = o->next;
		} else {
			o = (void *)((char *)s + s->fresh);
			s->fresh += class_size[class];
		}
		s->used++;
		if (!has_free(s))
			list_remove(&s->node);
	}
	spin_unlock(&heap.lock, irq);
	return o;
}

void *heap_zalloc(size_t size)
{
	void *p = heap_alloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

static struct slab *slab_of(const void *object)
{
	struct slab *s = (void *)((uintptr_t)object & ~(PAGE_SIZE - 1));
	size_t offset = (uintptr_t)object & (PAGE_SIZE - 1);

	if (s->magic != SLAB_MAGIC || s->class >= CLASSES || !s->used ||
	    offset >= s->fresh || (offset - SLAB_HEADER) % class_size[s->class])
		panic(NULL, "%p isn't an object of the heap", object);
	return s;
}

static bool is_pages(const void *object)
{
	return !((uintptr_t)object & (PAGE_SIZE - 1));
}

void heap_free(void *object)
{
	struct object *o = object;
	struct slab *s, *empty = NULL;
	unsigned long irq;

	if (!object)
		return;
	if (is_pages(object)) {
		phys_t page = virt_to_phys(object);

		pages_free(page, pages_order(page));
		return;
	}
	irq = spin_lock(&heap.lock);
	s = slab_of(object);
	if (!has_free(s))
		list_insert_after(&heap.slabs[s->class], &s->node);
	o->next = s->free;
	s->free = o;
	/* The last of the class stays, for the next. */
	if (--s->used == 0 && s->node.next != s->node.prev) {
		list_remove(&s->node);
		s->magic = 0;
		empty = s;
	}
	spin_unlock(&heap.lock, irq);
	if (empty)
		pages_free(virt_to_phys(empty), 0);
}

/* How many bytes an object really has. */
static size_t capacity(const void *object)
{
	if (is_pages(object))
		return PAGE_SIZE << pages_order(virt_to_phys(object));
	return class_size[slab_of(object)->class];
}

void *heap_resize(void *object, size_t old_size, size_t new_size)
{
	size_t room = object ? capacity(object) : 0;
	void *p;

	/* Stays where it is if it fits and at least half is used. */
	if (object && new_size <= room && new_size >= room / 2)
		return object;
	p = heap_alloc(new_size);
	if (!p)
		return NULL;
	if (object)
		memcpy(p, object, old_size < new_size ? old_size : new_size);
	heap_free(object);
	return p;
}
