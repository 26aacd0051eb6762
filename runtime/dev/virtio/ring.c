/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ring.c - split virtqueues.
 */
#include "dev/virtio/ring.h"

#include "arch/io.h"
#include "halvm/abi/errno.h"
#include "lib/string.h"

#define DESC_NEXT 1U	      /* 2.6.5 */
#define DESC_WRITE 2U	      /* for the device */
#define AVAIL_NO_INTERRUPT 1U /* 2.6.7 */
#define USED_NO_NOTIFY 1U     /* 2.6.10 */
#define USED_ALIGN_MIN 4      /* 2.6 */
#define NO_SLOT UINT16_MAX

/* Each ring has one more word behind it, for VIRTIO_F_EVENT_IDX (2.6.6). */
static size_t avail_bytes(unsigned size)
{
	return sizeof(struct virtq_avail) + (size + 1) * sizeof(uint16_t);
}

static size_t used_bytes(unsigned size)
{
	return sizeof(struct virtq_used) +
	       size * sizeof(struct virtq_used_entry) + sizeof(uint16_t);
}

static size_t used_offset(unsigned size, size_t align)
{
	size_t at = size * sizeof(struct virtq_desc) + avail_bytes(size);

	if (align < USED_ALIGN_MIN)
		align = USED_ALIGN_MIN;
	return (at + align - 1) & ~(align - 1);
}

size_t virtq_bytes(unsigned size, size_t align)
{
	return used_offset(size, align) + used_bytes(size);
}

void virtq_init(struct virtq *q, unsigned size, size_t align, void *memory,
		struct virtq_slot *slots)
{
	char *at = memory;

	memset(memory, 0, virtq_bytes(size, align));
	memset(slots, 0, size * sizeof(*slots));
	*q = (struct virtq){
	    .size = (uint16_t)size,
	    .free_count = (uint16_t)size,
	    .desc = memory,
	    .avail = (void *)(at + size * sizeof(struct virtq_desc)),
	    .used = (void *)(at + used_offset(size, align)),
	    .slots = slots,
	};
	for (unsigned i = 0; i < size; i++)
		slots[i].next = (uint16_t)(i + 1 < size ? i + 1 : NO_SLOT);
}

int virtq_add(struct virtq *q, const struct virtq_buffer *buffers, unsigned out,
	      unsigned in, void *cookie)
{
	unsigned n = out + in;
	uint16_t head = q->free, at = head;
	uint64_t writable = 0;

	if (q->broken)
		return -EIO;
	if (n == 0 || n > q->free_count)
		return -ENOSPC;
	for (unsigned i = 0; i < n; i++) {
		struct virtq_desc *d = &q->desc[at];
		uint16_t next = q->slots[at].next;

		d->addr = buffers[i].addr;
		d->len = buffers[i].size;
		d->flags = (uint16_t)((i + 1 < n ? DESC_NEXT : 0) |
				      (i >= out ? DESC_WRITE : 0));
		d->next = i + 1 < n ? next : 0;
		writable += i >= out ? buffers[i].size : 0;
		if (i + 1 < n)
			at = next;
		else
			q->free = next;
	}
	q->free_count = (uint16_t)(q->free_count - n);
	q->slots[head].cookie = cookie;
	q->slots[head].count = (uint16_t)n;
	q->slots[head].writable =
	    writable > UINT32_MAX ? UINT32_MAX : (uint32_t)writable;
	q->avail->ring[q->next_avail++ & (q->size - 1)] = head;
	return 0;
}

bool virtq_publish(struct virtq *q)
{
	if (q->broken || q->next_avail == q->published)
		return false;
	io_write_barrier(); /* 2.6.13.2 */
	*(volatile uint16_t *)&q->avail->idx = q->next_avail;
	q->published = q->next_avail;
	io_full_barrier(); /* 2.6.13.4.1 */
	return !(q->used->flags & USED_NO_NOTIFY);
}

/* Gives the descriptors of a chain back. */
static void release(struct virtq *q, uint16_t head)
{
	struct virtq_slot *slot = &q->slots[head];
	uint16_t last = head;

	for (unsigned i = 1; i < slot->count; i++)
		last = q->slots[last].next;
	q->slots[last].next = q->free;
	q->free = head;
	q->free_count = (uint16_t)(q->free_count + slot->count);
	slot->count = 0;
	slot->cookie = NULL;
}

void *virtq_take(struct virtq *q, uint32_t *written)
{
	uint16_t ready = (uint16_t)(q->used->idx - q->next_used);
	volatile struct virtq_used_entry *entry;
	struct virtq_slot *slot;
	uint32_t id, len;
	void *cookie;

	if (ready == 0 || q->broken)
		return NULL;
	q->broken = true; /* until all is found to be right */
	/* No more chains can be used than the device has. */
	if (ready > q->size - q->free_count)
		return NULL;
	io_read_barrier();
	entry = &q->used->ring[q->next_used & (q->size - 1)];
	id = entry->id;
	len = entry->len;
	if (id >= q->size)
		return NULL;
	slot = &q->slots[id];
	if (slot->count == 0 || len > slot->writable)
		return NULL;
	q->broken = false;
	q->next_used++;
	cookie = slot->cookie;
	release(q, (uint16_t)id);
	*written = len;
	return cookie;
}

bool virtq_want_interrupts(struct virtq *q)
{
	*(volatile uint16_t *)&q->avail->flags = 0;
	io_full_barrier(); /* 2.6.7.1: look again afterwards */
	return !q->broken && q->used->idx != q->next_used;
}

void virtq_no_interrupts(struct virtq *q)
{
	*(volatile uint16_t *)&q->avail->flags = AVAIL_NO_INTERRUPT;
}
