/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dev/virtio/ring.c: virtqueues, with a device that keeps the rules and one
 * that doesn't.
 */
#include "check.h"
#include "dev/virtio/ring.h"
#include "halvm/abi/errno.h"
#include "random.h"

#define SIZE 8
#define ALIGN 4

static struct virtq q;
static struct virtq_slot slots[SIZE];
static char memory[4096] __attribute__((__aligned__(64)));
static uint16_t device_next; /* of the available ring */

static void start(void)
{
	virtq_init(&q, SIZE, ALIGN, memory, slots);
	device_next = 0;
}

/* The device's next chain, or -1. */
static int device_get(void)
{
	if (device_next == q.avail->idx)
		return -1;
	return q.avail->ring[device_next++ % SIZE];
}

static void device_put(uint32_t id, uint32_t len)
{
	volatile struct virtq_used_entry *e = &q.used->ring[q.used->idx % SIZE];

	e->id = id;
	e->len = len;
	q.used->idx++;
}

static const struct virtq_buffer buffers[3] = {
    {0x1000, 10}, {0x2000, 20}, {0x3000, 30}};
static int cookies[SIZE];

static void test_layout(void)
{
	/* virtio 1.1, 2.6: 16, 2 and 8 bytes a descriptor, 6 more a ring. */
	check(virtq_bytes(8, 4) == 152 + 70, "the size of a modern queue");
	check(virtq_bytes(8, 4096) == 4096 + 70, "of a legacy one");
}

static void test_chain(void)
{
	uint32_t written = 0;
	int id;

	start();
	check(virtq_is_idle(&q), "a new queue is idle");
	check(!virtq_take(&q, &written), "nothing to take");
	check(virtq_add(&q, buffers, 1, 2, &cookies[0]) == 0, "a chain of 3");
	check(device_get() == -1, "not seen before it is published");
	check(virtq_publish(&q), "the device wants to know");
	check(!virtq_publish(&q), "once");
	id = device_get();
	check(id >= 0 && q.desc[id].addr == 0x1000 && q.desc[id].len == 10 &&
		  q.desc[id].flags == 1,
	      "the first descriptor");
	id = q.desc[id].next;
	check(q.desc[id].addr == 0x2000 && q.desc[id].flags == 3,
	      "the second, for the device to write");
	id = q.desc[id].next;
	check(q.desc[id].addr == 0x3000 && q.desc[id].flags == 2, "the last");
	device_put(q.avail->ring[0], 50);
	check(virtq_take(&q, &written) == &cookies[0] && written == 50,
	      "it comes back");
	check(virtq_is_idle(&q) && !q.broken, "idle again");
}

static void test_full(void)
{
	uint32_t written;

	start();
	for (int i = 0; i < SIZE; i++)
		virtq_add(&q, buffers, 1, 0, &cookies[i]);
	check(virtq_add(&q, buffers, 1, 0, &cookies[0]) == -ENOSPC,
	      "a full queue");
	q.used->flags = 1;
	check(!virtq_publish(&q), "a device that isn't to be notified");
	/* Out of order. */
	for (int i = SIZE - 1; i >= 0; i--)
		device_put(q.avail->ring[i], 0);
	check(virtq_take(&q, &written) == &cookies[SIZE - 1], "last first");
	check(virtq_add(&q, buffers, 1, 1, &cookies[0]) == -ENOSPC,
	      "two don't fit in one");
	check(virtq_want_interrupts(&q), "more is there already");
	for (int i = SIZE - 2; i >= 0; i--)
		virtq_take(&q, &written);
	check(virtq_is_idle(&q) && !virtq_want_interrupts(&q), "then no more");
}

/* Many turns, so that the indices wrap. */
static void test_turns(void)
{
	unsigned bad = 0, out = 0;
	uint32_t written;
	int held[SIZE], n = 0;

	start();
	for (int i = 0; i < 200000; i++) {
		unsigned count = 1 + random_below(2);

		if (virtq_add(&q, buffers, 1, count - 1, &cookies[0]) == 0) {
			virtq_publish(&q);
			held[n++] = device_get();
			out++;
		}
		if (n && random_below(2)) {
			unsigned which = random_below((unsigned)n);

			device_put((uint32_t)held[which], 0);
			held[which] = held[--n];
			bad += virtq_take(&q, &written) != &cookies[0];
		}
	}
	check(bad == 0 && !q.broken && out > 65536, "%u chains", out);
}

static void breaks(const char *name)
{
	uint32_t written;

	check(!virtq_take(&q, &written) && q.broken &&
		  virtq_add(&q, buffers, 1, 0, &cookies[0]) == -EIO,
	      "%s", name);
	start();
	virtq_add(&q, buffers, 1, 1, &cookies[0]);
	virtq_publish(&q);
}

static void test_hostile(void)
{
	start();
	device_put(0, 0);
	breaks("used before anything was offered");
	device_put(SIZE, 0);
	breaks("an index beyond the queue");
	device_put(UINT32_MAX, 0);
	breaks("far beyond it");
	device_put(q.avail->ring[0], 21);
	breaks("more written than there was room");
	device_put(q.desc[q.avail->ring[0]].next, 0);
	breaks("not the head of a chain");
	q.used->idx = 3;
	breaks("more used than offered");
	q.desc[q.avail->ring[0]].next = 0xffff;
	q.desc[q.avail->ring[0]].flags = 0xffff;
	device_put(q.avail->ring[0], 20);
	{
		uint32_t written;

		check(virtq_take(&q, &written) == &cookies[0] &&
			  virtq_is_idle(&q),
		      "changed descriptors change nothing");
	}
}

int main(void)
{
	test_layout();
	test_chain();
	test_full();
	test_turns();
	test_hostile();
	return check_done();
}
