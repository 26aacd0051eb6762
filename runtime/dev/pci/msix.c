/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * msix.c - MSI-X (PCI 3.0, 6.8.2): a table of messages in a BAR, each with a
 * mask bit of its own.
 */
#include "arch/io.h"
#include "dev/pci/message.h"
#include "halvm/abi/errno.h"
#include "platform.h"

enum { /* in the capability */
       MSIX_CONTROL = 2,
       MSIX_TABLE = 4,
       MSIX_PENDING = 8,
       MSIX_SIZE = 12,
};

#define CONTROL_ENABLE 0x8000
#define CONTROL_MASK_ALL 0x4000
#define CONTROL_TABLE_SIZE 0x07ff /* less 1 */
#define PLACE_BAR 7U		  /* the rest of the word is the offset */

enum { /* an entry of the table */
       ENTRY_ADDRESS = 0,
       ENTRY_ADDRESS_HIGH = 4,
       ENTRY_DATA = 8,
       ENTRY_CONTROL = 12,
       ENTRY_SIZE = 16,
};

#define ENTRY_MASKED 1U

/* The table, or the bits of what is pending: where it is, in which BAR. */
struct place {
	unsigned bar;
	uint64_t start, end;
};

static struct place read_place(const struct pci_irq *irq, unsigned reg,
			       unsigned size)
{
	uint32_t word = pci_in32(irq->function.address, irq->at + reg);
	uint32_t start = word & ~PLACE_BAR;

	return (struct place){word & PLACE_BAR, start, (uint64_t)start + size};
}

/* Maps the table, if it and the pending bits can be where they say. */
static volatile char *map_table(const struct pci_irq *irq, unsigned entries)
{
	struct place table = read_place(irq, MSIX_TABLE, entries * ENTRY_SIZE);
	struct place pending =
	    read_place(irq, MSIX_PENDING, (entries + 63) / 64 * 8);
	struct pci_bar bar;

	if (table.bar == pending.bar && table.start < pending.end &&
	    pending.start < table.end)
		return NULL;
	if (!pci_bar(&irq->function, pending.bar, &bar) || bar.ports ||
	    pending.end > bar.size)
		return NULL;
	if (!pci_bar(&irq->function, table.bar, &bar))
		return NULL;
	return pci_map(&bar, table.start, entries * ENTRY_SIZE);
}

static void write_entry(volatile char *entry, uint64_t address, uint32_t data)
{
	mmio_out32(entry + ENTRY_ADDRESS, (uint32_t)address);
	mmio_out32(entry + ENTRY_ADDRESS_HIGH, (uint32_t)(address >> 32));
	mmio_out32(entry + ENTRY_DATA, data);
}

static void mask_entry(volatile char *entry, bool masked)
{
	uint32_t control = mmio_in32(entry + ENTRY_CONTROL) & ~ENTRY_MASKED;

	if (masked)
		control |= ENTRY_MASKED;
	mmio_out32(entry + ENTRY_CONTROL, control);
}

static void set_control(const struct pci_irq *irq, uint16_t clear, uint16_t set)
{
	uint32_t address = irq->function.address;
	uint16_t control = pci_in16(address, irq->at + MSIX_CONTROL);

	control &= (uint16_t)~clear;
	pci_out16(address, irq->at + MSIX_CONTROL, control | set);
}

int pci_msix_open(struct pci_irq *irq, unsigned wanted)
{
	unsigned entries;
	int error = 0;

	irq->at = pci_capability(&irq->function, PCI_CAP_MSIX, MSIX_SIZE);
	if (!irq->at)
		return -ENODEV;
	/* Off, with all masked: the table is ours while it is written. */
	set_control(irq, CONTROL_ENABLE, CONTROL_MASK_ALL);
	entries = (pci_in16(irq->function.address, irq->at + MSIX_CONTROL) &
		   CONTROL_TABLE_SIZE) +
		  1;
	irq->table = map_table(irq, entries);
	if (!irq->table || pci_enable(&irq->function, PCI_COMMAND_MEMORY))
		return -ENODEV;
	for (unsigned i = 0; i < entries; i++)
		mask_entry(irq->table + i * ENTRY_SIZE, true);
	if (wanted > entries)
		wanted = entries;
	while (irq->count < wanted && !error) {
		unsigned i = irq->count;
		uint64_t address;
		uint32_t data;

		error = platform_msi_attach(pci_vector_handler, &irq->vector[i],
					    &address, &data);
		if (error)
			break;
		write_entry(irq->table + i * ENTRY_SIZE, address, data);
		irq->count++;
	}
	if (!irq->count)
		return error;
	set_control(irq, CONTROL_MASK_ALL, CONTROL_ENABLE);
	return (int)irq->count;
}

void pci_msix_mask(struct pci_irq *irq, unsigned vector, bool masked)
{
	mask_entry(irq->table + vector * ENTRY_SIZE, masked);
}

void pci_msix_mask_all(struct pci_irq *irq, bool masked)
{
	set_control(irq, masked ? 0 : CONTROL_MASK_ALL,
		    masked ? CONTROL_MASK_ALL : 0);
}
