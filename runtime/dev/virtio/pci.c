/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci.c - virtio over PCI (virtio 1.1, 4.1): the modern interface, which
 * transitional devices have too.
 */
#include "dev/pci/pci.h"

#include "arch/io.h"
#include "dev/pci/irq.h"
#include "dev/virtio/virtio.h"
#include "halvm/abi/errno.h"

#define VENDOR_VIRTIO 0x1af4 /* 4.1.2 */
#define DEVICE_TRANSITIONAL 0x1000
#define DEVICE_MODERN 0x1040
#define DEVICE_LAST 0x107f

enum { /* struct virtio_pci_cap, 4.1.4 */
       CAP_TYPE = 3,
       CAP_BAR = 4,
       CAP_OFFSET = 8,
       CAP_LENGTH = 12,
       CAP_SIZE = 16,
       CAP_MULTIPLIER = 16, /* 4.1.4.4 */
       CAP_NOTIFY_SIZE = 20,
};

enum { CAP_COMMON = 1, CAP_NOTIFY = 2, CAP_ISR = 3 };

enum { /* struct virtio_pci_common_cfg, 4.1.4.3 */
       DEVICE_FEATURE_SELECT = 0,
       DEVICE_FEATURE = 4,
       DRIVER_FEATURE_SELECT = 8,
       DRIVER_FEATURE = 12,
       MSIX_CONFIG = 16,
       DEVICE_STATUS = 20,
       QUEUE_SELECT = 22,
       QUEUE_SIZE = 24,
       QUEUE_MSIX_VECTOR = 26,
       QUEUE_ENABLE = 28,
       QUEUE_NOTIFY_OFF = 30,
       QUEUE_DESC = 32,
       QUEUE_DRIVER = 40,
       QUEUE_DEVICE = 48,
       COMMON_SIZE = 56,
};

#define NO_VECTOR 0xffff /* 4.1.5.1.2 */
#define MODERN_ALIGN 4	 /* 2.6 */
/* Of the notification area, what is mapped at most. */
#define NOTIFY_MAX 0x4000
/* 4.1.4.3.2: a reset ends when 0 is read; looks before it is given up. */
#define RESET_LOOKS_MAX 1000000

static uint8_t pci_status(struct virtio *v)
{
	return mmio_in8(v->regs + DEVICE_STATUS);
}

static void pci_set_status(struct virtio *v, uint8_t status)
{
	mmio_out8(v->regs + DEVICE_STATUS, status);
	for (unsigned i = 0; status == 0 && i < RESET_LOOKS_MAX; i++)
		if (pci_status(v) == 0)
			break;
}

static uint64_t pci_features(struct virtio *v)
{
	uint64_t low, high;

	mmio_out32(v->regs + DEVICE_FEATURE_SELECT, 0);
	low = mmio_in32(v->regs + DEVICE_FEATURE);
	mmio_out32(v->regs + DEVICE_FEATURE_SELECT, 1);
	high = mmio_in32(v->regs + DEVICE_FEATURE);
	return high << 32 | low;
}

static void pci_accept(struct virtio *v, uint64_t features)
{
	mmio_out32(v->regs + DRIVER_FEATURE_SELECT, 0);
	mmio_out32(v->regs + DRIVER_FEATURE, (uint32_t)features);
	mmio_out32(v->regs + DRIVER_FEATURE_SELECT, 1);
	mmio_out32(v->regs + DRIVER_FEATURE, (uint32_t)(features >> 32));
}

static unsigned pci_queue_max(struct virtio *v, unsigned i)
{
	mmio_out16(v->regs + QUEUE_SELECT, (uint16_t)i);
	return mmio_in16(v->regs + QUEUE_SIZE);
}

static void out64(struct virtio *v, unsigned reg, uint64_t value)
{
	mmio_out32(v->regs + reg, (uint32_t)value);
	mmio_out32(v->regs + reg + 4, (uint32_t)(value >> 32));
}

/* Where queue i, the selected one, is notified; false: not in what we map. */
static bool notify_place(struct virtio *v, size_t *place)
{
	*place = (size_t)mmio_in16(v->regs + QUEUE_NOTIFY_OFF) *
		 v->notify_multiplier;
	return *place <= v->notify_size - sizeof(uint16_t) && *place % 2 == 0;
}

static bool has_msix(const struct virtio *v)
{
	return v->pci_irq.kind == PCI_IRQ_MSIX;
}

