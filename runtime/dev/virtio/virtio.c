/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * virtio.c - what all virtio devices have in common: the order of the start
 * (virtio 1.1, 3.1.1).
 */
#include "dev/virtio/virtio.h"

#include "core/heap.h"
#include "core/pages.h"
#include "halvm/abi/errno.h"

static void add_status(struct virtio *v, uint8_t bit)
{
	v->transport->set_status(v, (uint8_t)(v->transport->status(v) | bit));
}

int virtio_begin(struct virtio *v, uint64_t wanted)
{
	const struct virtio_transport *t = v->transport;

	t->set_status(v, 0);
	add_status(v, VIRTIO_ACKNOWLEDGE);
	add_status(v, VIRTIO_DRIVER);
	if (!v->legacy)
		wanted |= VIRTIO_F_VERSION_1;
	v->features = t->features(v) & wanted;
	t->accept(v, v->features);
	if (v->legacy)
		return 0;
	/* 6.1: a modern driver insists; 3.1.1, step 6. */
	if (v->features & VIRTIO_F_VERSION_1) {
		add_status(v, VIRTIO_FEATURES_OK);
		if (t->status(v) & VIRTIO_FEATURES_OK)
			return 0;
	}
	virtio_fail(v);
	return -ENODEV;
}

/* A power of 2 (2.6) that the device can do and that fits in the page. */
static unsigned queue_size(const struct virtio *v, unsigned device_max,
			   unsigned max)
{
	unsigned size = 1;

	if (device_max > VIRTQ_SIZE_MAX)
		device_max = VIRTQ_SIZE_MAX;
	while (size * 2 <= device_max && size * 2 <= max &&
	       virtq_bytes(size * 2, v->align) <= PAGE_SIZE)
		size *= 2;
	return size;
}

int virtio_queue(struct virtio *v, unsigned i, unsigned max, struct virtq *q,
		 struct virtio_space *space)
{
	unsigned device_max = v->transport->queue_max(v, i), size;
	struct virtio_queue_place place;
	struct virtq_slot *slots;
	size_t bytes;
	phys_t page;
	char *memory;

	if (device_max == 0 || i >= VIRTIO_QUEUES_MAX)
		return -ENODEV;
	size = queue_size(v, device_max, max);
	slots = heap_alloc(size * sizeof(*slots));
	page = slots ? pages_alloc(0, PAGES_ZERO) : 0;
	if (!page) {
		heap_free(slots);
		return -ENOMEM;
	}
	memory = phys_to_virt(page);
	virtq_init(q, size, v->align, memory, slots);
	q->index = (uint16_t)i;
	place = (struct virtio_queue_place){
	    .size = size,
	    .desc = page,
	    .avail = page + (uint64_t)((char *)q->avail - memory),
	    .used = page + (uint64_t)((volatile char *)q->used - memory),
	};
	bytes = (virtq_bytes(size, v->align) + 63) & ~63UL;
	*space = (struct virtio_space){memory + bytes, page + bytes,
				       PAGE_SIZE - bytes};
	return v->transport->queue_setup(v, i, &place);
}

int virtio_interrupt(struct virtio *v, void (*fn)(void *), void *argument)
{
	int error = 0;

	/* Once: a line can't be let go. */
	if (!v->interrupt_set)
		error = v->transport->interrupt(v, fn, argument);
	v->interrupt_set = !error;
	return error;
}

void virtio_go(struct virtio *v)
{
	add_status(v, VIRTIO_DRIVER_OK);
}

void virtio_fail(struct virtio *v)
{
	add_status(v, VIRTIO_FAILED);
}
