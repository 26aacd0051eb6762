/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * virtio.h - virtio devices behind their transports (virtio 1.1).
 *
 * A driver begins with virtio_begin, sets up the interrupt with
 * virtio_interrupt and its queues with virtio_queue, and ends with virtio_go
 * (3.1.1).  One interrupt serves all queues of a device.
 *
 * Reset and negotiation are for one thread at the start; virtio_notify and
 * virtio_acknowledge are for any context.
 */
#ifndef DEV_VIRTIO_VIRTIO_H
#define DEV_VIRTIO_VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bus.h"
#include "dev/pci/irq.h"
#include "dev/virtio/ring.h"

enum virtio_id { /* 5 */
		 VIRTIO_ID_NET = 1,
		 VIRTIO_ID_BLOCK = 2,
		 VIRTIO_ID_CONSOLE = 3,
		 VIRTIO_ID_ENTROPY = 4,
};

enum { /* device status, 2.1 */
       VIRTIO_ACKNOWLEDGE = 1,
       VIRTIO_DRIVER = 2,
       VIRTIO_DRIVER_OK = 4,
       VIRTIO_FEATURES_OK = 8,
       VIRTIO_FAILED = 128,
};

#define VIRTIO_QUEUES_MAX 6		/* of one device, that we use */
#define VIRTIO_F_VERSION_1 (1ULL << 32) /* 6 */

struct virtio;

/* Where the parts of a queue are; physical. */
struct virtio_queue_place {
	unsigned size;
	uint64_t desc, avail, used;
};

struct virtio_transport {
	uint8_t (*status)(struct virtio *v);
	/* 0 resets, and returns when the device has. */
	void (*set_status)(struct virtio *v, uint8_t status);
	uint64_t (*features)(struct virtio *v);
	void (*accept)(struct virtio *v, uint64_t features);
	/* Largest size of queue i, 0 if there is none such. */
	unsigned (*queue_max)(struct virtio *v, unsigned i);
	int (*queue_setup)(struct virtio *v, unsigned i,
			   const struct virtio_queue_place *place);
	/* fn is called in interrupt context; before the queues are set up. */
	int (*interrupt)(struct virtio *v, void (*fn)(void *), void *argument);
	/* False: this interrupt was another device's. */
	bool (*acknowledge)(struct virtio *v);
	void (*notify)(struct virtio *v, unsigned i);
};

struct virtio {
	const struct virtio_transport *transport;
	struct bus_device bus;
	unsigned id;	   /* enum virtio_id, 0: no device */
	bool legacy;	   /* 2.6.2, 4.2.4 */
	size_t align;	   /* of the used ring */
	uint64_t features; /* accepted */
	bool interrupt_set;
	volatile char *regs; /* MMIO: all; PCI: common configuration */
	/* PCI only */
	volatile char *notify, *isr;
	size_t notify_size;
	uint32_t notify_multiplier;
	size_t notify_at[VIRTIO_QUEUES_MAX];
	struct pci_function pci;
	struct pci_irq pci_irq; /* once there is an interrupt */
};

/* Fill in *v; false if no device that we can drive is there. */
bool virtio_mmio_probe(struct virtio *v, const struct bus_device *device);
bool virtio_pci_probe(struct virtio *v, const struct bus_device *device);

/* Resets it and accepts what it offers of `wanted`.  0 or -errno. */
int virtio_begin(struct virtio *v, uint64_t wanted);
/*
 * Sets up queue i with at most max descriptors, in a page of its own: what is
 * left of that page is the driver's, as *rest, physical *rest_phys, *left
 * bytes.  0, -ENODEV (there is no such queue), -ENOMEM.
 */
struct virtio_space {
	char *rest;
	uint64_t phys;
	size_t size;
};
int virtio_queue(struct virtio *v, unsigned i, unsigned max, struct virtq *q,
		 struct virtio_space *space);
int virtio_interrupt(struct virtio *v, void (*fn)(void *), void *argument);
void virtio_go(struct virtio *v);
void virtio_fail(struct virtio *v);

static inline bool virtio_acknowledge(struct virtio *v)
{
	return v->transport->acknowledge(v);
}

static inline void virtio_notify(struct virtio *v, const struct virtq *q)
{
	v->transport->notify(v, q->index);
}

#endif
