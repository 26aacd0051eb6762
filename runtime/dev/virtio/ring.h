/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ring.h - split virtqueues (virtio 1.1, 2.6), the driver's side.
 *
 * The device is not trusted: what it writes is copied once, checked against
 * what the driver itself remembers, and a queue whose device breaks the rules
 * is `broken` for good: it takes and gives nothing any more.
 *
 * The caller serialises all calls on one queue.  Addresses are physical, in
 * bytes.
 */
#ifndef DEV_VIRTIO_RING_H
#define DEV_VIRTIO_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the device sees (2.6.5, 2.6.6, 2.6.8); little-endian, as we are. */
struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

struct virtq_avail {
	uint16_t flags, idx;
	uint16_t ring[];
};

struct virtq_used_entry {
	uint32_t id, len;
};

struct virtq_used {
	uint16_t flags, idx;
	struct virtq_used_entry ring[];
};

/* What the driver remembers of a descriptor; nobody else writes it. */
struct virtq_slot {
	void *cookie;	   /* of a chain's head */
	uint32_t writable; /* bytes of the chain the device may write */
	uint16_t next;	   /* in the chain, or in the list of free ones */
	uint16_t count;	   /* descriptors of the chain; 0: not a head */
};

struct virtq {
	uint16_t size;	/* descriptors: a power of 2 */
	uint16_t index; /* of the queue in its device */
	uint16_t free, free_count;
	uint16_t next_avail, next_used; /* free running */
	uint16_t published;
	bool broken;
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	volatile struct virtq_used *used;
	struct virtq_slot *slots;
};

struct virtq_buffer {
	uint64_t addr;
	uint32_t size;
};

#define VIRTQ_SIZE_MAX 32768 /* 2.6 */

/*
 * Bytes of the three parts together, the used ring aligned to `align`, a power
 * of 2 (modern devices: 4; legacy ones: what they were told, 2.6.2).
 */
size_t virtq_bytes(unsigned size, size_t align);

/*
 * An empty queue of `size` descriptors in memory of virtq_bytes, aligned to 16
 * and to `align`, zeroed here; `slots` has `size` members.
 */
void virtq_init(struct virtq *q, unsigned size, size_t align, void *memory,
		struct virtq_slot *slots);

/*
 * Offers `out` buffers for the device to read, then `in` for it to write, as
 * one chain; cookie comes back with it and isn't NULL.  Not seen by the device
 * before virtq_publish.  0, -ENOSPC (not enough descriptors), -EIO (broken).
 */
int virtq_add(struct virtq *q, const struct virtq_buffer *buffers, unsigned out,
	      unsigned in, void *cookie);

/* Shows the device what was added; true if it wants to be notified. */
bool virtq_publish(struct virtq *q);

/*
 * The next chain the device is done with: its cookie, and how many bytes it
 * wrote (never more than were offered).  NULL if there is none, or broken.
 */
void *virtq_take(struct virtq *q, uint32_t *written);

/* Asks for interrupts; true if something is to be taken already. */
bool virtq_want_interrupts(struct virtq *q);
/* A hint: an interrupt may still come. */
void virtq_no_interrupts(struct virtq *q);

/* Chains that the device has. */
static inline bool virtq_is_idle(const struct virtq *q)
{
	return q->free_count == q->size;
}

#endif
