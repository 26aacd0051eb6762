/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tree.c - see tree.h.
 *
 * An AVL tree (Knuth, TAOCP vol. 3, 6.2.3) with parent links: after a change
 * one walk from the place of the change to the root restores heights, balance
 * and what the caller sums up.
 */
#include "lib/tree.h"

#include <stddef.h>

static int height(const struct tree_node *n)
{
	return n ? n->height : 0;
}

static void refresh(const struct tree *t, struct tree_node *n)
{
	int left = height(n->left), right = height(n->right);

	n->height = (left > right ? left : right) + 1;
	if (t->update)
		t->update(n);
}

/* Puts `to`, which may be NULL, into the place of `from`. */
static void replace(struct tree *t, const struct tree_node *from,
		    struct tree_node *to)
{
	struct tree_node *parent = from->parent;

	if (!parent)
		t->root = to;
	else if (parent->left == from)
		parent->left = to;
	else
		parent->right = to;
	if (to)
		to->parent = parent;
}

static struct tree_node *rotate_left(struct tree *t, struct tree_node *n)
{
	struct tree_node *up = n->right;

	replace(t, n, up);
	n->right = up->left;
	if (n->right)
		n->right->parent = n;
	up->left = n;
	n->parent = up;
	refresh(t, n);
	return up;
}

static struct tree_node *rotate_right(struct tree *t, struct tree_node *n)
{
	struct tree_node *up = n->left;

	replace(t, n, up);
	n->left = up->right;
	if (n->left)
		n->left->parent = n;
	up->right = n;
	n->parent = up;
	refresh(t, n);
	return up;
}

/* Balances one node; returns the root of what was its subtree. */
static struct tree_node *balance(struct tree *t, struct tree_node *n)
{
	int lean = height(n->left) - height(n->right);

	if (lean > 1) {
		if (height(n->left->left) < height(n->left->right))
			refresh(t, rotate_left(t, n->left));
		n = rotate_right(t, n);
	} else if (lean < -1) {
		if (height(n->right->right) < height(n->right->left))
			refresh(t, rotate_right(t, n->right));
		n = rotate_left(t, n);
	}
	refresh(t, n);
	return n;
}

/* From n upwards, until nothing changes any more. */
static void repair(struct tree *t, struct tree_node *n)
{
	while (n) {
		int before = n->height;

		n = balance(t, n);
		if (n->height == before && !t->update)
			break;
		n = n->parent;
	}
}

void tree_insert(struct tree *t, struct tree_node *node,
		 struct tree_node *parent, struct tree_node **link)
{
	node->left = node->right = NULL;
	node->parent = parent;
	*link = node;
	refresh(t, node);
	repair(t, parent);
}

void tree_remove(struct tree *t, struct tree_node *node)
{
	struct tree_node *next, *from;

	if (!node->left || !node->right) {
		from = node->parent;
		replace(t, node, node->left ? node->left : node->right);
	} else {
		/* The next one has no left child: it takes the place. */
		for (next = node->right; next->left;)
			next = next->left;
		from = next;
		if (next->parent != node) {
			from = next->parent;
			replace(t, next, next->right);
			next->right = node->right;
			next->right->parent = next;
		}
		next->left = node->left;
		next->left->parent = next;
		next->height = node->height;
		replace(t, node, next);
	}
	repair(t, from);
}

void tree_update(struct tree *t, struct tree_node *node)
{
	if (!t->update)
		return;
	for (; node; node = node->parent)
		t->update(node);
}

struct tree_node *tree_first(const struct tree *t)
{
	struct tree_node *n = t->root;

	while (n && n->left)
		n = n->left;
	return n;
}

struct tree_node *tree_last(const struct tree *t)
{
	struct tree_node *n = t->root;

	while (n && n->right)
		n = n->right;
	return n;
}

struct tree_node *tree_next(const struct tree_node *node)
{
	struct tree_node *n = node->right;

	if (n) {
		while (n->left)
			n = n->left;
		return n;
	}
	while ((n = node->parent) && n->right == node)
		node = n;
	return n;
}

struct tree_node *tree_prev(const struct tree_node *node)
{
	struct tree_node *n = node->left;

	if (n) {
		while (n->right)
			n = n->right;
		return n;
	}
	while ((n = node->parent) && n->left == node)
		node = n;
	return n;
}