static int pci_queue_setup(struct virtio *v, unsigned i,
			   const struct virtio_queue_place *place)
{
	mmio_out16(v->regs + QUEUE_SELECT, (uint16_t)i);
	if (!notify_place(v, &v->notify_at[i]))
		return -ENODEV;
	mmio_out16(v->regs + QUEUE_SIZE, (uint16_t)place->size);
	if (has_msix(v)) {
		mmio_out16(v->regs + QUEUE_MSIX_VECTOR, 0);
		if (mmio_in16(v->regs + QUEUE_MSIX_VECTOR) == NO_VECTOR)
			return -ENOSPC;
	}
	out64(v, QUEUE_DESC, place->desc);
	out64(v, QUEUE_DRIVER, place->avail);
	out64(v, QUEUE_DEVICE, place->used);
	mmio_out16(v->regs + QUEUE_ENABLE, 1);
	return 0;
}

/* One vector for all, or the line: virtio knows no MSI (4.1.5.1.2). */
static int pci_interrupt(struct virtio *v, void (*fn)(void *), void *argument)
{
	int r =
	    pci_irq_open(&v->pci_irq, &v->pci, PCI_IRQ_MSIX | PCI_IRQ_LINE, 1);

	if (r < 0)
		return r;
	if (has_msix(v))
		mmio_out16(v->regs + MSIX_CONFIG, NO_VECTOR);
	pci_irq_attach(&v->pci_irq, 0, fn, argument);
	return 0;
}

/* Reading the ISR status takes the line back (4.1.4.5). */
static bool pci_acknowledge(struct virtio *v)
{
	return has_msix(v) || mmio_in8(v->isr);
}

static void pci_notify(struct virtio *v, unsigned i)
{
	mmio_out16(v->notify + v->notify_at[i], (uint16_t)i);
}

static const struct virtio_transport transport = {
    .status = pci_status,
    .set_status = pci_set_status,
    .features = pci_features,
    .accept = pci_accept,
    .queue_max = pci_queue_max,
    .queue_setup = pci_queue_setup,
    .interrupt = pci_interrupt,
    .acknowledge = pci_acknowledge,
    .notify = pci_notify,
};

/* The structure that the capability at `at` tells of; NULL: it can't be. */
static volatile char *map(const struct pci_function *f, unsigned at,
			  size_t align, size_t min, size_t max, size_t *size)
{
	uint32_t offset = pci_in32(f->address, at + CAP_OFFSET);
	uint32_t length = pci_in32(f->address, at + CAP_LENGTH);
	struct pci_bar bar;

	if (length < min || offset % align ||
	    !pci_bar(f, pci_in8(f->address, at + CAP_BAR), &bar) ||
	    offset > bar.size || length > bar.size - offset)
		return NULL;
	*size = length < max ? length : max;
	return pci_map(&bar, offset, *size);
}

/* The first of each kind that can be counts (4.1.4.1). */
static void take_capability(struct virtio *v, unsigned at)
{
	uint32_t address = v->pci.address;
	size_t size;

	switch (pci_in8(address, at + CAP_TYPE)) {
	case CAP_COMMON:
		if (!v->regs)
			v->regs = map(&v->pci, at, 4, COMMON_SIZE, COMMON_SIZE,
				      &size);
		break;
	case CAP_NOTIFY:
		if (v->notify || at > PCI_CONFIG_SIZE - CAP_NOTIFY_SIZE)
			break;
		v->notify = map(&v->pci, at, 2, sizeof(uint16_t), NOTIFY_MAX,
				&v->notify_size);
		v->notify_multiplier = pci_in32(address, at + CAP_MULTIPLIER);
		break;
	case CAP_ISR:
		if (!v->isr)
			v->isr = map(&v->pci, at, 1, 1, 1, &size);
		break;
	}
}

static unsigned device_type(const struct pci_function *f)
{
	if (f->vendor != VENDOR_VIRTIO || f->device < DEVICE_TRANSITIONAL ||
	    f->device > DEVICE_LAST)
		return 0;
	if (f->device >= DEVICE_MODERN)
		return f->device - DEVICE_MODERN;
	/* Transitional: the subsystem's number (4.1.2.3). */
	return f->subsystem;
}

bool virtio_pci_probe(struct virtio *v, const struct bus_device *device)
{
	struct pci_capabilities c;
	unsigned at;

	*v = (struct virtio){
	    .transport = &transport, .bus = *device, .align = MODERN_ALIGN};
	if (device->kind != BUS_PCI ||
	    !pci_identify((uint32_t)device->base, &v->pci))
		return false;
	v->id = device_type(&v->pci);
	if (v->id == 0 ||
	    pci_enable(&v->pci, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER))
		return false;
	pci_capabilities_start(&c, &v->pci);
	while ((at = pci_capabilities_next(&c, PCI_CAP_VENDOR, CAP_SIZE)))
		take_capability(v, at);
	return v->regs && v->notify && v->isr;
}
