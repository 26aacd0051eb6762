/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * heap.h - the runtime's own objects: a slab allocator over pages.h.
 *
 * Objects are wired, aligned to 16 bytes (64 from 64 bytes up), of any size;
 * above half a page they take whole pages.  Not in interrupt handlers.
 */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include <stddef.h>

/* NULL if there is no memory: the caller answers -ENOMEM. */
void *heap_alloc(size_t size);
void *heap_zalloc(size_t size);
/* Like C's realloc; the old object stays when it returns NULL. */
void *heap_resize(void *object, size_t old_size, size_t new_size);
/* NULL is fine. */
void heap_free(void *object);

#endif
