/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * list.h - intrusive doubly linked ring with a head.
 *
 * An initialised node that is in no list points at itself, so list_remove is
 * safe to repeat.  The caller locks.
 */
#ifndef RUNTIME_LIB_LIST_H
#define RUNTIME_LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(l)                                                           \
	{                                                                      \
		&(l), &(l)                                                     \
	}

/* The structure of type `type` whose member `member` is *node. */
#define container_of(node, type, member)                                       \
	((type *)((char *)(node)-offsetof(type, member)))

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_insert_after(struct list *at, struct list *node)
{
	node->prev = at;
	node->next = at->next;
	at->next->prev = node;
	at->next = node;
}

/* Before `at`; with the list's head as `at`, the last of the list. */
static inline void list_append(struct list *at, struct list *node)
{
	list_insert_after(at->prev, node);
}

static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

/* The first node, removed, or NULL. */
static inline struct list *list_pop(struct list *l)
{
	struct list *node = l->next;

	if (node == l)
		return NULL;
	list_remove(node);
	return node;
}

/* The body may remove `node`, but no other. */
#define list_for_each(node, head)                                              \
	for (struct list *node = (head)->next, *node##_next = node->next;      \
	     node != (head); node = node##_next, node##_next = node->next)

#endif
