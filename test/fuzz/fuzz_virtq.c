/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of virtqueues (dev/virtio/ring.c) against a hostile device: the input
 * says by turns what the driver does and which bytes of the shared memory the
 * device writes.  Whatever it does, the driver gets back only what it offered,
 * once, with no more bytes than there was room.
 */
#include <stdlib.h>
#include <string.h>

#include "dev/virtio/ring.h"
#include "halvm/abi/errno.h"

#define SIZE 8
#define ALIGN 64
#define MEMORY 1024

enum {
	DRIVER_ADD,
	DRIVER_PUBLISH,
	DRIVER_TAKE,
	DRIVER_ASK,
	DEVICE_WRITE,
	DEVICE_USE,
	ACTIONS
};

static struct virtq q;
static struct virtq_slot slots[SIZE];
static struct {
	char bytes[MEMORY] __attribute__((__aligned__(64)));
} shared;

/* What the driver has offered: its cookie is its place here. */
static struct {
	int used;
	uint32_t writable;
} offered[SIZE];

static void add(uint8_t how)
{
	unsigned out = how & 3, in = how >> 2 & 3, i = 0;
	struct virtq_buffer buffers[6];
	uint32_t writable = 0;

	while (i < SIZE && offered[i].used)
		i++;
	for (unsigned k = 0; k < out + in; k++) {
		buffers[k] = (struct virtq_buffer){0x1000 * k, how};
		writable += k >= out ? how : 0;
	}
	if (i == SIZE) {
		if (virtq_add(&q, buffers, out, in, &offered[0]) == 0)
			abort();
		return;
	}
	if (virtq_add(&q, buffers, out, in, &offered[i]) == 0) {
		offered[i].used = 1;
		offered[i].writable = writable;
	}
}

static void take(void)
{
	uint32_t written;
	void *cookie = virtq_take(&q, &written);
	size_t i;

	if (!cookie)
		return;
	i = (size_t)((char *)cookie - (char *)offered) / sizeof(*offered);
	if (i >= SIZE || !offered[i].used || written > offered[i].writable)
		abort();
	offered[i].used = 0;
}

/* The device says in two bytes what it used. */
static void use(uint8_t id, uint8_t len)
{
	volatile struct virtq_used_entry *e = &q.used->ring[q.used->idx % SIZE];

	e->id = id % (SIZE + 1);
	e->len = len;
	q.used->idx++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (virtq_bytes(SIZE, ALIGN) > MEMORY)
		abort();
	memset(offered, 0, sizeof(offered));
	virtq_init(&q, SIZE, ALIGN, shared.bytes, slots);
	for (; size >= 3; data += 3, size -= 3) {
		switch (data[0] % ACTIONS) {
		case DRIVER_ADD:
			add(data[1]);
			break;
		case DRIVER_PUBLISH:
			virtq_publish(&q);
			break;
		case DRIVER_TAKE:
			take();
			break;
		case DRIVER_ASK:
			virtq_want_interrupts(&q);
			break;
		case DEVICE_WRITE:
			shared.bytes[(data[0] / ACTIONS * 256U + data[1]) %
				     MEMORY] = (char)data[2];
			break;
		case DEVICE_USE:
			use(data[1], data[2]);
			break;
		}
		if (q.free_count > SIZE)
			abort();
	}
	return 0;
}
