/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vm_area.c - see vm_area.h.
 */
#include "core/vm_area.h"

#include "core/heap.h"

/* Kept for when there is no memory: unmapping must still be possible. */
#define SPARES 4

struct vm vm = {.lock = SPINLOCK_INIT};

static void sum_up(struct tree_node *node)
{
	struct area *a = area_of(node);
	size_t max = a->gap;

	if (node->left && area_of(node->left)->max_gap > max)
		max = area_of(node->left)->max_gap;
	if (node->right && area_of(node->right)->max_gap > max)
		max = area_of(node->right)->max_gap;
	a->max_gap = max;
}

void areas_init(void)
{
	vm.areas.update = sum_up;
}

struct area *area_find(uintptr_t addr)
{
	struct area *a = vm.last, *found = NULL;

	if (a && addr >= a->start && addr < a->end)
		return a;
	for (a = area_of(vm.areas.root); a;) {
		if (addr < a->end) {
			found = a;
			if (addr >= a->start)
				break;
			a = area_of(a->node.left);
		} else {
			a = area_of(a->node.right);
		}
	}
	vm.last = found;
	return found;
}

bool area_covers(uintptr_t start, uintptr_t end)
{
	struct area *a = area_find(start);

	while (a && a->start <= start) {
		if (a->end >= end)
			return true;
		start = a->end;
		a = area_next(a);
	}
	return false;
}

bool area_has(uintptr_t start, uintptr_t end, unsigned flags)
{
	struct area *a = area_find(start);

	for (; a && a->start < end; a = area_next(a))
		if (a->flags & flags)
			return true;
	return false;
}

static void push_spare(struct area *a)
{
	a->node.parent = vm.spare ? &vm.spare->node : NULL;
	vm.spare = a;
	vm.spares++;
}

bool area_prepare(unsigned n)
{
	while (vm.spares < n) {
		struct area *a = heap_alloc(sizeof(*a));

		if (!a)
			return false;
		push_spare(a);
	}
	return true;
}

static struct area *area_new(void)
{
	struct area *a = vm.spare;

	vm.spare = area_of(a->node.parent);
	vm.spares--;
	vm.count++;
	return a;
}

/* Tells the area behind `a`, if any, that its gap has changed. */
static void mend_gap(struct area *next, uintptr_t before)
{
	if (!next)
		return;
	next->gap = next->start - before;
	tree_update(&vm.areas, &next->node);
}

static void link_area(struct area *a)
{
	struct tree_node **link = &vm.areas.root, *parent = NULL;
	struct area *next, *prev;

	while (*link) {
		parent = *link;
		link = a->start < area_of(parent)->start ? &parent->left
							 : &parent->right;
	}
	a->gap = 0;
	tree_insert(&vm.areas, &a->node, parent, link);
	prev = area_prev(a);
	next = area_next(a);
	mend_gap(a, prev ? prev->end : 0);
	mend_gap(next, a->end);
}

static void remove_area(struct area *a)
{
	struct area *next = area_next(a), *prev = area_prev(a);

	tree_remove(&vm.areas, &a->node);
	mend_gap(next, prev ? prev->end : 0);
	vm.count--;
	vm.last = NULL;
	if (vm.spares < SPARES)
		push_spare(a);
	else
		heap_free(a);
}

static void set_start(struct area *a, uintptr_t start)
{
	uintptr_t before = a->start - a->gap;

	a->start = start;
	mend_gap(a, before);
}

static void set_end(struct area *a, uintptr_t end)
{
	a->end = end;
	mend_gap(area_next(a), end);
}

static bool alike(const struct area *a, unsigned prot, unsigned flags)
{
	return a->prot == prot && a->flags == flags && !(flags & AREA_IMAGE);
}

