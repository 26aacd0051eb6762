/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mmio.c - virtio over MMIO (virtio 1.1, 4.2), modern and legacy (4.2.4).
 */
#include "arch/io.h"
#include "arch/page.h"
#include "dev/virtio/virtio.h"
#include "halvm/abi/errno.h"
#include "platform.h"

enum { /* 4.2.2; those with (l) of the legacy interface only */
       MAGIC = 0x000,
       VERSION = 0x004,
       DEVICE_ID = 0x008,
       DEVICE_FEATURES = 0x010,
       DEVICE_FEATURES_SEL = 0x014,
       DRIVER_FEATURES = 0x020,
       DRIVER_FEATURES_SEL = 0x024,
       GUEST_PAGE_SIZE = 0x028, /* (l) */
       QUEUE_SEL = 0x030,
       QUEUE_NUM_MAX = 0x034,
       QUEUE_NUM = 0x038,
       QUEUE_ALIGN = 0x03c, /* (l) */
       QUEUE_PFN = 0x040,   /* (l) */
       QUEUE_READY = 0x044,
       QUEUE_NOTIFY = 0x050,
       INTERRUPT_STATUS = 0x060,
       INTERRUPT_ACK = 0x064,
       STATUS = 0x070,
       QUEUE_DESC_LOW = 0x080,
       QUEUE_DESC_HIGH = 0x084,
       QUEUE_DRIVER_LOW = 0x090,
       QUEUE_DRIVER_HIGH = 0x094,
       QUEUE_DEVICE_LOW = 0x0a0,
       QUEUE_DEVICE_HIGH = 0x0a4,
       CONFIG = 0x100,
};

#define MAGIC_VALUE 0x74726976U /* "virt" */
#define VERSION_LEGACY 1
#define VERSION_MODERN 2
/* Any power of 2 will do; this keeps queue and buffers in one page. */
#define LEGACY_ALIGN 64
/* 2.6: the used ring of a modern device. */
#define MODERN_ALIGN 4

static uint32_t in(const struct virtio *v, unsigned reg)
{
	return mmio_in32(v->regs + reg);
}

static void out(struct virtio *v, unsigned reg, uint32_t value)
{
	mmio_out32(v->regs + reg, value);
}

static uint8_t mmio_status(struct virtio *v)
{
	return (uint8_t)in(v, STATUS);
}

static void mmio_set_status(struct virtio *v, uint8_t status)
{
	out(v, STATUS, status);
	if (status == 0 && v->legacy)
		out(v, GUEST_PAGE_SIZE, PAGE_SIZE);
}

static uint64_t mmio_features(struct virtio *v)
{
	uint64_t low, high;

	out(v, DEVICE_FEATURES_SEL, 0);
	low = in(v, DEVICE_FEATURES);
	if (v->legacy)
		return low;
	out(v, DEVICE_FEATURES_SEL, 1);
	high = in(v, DEVICE_FEATURES);
	return high << 32 | low;
}

static void mmio_accept(struct virtio *v, uint64_t features)
{
	out(v, DRIVER_FEATURES_SEL, 0);
	out(v, DRIVER_FEATURES, (uint32_t)features);
	if (v->legacy)
		return;
	out(v, DRIVER_FEATURES_SEL, 1);
	out(v, DRIVER_FEATURES, (uint32_t)(features >> 32));
}

static unsigned mmio_queue_max(struct virtio *v, unsigned i)
{
	out(v, QUEUE_SEL, i);
	/* In use already? Not after a reset. */
	if (in(v, v->legacy ? QUEUE_PFN : QUEUE_READY))
		return 0;
	return in(v, QUEUE_NUM_MAX);
}

static void out64(struct virtio *v, unsigned reg_low, uint64_t value)
{
	out(v, reg_low, (uint32_t)value);
	out(v, reg_low + 4, (uint32_t)(value >> 32));
}

static int mmio_queue_setup(struct virtio *v, unsigned i,
			    const struct virtio_queue_place *place)
{
	out(v, QUEUE_SEL, i);
	out(v, QUEUE_NUM, place->size);
	if (v->legacy) {
		if (place->desc / PAGE_SIZE > UINT32_MAX)
			return -ENOMEM;
		out(v, QUEUE_ALIGN, (uint32_t)v->align);
		out(v, QUEUE_PFN, (uint32_t)(place->desc / PAGE_SIZE));
		return 0;
	}
	out64(v, QUEUE_DESC_LOW, place->desc);
	out64(v, QUEUE_DRIVER_LOW, place->avail);
	out64(v, QUEUE_DEVICE_LOW, place->used);
	out(v, QUEUE_READY, 1);
	return 0;
}

static int mmio_interrupt(struct virtio *v, void (*fn)(void *), void *argument)
{
	return platform_irq_attach(v->bus.irq, fn, argument);
}

static bool mmio_acknowledge(struct virtio *v)
{
	uint32_t pending = in(v, INTERRUPT_STATUS);

	if (pending)
		out(v, INTERRUPT_ACK, pending);
	return pending;
}

static void mmio_notify(struct virtio *v, unsigned i)
{
	out(v, QUEUE_NOTIFY, i);
}

static const struct virtio_transport transport = {
    .status = mmio_status,
    .set_status = mmio_set_status,
    .features = mmio_features,
    .accept = mmio_accept,
    .queue_max = mmio_queue_max,
    .queue_setup = mmio_queue_setup,
    .interrupt = mmio_interrupt,
    .acknowledge = mmio_acknowledge,
    .notify = mmio_notify,
};

bool virtio_mmio_probe(struct virtio *v, const struct bus_device *device)
{
	uint32_t version;

	*v = (struct virtio){.transport = &transport, .bus = *device};
	if (device->kind != BUS_MMIO || device->size < CONFIG)
		return false;
	v->regs = page_map_device(device->base, device->size);
	if (in(v, MAGIC) != MAGIC_VALUE)
		return false;
	version = in(v, VERSION);
	if (version != VERSION_LEGACY && version != VERSION_MODERN)
		return false;
	v->legacy = version == VERSION_LEGACY;
	v->align = v->legacy ? LEGACY_ALIGN : MODERN_ALIGN;
	v->id = in(v, DEVICE_ID);
	return v->id != 0;
}
