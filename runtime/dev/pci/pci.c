/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci.c - configuration space and what it tells.
 */
#include "dev/pci/pci.h"

#include "arch/io.h"
#include "arch/spin.h"

/* PCI 3.0, 3.2.2.3.2 */
#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define CONFIG_ENABLE 0x80000000U

#define VENDOR_NONE 0xffff
#define HEADER_TYPE_MASK 0x7f
#define HEADER_MULTIFUNCTION 0x80
#define HEADER_BRIDGE 1
#define STATUS_CAPABILITIES 0x10
#define BARS 6
#define BAR_IO 1U
#define BAR_TYPE_MASK 6U
#define BAR_TYPE_64 4U
#define BAR_FLAGS 15U
/* Capabilities lie in the 192 bytes after the header, 4 bytes or more each. */
#define CAPABILITIES_FIRST 0x40
#define CAPABILITY_NEXT 1
#define BRIDGES_DEEP 8
/* What arch/page.h can map as device registers. */
#define ADDRESS_END (1ULL << 46)

static struct spinlock lock;

static void select(uint32_t address, unsigned reg)
{
	port_out32(CONFIG_ADDRESS,
		   CONFIG_ENABLE | address << 8 | (reg & 0xfcU));
}

uint32_t pci_in32(uint32_t address, unsigned reg)
{
	unsigned long flags = spin_lock(&lock);
	uint32_t value;

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
	unsigned long flags = spin_lock(&lock);

	select(address, reg);
	port_out32(CONFIG_DATA, value);
	spin_unlock(&lock, flags);
}

void pci_out16(uint32_t address, unsigned reg, uint16_t value)
{
	unsigned long flags = spin_lock(&lock);

	select(address, reg);
	port_out16((uint16_t)(CONFIG_DATA + (reg & 2)), value);
	spin_unlock(&lock, flags);
}

bool pci_present(void)
{
	unsigned long flags = spin_lock(&lock);
	bool answers;

	/* The address register reads as it was written. */
	select(0, PCI_VENDOR);
	answers = port_in32(CONFIG_ADDRESS) == CONFIG_ENABLE;
	spin_unlock(&lock, flags);
	return answers && pci_in16(0, PCI_VENDOR) != VENDOR_NONE;
}

struct scan {
	bool (*fn)(uint32_t address, void *argument);
	void *argument;
};

static bool scan_bus(const struct scan *s, unsigned bus, unsigned depth);

/* True: fn wants no more.  *multi: the device has more functions than one. */
static bool scan_function(const struct scan *s, uint32_t address,
			  unsigned depth, bool *multi)
{
	uint8_t type, behind;

	if (pci_in16(address, PCI_VENDOR) == VENDOR_NONE)
		return false;
	type = pci_in8(address, PCI_HEADER_TYPE);
	if (type & HEADER_MULTIFUNCTION)
		*multi = true;
	if (s->fn(address, s->argument))
		return true;
	if ((type & HEADER_TYPE_MASK) != HEADER_BRIDGE)
		return false;
	/* Numbers grow on the way down, or it would never end. */
	behind = pci_in8(address, PCI_SECONDARY_BUS);
	return behind > address >> 8 && depth < BRIDGES_DEEP &&
	       scan_bus(s, behind, depth + 1);
}

static bool scan_bus(const struct scan *s, unsigned bus, unsigned depth)
{
	for (unsigned device = 0; device < 32; device++) {
		uint32_t address = bus << 8 | device << 3;
		bool multi = false;

		if (scan_function(s, address, depth, &multi))
			return true;
		for (unsigned i = 1; multi && i < 8; i++)
			if (scan_function(s, address | i, depth, &multi))
				return true;
	}
	return false;
}

void pci_scan(bool (*fn)(uint32_t address, void *argument), void *argument)
{
	struct scan s = {fn, argument};

	if (pci_present())
		scan_bus(&s, 0, 0);
}

unsigned pci_next_capability(uint32_t address, unsigned at)
{
	unsigned next;

	if (at == 0) {
		if (!(pci_in16(address, PCI_STATUS) & STATUS_CAPABILITIES))
			return 0;
		next = pci_in8(address, PCI_CAPABILITIES);
	} else
		next = pci_in8(address, at + CAPABILITY_NEXT);
	next &= ~3U;
	return next < CAPABILITIES_FIRST ? 0 : next;
}

bool pci_memory_bar(uint32_t address, unsigned bar, struct pci_bar *place)
{
	unsigned reg = PCI_BAR + bar * 4;
	uint32_t low, high = 0, mask_low, mask_high = UINT32_MAX;
	uint16_t command;
	bool wide;

	if (bar >= BARS)
		return false;
	low = pci_in32(address, reg);
	wide = (low & BAR_TYPE_MASK) == BAR_TYPE_64;
	if (low & BAR_IO || (wide && bar + 1 >= BARS))
		return false;
	/* The size: which bits can be set (6.2.5.1), decoding off meanwhile. */
	command = pci_in16(address, PCI_COMMAND);
	pci_out16(address, PCI_COMMAND,
		  command & (uint16_t)~PCI_COMMAND_MEMORY);
	pci_out32(address, reg, UINT32_MAX);
	mask_low = pci_in32(address, reg) & ~BAR_FLAGS;
	pci_out32(address, reg, low);
	if (wide) {
		high = pci_in32(address, reg + 4);
		pci_out32(address, reg + 4, UINT32_MAX);
		mask_high = pci_in32(address, reg + 4);
		pci_out32(address, reg + 4, high);
	}
	pci_out16(address, PCI_COMMAND, command);
	place->base = (uint64_t)high << 32 | (low & ~BAR_FLAGS);
	place->size = ~((uint64_t)mask_high << 32 | mask_low) + 1;
	if (!wide)
		place->size &= UINT32_MAX;
	return place->base && place->base < ADDRESS_END && place->size;
}
