/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * host_heap.c - core/heap.h by malloc, so that AddressSanitizer sees every
 * object; a test may let it run out (host.h).
 */
#include <stdlib.h>
#include <string.h>
#include "core/heap.h"
#include "host.h"

long host_heap_limit = -1;
long host_heap_objects;

void *heap_alloc(size_t size)
{
	void *p;

	if (host_heap_limit == 0)
		return NULL;
	if (host_heap_limit > 0)
		host_heap_limit--;
	/* heap.h promises alignment to 64 from 64 bytes up. */
	if (size >= 64) {
		if (posix_memalign(&p, 64, size))
			return NULL;
	} else {
		p = malloc(size ? size : 1);
	}
	if (p) {
		memset(p, 0xa5, size);
		host_heap_objects++;
	}
	return p;
}

void *heap_zalloc(size_t size)
{
	void *p = heap_alloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void *heap_resize(void *object, size_t old_size, size_t new_size)
{
	void *p = heap_alloc(new_size);

	if (!p)
		return NULL;
	if (object) {
		memcpy(p, object, old_size < new_size ? old_size : new_size);
		heap_free(object);
	}
	return p;
}

void heap_free(void *object)
{
	if (object)
		host_heap_objects--;
	free(object);
}
