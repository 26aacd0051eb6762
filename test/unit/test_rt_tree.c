/* SPDX-License-Identifier: BSD-3-Clause */
/* lib/tree.c against a sorted array, with a sum over subtrees kept. */
#include "check.h"
#include "lib/list.h"
#include "lib/tree.h"
#include "random.h"

#define ITEMS 300
#define ROUNDS 20000

struct item {
	struct tree_node node;
	int key;
	long value, sum;
	bool in;
};

static struct item item[ITEMS];

static struct item *item_of(const struct tree_node *n)
{
	return container_of(n, struct item, node);
}

static long sum_of(const struct tree_node *n)
{
	return n ? item_of(n)->sum : 0;
}

static void update(struct tree_node *n)
{
	item_of(n)->sum =
	    item_of(n)->value + sum_of(n->left) + sum_of(n->right);
}

static void insert(struct tree *t, struct item *i)
{
	struct tree_node **link = &t->root, *parent = NULL;

	while (*link) {
		parent = *link;
		link = i->key < item_of(parent)->key ? &parent->left
						     : &parent->right;
	}
	tree_insert(t, &i->node, parent, link);
	i->in = true;
}

/* Height, or -1 if something is wrong below. */
static int verify(const struct tree_node *n, bool sums)
{
	int left, right, height;

	if (!n)
		return 0;
	left = verify(n->left, sums);
	right = verify(n->right, sums);
	height = (left > right ? left : right) + 1;
	if (left < 0 || right < 0 || left - right > 1 || right - left > 1 ||
	    n->height != height || (n->left && n->left->parent != n) ||
	    (n->right && n->right->parent != n))
		return -1;
	if (sums && item_of(n)->sum !=
			item_of(n)->value + sum_of(n->left) + sum_of(n->right))
		return -1;
	return height;
}

static bool in_order(const struct tree *t)
{
	const struct tree_node *n = tree_first(t), *last = NULL;

	for (int i = 0; i < ITEMS; i++) {
		if (!item[i].in)
			continue;
		if (n != &item[i].node || tree_prev(n) != last)
			return false;
		last = n;
		n = tree_next(n);
	}
	return !n && tree_last(t) == last;
}

static void run(bool sums)
{
	struct tree t = {.update = sums ? update : NULL};
	bool good = true, order = true;

	for (int i = 0; i < ITEMS; i++)
		item[i] = (struct item){.key = i, .value = i * 7};
	for (int round = 0; round < ROUNDS; round++) {
		struct item *i = &item[random_below(ITEMS)];
		/* Times of mostly growing and of mostly shrinking. */
		bool grow = random_below(8) < (round / 1000 % 2 ? 2 : 6);

		if (i->in && !grow) {
			tree_remove(&t, &i->node);
			i->in = false;
		} else if (!i->in && grow) {
			insert(&t, i);
		} else if (i->in && sums) {
			i->value = random_below(1000);
			tree_update(&t, &i->node);
		}
		good = good && verify(t.root, sums) >= 0;
		if (round % 50 == 0)
			order = order && in_order(&t);
	}
	check(good, "balanced and summed up, update %d", sums);
	check(order, "in order, update %d", sums);
	for (int i = 0; i < ITEMS; i++)
		if (item[i].in)
			tree_remove(&t, &item[i].node);
	check(!t.root && !tree_first(&t) && !tree_last(&t), "empty");
}

int main(void)
{
	run(false);
	run(true);
	return check_done();
}
