/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pages.c - see pages.h.
 *
 * A binary buddy allocator (Knuth, TAOCP vol. 1, 2.5).  A free block's links
 * lie in its own first page, through the direct map.  Each page has one byte
 * of state, in an array before its range, which isn't initialised: only
 * the bytes of heads of blocks mean something, and a byte is read only where
 * a head must be: a block's buddy was made a head when the block they came
 * from was split.  So start costs nothing per page.
 */
#include "core/pages.h"

#include "arch/spin.h"
#include "core/panic.h"

#define ORDERS (PAGES_ORDER_MAX + 1)
/* boot_info's ranges, some of them cut by the image or modules. */
#define RANGES_MAX 48

/* States of a page; FREE and USED have the order in the low bits. */
enum { STATE_INSIDE = 0, STATE_FREE = 0x40, STATE_USED = 0x80 };

struct range {
	phys_t base, end; /* without its states */
	uint8_t *state;
};

/* At the start of each free block. */
struct block {
	struct block *next, **link;
	struct range *range;
};

static struct {
	struct spinlock lock;
	unsigned nonempty; /* bit o: free[o] has a block */
	struct block *free[ORDERS];
	size_t total, available, promised;
	struct range range[RANGES_MAX];
	unsigned ranges;
} pages;

static inline uint8_t *state(const struct range *r, phys_t page)
{
	return &r->state[(page - r->base) >> PAGE_SHIFT];
}

static struct range *range_of(phys_t page)
{
	for (unsigned i = 0; i < pages.ranges; i++) {
		struct range *r = &pages.range[i];

		if (page - r->base < r->end - r->base)
			return r;
	}
	panic(NULL, "no such page: %#llx", (unsigned long long)page);
}

static void put(struct range *r, phys_t page, unsigned order)
{
	struct block *b = phys_to_virt(page);

	b->range = r;
	b->link = &pages.free[order];
	b->next = *b->link;
	if (b->next)
		b->next->link = &b->next;
	*b->link = b;
	pages.nonempty |= 1u << order;
	*state(r, page) = STATE_FREE | order;
}

static void unlink_block(struct block *b, unsigned order)
{
	*b->link = b->next;
	if (b->next)
		b->next->link = b->link;
	if (!pages.free[order])
		pages.nonempty &= ~(1u << order);
}

/* The largest aligned blocks that fill [page, r->end). */
static void put_all(struct range *r, phys_t page)
{
	while (page < r->end) {
		unsigned order = 0;

		while (order < PAGES_ORDER_MAX &&
		       !(page & (PAGE_SIZE << order)) &&
		       (PAGE_SIZE << (order + 1)) <= r->end - page)
			order++;
		put(r, page, order);
		page += PAGE_SIZE << order;
	}
}

