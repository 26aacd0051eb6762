/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tree.h - intrusive balanced binary tree (AVL), ordered by the caller.
 *
 * The caller searches from `root` down its own comparison, and links a new
 * node where the search ended:
 *
 *	struct tree_node **link = &t->root, *parent = NULL;
 *	while (*link) {
 *		parent = *link;
 *		link = key < KEY(parent) ? &parent->left : &parent->right;
 *	}
 *	tree_insert(t, node, parent, link);
 *
 * With `update` set, it is called for each node whose subtree changed, from
 * below upwards, to recompute what the node sums up over its subtree
 * (tree_update for a change of a node's own value).  The caller locks.
 */
#ifndef RUNTIME_LIB_TREE_H
#define RUNTIME_LIB_TREE_H

struct tree_node {
	struct tree_node *left, *right, *parent;
	int height;
};

struct tree {
	struct tree_node *root;
	void (*update)(struct tree_node *node);
};

void tree_insert(struct tree *t, struct tree_node *node,
		 struct tree_node *parent, struct tree_node **link);
void tree_remove(struct tree *t, struct tree_node *node);
/* Calls t->update for the node and all above it. */
void tree_update(struct tree *t, struct tree_node *node);

/* In order; NULL past the end. */
struct tree_node *tree_first(const struct tree *t);
struct tree_node *tree_last(const struct tree *t);
struct tree_node *tree_next(const struct tree_node *node);
struct tree_node *tree_prev(const struct tree_node *node);

#endif
