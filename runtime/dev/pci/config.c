/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * config.c - configuration space, by mechanism 1 (PCI 3.0, 3.2.2.3.2).
 */
#include "arch/io.h"
#include "arch/spin.h"
#include "dev/pci/pci.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define CONFIG_ENABLE 0x80000000U
#define ADDRESS_MASK 0xffffU

static struct spinlock lock;

static void select(uint32_t address, unsigned reg)
{
	port_out32(CONFIG_ADDRESS, CONFIG_ENABLE |
				       (address & ADDRESS_MASK) << 8 |
				       (reg & 0xfcU));
}

uint32_t pci_in32(uint32_t address, unsigned reg)
{
	unsigned long flags;
	uint32_t value;

	if (reg >= PCI_CONFIG_SIZE)
		return UINT32_MAX;
	flags = spin_lock(&lock);
	select(address, reg);
	value = port_in32(CONFIG_DATA);
	spin_unlock(&lock, flags);
	return value;
}

uint16_t pci_in16(uint32_t address, unsigned reg)
{
	return (uint16_t)(pci_in32(address, reg) >> (reg & 2) * 8);
}

uint8_t pci_in8(uint32_t address, unsigned reg)
{
	return (uint8_t)(pci_in32(address, reg) >> (reg & 3) * 8);
}

void pci_out32(uint32_t address, unsigned reg, uint32_t value)
{
	unsigned long flags;

	if (reg >= PCI_CONFIG_SIZE)
		return;
	flags = spin_lock(&lock);
	select(address, reg);
	port_out32(CONFIG_DATA, value);
	spin_unlock(&lock, flags);
}

void pci_out16(uint32_t address, unsigned reg, uint16_t value)
{
	unsigned long flags;

	if (reg >= PCI_CONFIG_SIZE)
		return;
	flags = spin_lock(&lock);
	select(address, reg);
	port_out16((uint16_t)(CONFIG_DATA + (reg & 2)), value);
	spin_unlock(&lock, flags);
}

bool pci_present(void)
{
	unsigned long flags = spin_lock(&lock);
	struct pci_function bridge;
	bool answers;

	/* The address register reads as it was written. */
	select(0, PCI_VENDOR);
	answers = port_in32(CONFIG_ADDRESS) == CONFIG_ENABLE;
	spin_unlock(&lock, flags);
	return answers && pci_identify(0, &bridge);
}