/* Joins a and the area behind it if they are neighbours and alike. */
static void merge_next(struct area *a)
{
	struct area *next = area_next(a);
	uintptr_t end;

	if (!next || next->start != a->end || !alike(next, a->prot, a->flags))
		return;
	end = next->end;
	remove_area(next);
	set_end(a, end);
}

void area_insert(uintptr_t start, uintptr_t end, unsigned prot, unsigned flags)
{
	struct area *next = area_find(start), *prev, *a;

	prev = next ? area_prev(next) : area_of(tree_last(&vm.areas));
	if (prev && prev->end == start && alike(prev, prot, flags)) {
		set_end(prev, end);
		merge_next(prev);
	} else if (next && next->start == end && alike(next, prot, flags)) {
		set_start(next, start);
	} else {
		a = area_new();
		a->start = start;
		a->end = end;
		a->prot = (uint8_t)prot;
		a->flags = (uint8_t)flags;
		link_area(a);
	}
}

/* Cuts an area in two at `at`, inside it; returns the upper one. */
static struct area *split(struct area *a, uintptr_t at)
{
	struct area *upper = area_new();

	upper->start = at;
	upper->end = a->end;
	upper->prot = a->prot;
	upper->flags = a->flags;
	a->end = at;
	link_area(upper);
	vm.last = NULL;
	return upper;
}

void area_cut(struct area *a, uintptr_t start, uintptr_t end)
{
	if (a->start < start) {
		if (end < a->end)
			split(a, end);
		set_end(a, start);
	} else if (end < a->end) {
		set_start(a, end);
	} else {
		remove_area(a);
	}
}

void area_protect(struct area *a, uintptr_t start, uintptr_t end, unsigned prot)
{
	struct area *prev;

	if (a->start < start)
		a = split(a, start);
	if (end < a->end)
		split(a, end);
	a->prot = (uint8_t)prot;
	merge_next(a);
	prev = area_prev(a);
	if (prev)
		merge_next(prev);
}

/* The first area of a subtree with a gap of at least `size` before it. */
static struct area *first_gap(struct area *a, size_t size)
{
	for (;;) {
		struct area *left = area_of(a->node.left);

		if (left && left->max_gap >= size)
			a = left;
		else if (a->gap >= size)
			return a;
		else
			a = area_of(a->node.right);
	}
}

/* The next one after `a`, or NULL. */
static struct area *next_gap(struct area *a, size_t size)
{
	struct tree_node *node = &a->node, *from;
	struct area *right = area_of(node->right);

	if (right && right->max_gap >= size)
		return first_gap(right, size);
	for (;;) {
		from = node;
		node = node->parent;
		if (!node)
			return NULL;
		if (from == node->right)
			continue;
		a = area_of(node);
		if (a->gap >= size)
			return a;
		right = area_of(node->right);
		if (right && right->max_gap >= size)
			return first_gap(right, size);
	}
}

/* The free range before `a` (NULL: behind all), within the window. */
static bool fits(const struct area *a, uintptr_t low, uintptr_t high,
		 size_t size, uintptr_t *at)
{
	const struct area *last;
	uintptr_t start, end = high;

	if (a) {
		start = a->start - a->gap;
		if (a->start < end)
			end = a->start;
	} else {
		last = area_of(tree_last(&vm.areas));
		start = last ? last->end : 0;
	}
	if (start < low)
		start = low;
	*at = start;
	return start < end && size <= end - start;
}

uintptr_t area_gap(uintptr_t low, uintptr_t high, size_t size, size_t align)
{
	struct area *a = area_find(low);
	size_t room = size + align - PAGE_SIZE;
	uintptr_t at;

	/* Only the first gap may begin below the window. */
	if (a && a->start <= low)
		a = area_next(a);
	if (a && !fits(a, low, high, room, &at)) {
		a = next_gap(a, room);
		if (a && a->start - a->gap >= high)
			return 0;
	}
	if (!fits(a, low, high, room, &at))
		return 0;
	return (at + align - 1) & ~(align - 1);
}