void pages_add(phys_t base, uint64_t size)
{
	phys_t end = base + size, first;
	unsigned long flags;
	struct range *r;

	if (!base) /* 0 means no page */
		base = PAGE_SIZE;
	if (base >= end)
		return;
	first = base +
		(((end - base) / PAGE_SIZE + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
	if (first >= end || pages.ranges == RANGES_MAX)
		return;
	flags = spin_lock(&pages.lock);
	r = &pages.range[pages.ranges++];
	r->base = first;
	r->end = end;
	r->state = phys_to_virt(base);
	put_all(r, first);
	pages.total += (end - first) / PAGE_SIZE;
	pages.available += (end - first) / PAGE_SIZE;
	spin_unlock(&pages.lock, flags);
}

/*
 * Page tables of a full memory need 1/512 of it and a few pages; the rest is
 * for stacks.
 */
size_t pages_reserve(void)
{
	return pages.total / 256 + 16;
}

/*
 * Can't be promised: the runtime's own share, so that a program that has
 * committed all it could get can still do I/O and end in good order.
 */
static size_t runtime_share(void)
{
	return pages.total / 64;
}

static size_t slack(void)
{
	return pages.total < PAGES_SMALL ? PAGES_SLACK : 0;
}

/* What the less urgent may not touch. */
static size_t held(void)
{
	size_t more = slack();

	return pages_reserve() +
	       (pages.promised > more ? pages.promised - more : 0);
}

static phys_t take(unsigned order)
{
	unsigned fit = pages.nonempty & ~0u << order, o;
	struct range *r;
	struct block *b;
	phys_t page;

	if (!fit)
		return 0;
	o = (unsigned)__builtin_ctz(fit);
	b = pages.free[o];
	r = b->range;
	unlink_block(b, o);
	page = virt_to_phys(b);
	while (o > order) {
		o--;
		put(r, page + (PAGE_SIZE << o), o);
	}
	*state(r, page) = STATE_USED | order;
	return page;
}

/* Makes a block's pages heads of blocks of their own. */
static void split_used(phys_t page, unsigned order)
{
	uint8_t *s = state(range_of(page), page);

	for (size_t i = 0; i < (size_t)1 << order; i++)
		s[i] = STATE_USED;
}

phys_t pages_alloc(unsigned order, unsigned flags)
{
	size_t n = (size_t)1 << order;
	unsigned long irq;
	phys_t page = 0;

	if (order > PAGES_ORDER_MAX)
		return 0;
	irq = spin_lock(&pages.lock);
	if (flags & (PAGES_URGENT | PAGES_PROMISED) ||
	    pages.available >= n + held())
		page = take(order);
	if (page) {
		pages.available -= n;
		if (flags & PAGES_PROMISED)
			pages.promised -= n;
		if (flags & PAGES_SPLIT)
			split_used(page, order);
	}
	spin_unlock(&pages.lock, irq);
	if (page && flags & PAGES_ZERO)
		page_clear(phys_to_virt(page), PAGE_SIZE << order);
	return page;
}

void pages_free(phys_t block, unsigned order)
{
	unsigned long irq = spin_lock(&pages.lock);
	struct range *r = range_of(block);
	uint8_t was = *state(r, block);

	if (was != (STATE_USED | order) && was != STATE_USED)
		panic(NULL, "page %#llx freed twice (state %#x, order %u)",
		      (unsigned long long)block, was, order);
	pages.available += (size_t)1 << order;
	for (; order < PAGES_ORDER_MAX; order++) {
		phys_t buddy = block ^ PAGE_SIZE << order;

		if (buddy < r->base || buddy >= r->end ||
		    *state(r, buddy) != (STATE_FREE | order))
			break;
		unlink_block(phys_to_virt(buddy), order);
		*state(r, buddy) = *state(r, block) = STATE_INSIDE;
		block &= ~(PAGE_SIZE << order);
	}
	put(r, block, order);
	spin_unlock(&pages.lock, irq);
}

unsigned pages_order(phys_t block)
{
	uint8_t s = *state(range_of(block), block);

	if (!(s & STATE_USED))
		panic(NULL, "page %#llx isn't in use",
		      (unsigned long long)block);
	return s & ~(unsigned)STATE_USED;
}

bool pages_promise(size_t n)
{
	unsigned long irq = spin_lock(&pages.lock);
	size_t limit = pages.available + slack(), used = pages.promised;
	bool good;

	used += pages_reserve() + runtime_share();
	good = used <= limit && n <= limit - used;
	if (good)
		pages.promised += n;
	spin_unlock(&pages.lock, irq);
	return good;
}

void pages_promise_back(long n)
{
	unsigned long irq = spin_lock(&pages.lock);

	pages.promised += (size_t)n;
	spin_unlock(&pages.lock, irq);
}

size_t pages_total(void)
{
	return pages.total;
}

size_t pages_available(void)
{
	return pages.available;
}

size_t pages_promised(void)
{
	return pages.promised;
}

size_t pages_spare(void)
{
	size_t used = pages_reserve() + runtime_share() + pages.promised;

	return pages.available > used ? pages.available - used : 0;
}
