/* SPDX-License-Identifier: BSD-3-Clause */
/* A struct whose layout Main.hs knows by heart. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct item {
	uint8_t tag;
	double weight;
	int32_t count;
	char name[12];
};

size_t item_size(void);
double item_total(const struct item *items, size_t n);
struct item *item_make(int seed);
void item_free(struct item *item);

size_t item_size(void)
{
	return sizeof(struct item);
}

double item_total(const struct item *items, size_t n)
{
	double total = 0;

	for (size_t i = 0; i < n; i++)
		total += items[i].tag + items[i].weight * items[i].count;
	return total;
}

struct item *item_make(int seed)
{
	struct item *item = calloc(1, sizeof *item);

	item->tag = (uint8_t)seed;
	item->weight = seed / 2.0;
	item->count = seed * 1000;
	snprintf(item->name, sizeof item->name, "seed %d", seed);
	return item;
}

void item_free(struct item *item)
{
	free(item);
}
