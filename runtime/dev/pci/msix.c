/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * msix.c - message-signalled interrupts (PCI 3.0, 6.8.2): one entry of the
 * table, for one function that is told of all.
 */
#include "arch/io.h"
#include "arch/page.h"
#include "dev/pci/pci.h"
#include "halvm/abi/errno.h"
#include "platform.h"

#define MSIX_CONTROL 2 /* in the capability */
#define MSIX_TABLE 4
#define CONTROL_ENABLE 0x8000
#define CONTROL_MASK_ALL 0x4000
#define TABLE_BAR 7U /* the rest of the word is the offset */

enum {
	ENTRY_ADDRESS = 0,
	ENTRY_ADDRESS_HIGH = 4,
	ENTRY_DATA = 8,
	ENTRY_CONTROL = 12,
	ENTRY_SIZE = 16,
};

static unsigned find_msix(uint32_t address)
{
	unsigned at = pci_next_capability(address, 0);

	for (unsigned n = 0; at && n < PCI_CAPABILITIES_MAX; n++) {
		if (pci_in8(address, at) == PCI_CAP_MSIX)
			return at;
		at = pci_next_capability(address, at);
	}
	return 0;
}

int pci_msix_attach(uint32_t address, void (*fn)(void *), void *argument)
{
	unsigned at = find_msix(address);
	volatile char *entry;
	struct pci_bar bar;
	uint64_t message_address;
	uint32_t table, data;
	uint16_t control;
	int error;

	if (!at)
		return -ENODEV;
	table = pci_in32(address, at + MSIX_TABLE);
	if (!pci_memory_bar(address, table & TABLE_BAR, &bar))
		return -ENODEV;
	table &= ~TABLE_BAR;
	if (bar.size < ENTRY_SIZE || table > bar.size - ENTRY_SIZE)
		return -ENODEV;
	entry = page_map_device(bar.base + table, ENTRY_SIZE);
	if (!entry)
		return -ENOMEM;
	error = platform_msi_attach(fn, argument, &message_address, &data);
	if (error)
		return error;
	control = pci_in16(address, at + MSIX_CONTROL);
	pci_out16(address, at + MSIX_CONTROL,
		  control | CONTROL_ENABLE | CONTROL_MASK_ALL);
	mmio_out32(entry + ENTRY_ADDRESS, (uint32_t)message_address);
	mmio_out32(entry + ENTRY_ADDRESS_HIGH,
		   (uint32_t)(message_address >> 32));
	mmio_out32(entry + ENTRY_DATA, data);
	mmio_out32(entry + ENTRY_CONTROL, 0);
	pci_out16(address, at + MSIX_CONTROL,
		  (uint16_t)((control | CONTROL_ENABLE) & ~CONTROL_MASK_ALL));
	return 0;
}
