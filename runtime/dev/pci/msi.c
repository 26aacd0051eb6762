/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * msi.c - MSI (PCI 3.0, 6.8.1): one message, in configuration space.  More
 * would have to be consecutive vectors, which no platform here gives.
 */
#include "dev/pci/message.h"
#include "halvm/abi/errno.h"
#include "platform.h"

enum { /* in the capability */
       MSI_CONTROL = 2,
       MSI_ADDRESS = 4,
       MSI_ADDRESS_HIGH = 8, /* with CONTROL_64 */
       MSI_DATA_32 = 8,
       MSI_DATA_64 = 12,
       MSI_MASK_32 = 12, /* with CONTROL_MASK_BITS */
       MSI_MASK_64 = 16,
       MSI_PENDING_SIZE = 8, /* the mask bits and the pending ones */
       MSI_SIZE_32 = 10,
       MSI_SIZE_64 = 14,
};

#define CONTROL_ENABLE 0x0001
#define CONTROL_MESSAGES 0x0070 /* enabled, as a power of two */
#define CONTROL_64 0x0080
#define CONTROL_MASK_BITS 0x0100

void pci_msi_switch(struct pci_irq *irq, bool on)
{
	uint32_t address = irq->function.address;
	uint16_t control = pci_in16(address, irq->at + MSI_CONTROL);

	control &= (uint16_t) ~(CONTROL_ENABLE | CONTROL_MESSAGES);
	if (on)
		control |= CONTROL_ENABLE;
	pci_out16(address, irq->at + MSI_CONTROL, control);
}

void pci_msi_mask(struct pci_irq *irq, bool masked)
{
	if (irq->mask_at)
		pci_out32(irq->function.address, irq->mask_at, masked);
	else
		pci_msi_switch(irq, !masked);
}

int pci_msi_open(struct pci_irq *irq)
{
	uint32_t address = irq->function.address, data;
	uint64_t message;
	uint16_t control;
	unsigned size;
	bool wide;
	int error;

	irq->at = pci_capability(&irq->function, PCI_CAP_MSI, MSI_SIZE_32);
	if (!irq->at)
		return -ENODEV;
	control = pci_in16(address, irq->at + MSI_CONTROL);
	wide = control & CONTROL_64;
	irq->mask_at = irq->at + (wide ? MSI_MASK_64 : MSI_MASK_32);
	size = wide ? MSI_SIZE_64 : MSI_SIZE_32;
	if (control & CONTROL_MASK_BITS)
		size = irq->mask_at + MSI_PENDING_SIZE - irq->at;
	else
		irq->mask_at = 0;
	if (size > PCI_CONFIG_SIZE - irq->at)
		return -ENODEV;
	error = platform_msi_attach(pci_vector_handler, &irq->vector[0],
				    &message, &data);
	if (error)
		return error;
	if (!wide && message > UINT32_MAX)
		return -ENODEV;
	pci_msi_switch(irq, false);
	pci_out32(address, irq->at + MSI_ADDRESS, (uint32_t)message);
	if (wide)
		pci_out32(address, irq->at + MSI_ADDRESS_HIGH,
			  (uint32_t)(message >> 32));
	pci_out16(address, irq->at + (wide ? MSI_DATA_64 : MSI_DATA_32),
		  (uint16_t)data);
	irq->count = 1;
	if (irq->mask_at) {
		pci_msi_mask(irq, true);
		pci_msi_switch(irq, true);
	}
	return 1;
}
