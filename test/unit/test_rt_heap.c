/* SPDX-License-Identifier: BSD-3-Clause */
/* core/heap.c: random objects, each filled with its own pattern. */
#include "check.h"
#include "core/heap.h"
#include "core/pages.h"
#include "random.h"

#define ARENA (32UL << 20)
#define OBJECTS 3000

static struct {
	unsigned char *p;
	size_t size;
	unsigned char pattern;
} object[OBJECTS];

static void fill(unsigned i, size_t from)
{
	for (size_t k = from; k < object[i].size; k++)
		object[i].p[k] = object[i].pattern;
}

static bool intact(unsigned i, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (object[i].p[k] != object[i].pattern)
			return false;
	return true;
}

static size_t random_size(void)
{
	switch (random_below(8)) {
	case 0:
		return random_below(20000);
	case 1:
		return random_below(4100);
	default:
		return random_below(300);
	}
}

static bool make(unsigned i)
{
	size_t size = random_size();
	bool zero = random_below(2);

	object[i].p = zero ? heap_zalloc(size) : heap_alloc(size);
	object[i].size = size;
	object[i].pattern = 0;
	if (!object[i].p)
		return true;
	if (zero && !intact(i, size))
		return false;
	object[i].pattern = (unsigned char)random_below(256);
	fill(i, 0);
	return (uintptr_t)object[i].p % (size >= 64 ? 64 : 16) == 0;
}

static bool resize(unsigned i)
{
	size_t old = object[i].size, size = random_size();
	unsigned char *p = heap_resize(object[i].p, old, size);

	if (!p)
		return intact(i, old);
	object[i].p = p;
	object[i].size = size;
	if (!intact(i, old < size ? old : size))
		return false;
	if (old < size)
		fill(i, old);
	return true;
}

static bool unmake(unsigned i)
{
	bool good = intact(i, object[i].size);

	heap_free(object[i].p);
	object[i].p = NULL;
	return good;
}

static void test_random(void)
{
	size_t start = pages_available(), left;
	bool good = true;

	for (int round = 0; round < 100000; round++) {
		unsigned i = random_below(OBJECTS);

		if (!object[i].p)
			good = good && make(i);
		else if (random_below(3))
			good = good && unmake(i);
		else
			good = good && resize(i);
	}
	check(good, "objects keep what they hold, are aligned and zeroed");
	for (unsigned i = 0; i < OBJECTS; i++)
		good = good && (!object[i].p || unmake(i));
	left = start - pages_available();
	check(good && left <= 16, "freed, but for a page a size: %zu", left);
}

static void test_exhaustion(void)
{
	static void *p[ARENA / 1024];
	size_t n = 0;
	void *more;

	while ((p[n] = heap_alloc(1000)))
		n++;
	check(n > pages_total() * 2, "as many as fit: %zu", n);
	check(!heap_alloc(100000) && !heap_zalloc(5000), "no memory");
	more = heap_alloc(16);
	check(!heap_resize(p[0], 1000, 3000), "nor to grow");
	heap_free(more);
	while (n)
		heap_free(p[--n]);
	check(!heap_alloc((size_t)8 << 30) && !heap_alloc(SIZE_MAX),
	      "sizes nobody has");
	check(heap_resize(NULL, 0, 10), "resize of nothing");
	heap_free(NULL);
}

static void free_middle(void *p)
{
	heap_free((char *)p + 8);
}

int main(void)
{
	void *p;

	host_ram_start(ARENA);
	memset(host_ram, 0x5a, ARENA);
	pages_add(0, ARENA);
	test_random();
	test_exhaustion();
	p = heap_alloc(100);
	check_dies(free_middle, p, 125, "isn't an object", "free of a middle");
	heap_free(p);
	return check_done();
}
