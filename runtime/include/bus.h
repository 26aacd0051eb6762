/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bus.h - a device as a driver finds it: where its registers are, which
 * interrupt it has, what memory it may touch.
 */
#ifndef RUNTIME_BUS_H
#define RUNTIME_BUS_H

#include <stddef.h>
#include <stdint.h>

enum bus_kind { BUS_PORTS, BUS_MMIO, BUS_PCI };

struct bus_device {
	enum bus_kind kind;
	uint64_t base; /* first port, or physical address; PCI: bus/dev/fn */
	uint64_t size;
	unsigned irq; /* for platform_irq_attach */
};

#endif
