/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * function.c - what one function has: command bits, capabilities, places.
 */
#include "arch/page.h"
#include "dev/pci/pci.h"
#include "halvm/abi/errno.h"

#define STATUS_CAPABILITIES 0x10
/* Capabilities lie in the 192 bytes after the header. */
#define CAPABILITIES_FIRST 0x40

/* Base address registers, PCI 3.0, 6.2.5.1 */
#define DEVICE_BARS 6
#define BRIDGE_BARS 2
#define BAR_IO 1U
#define BAR_IO_FLAGS 3U
#define BAR_TYPE_MASK 6U
#define BAR_TYPE_64 4U
#define BAR_MEMORY_FLAGS 15U
#define PORTS_END 0x10000U
/* What arch/page.h can map as device registers. */
#define ADDRESS_END (1ULL << 46)
/* I/O APICs, HPET and local APICs: no PCI device's on any PC. */
#define APIC_BASE 0xfec00000U
#define APIC_END 0xff000000U

int pci_enable(const struct pci_function *f, uint16_t bits)
{
	uint16_t command = pci_in16(f->address, PCI_COMMAND);

	if ((command & bits) == bits)
		return 0;
	pci_out16(f->address, PCI_COMMAND, command | bits);
	command = pci_in16(f->address, PCI_COMMAND);
	return (command & bits) == bits ? 0 : -EIO;
}

void pci_set_no_intx(const struct pci_function *f, bool none)
{
	uint16_t command = pci_in16(f->address, PCI_COMMAND);

	command &= (uint16_t)~PCI_COMMAND_NO_INTX;
	if (none)
		command |= PCI_COMMAND_NO_INTX;
	pci_out16(f->address, PCI_COMMAND, command);
}

void pci_capabilities_start(struct pci_capabilities *c,
			    const struct pci_function *f)
{
	*c = (struct pci_capabilities){.address = f->address};
	if (f->header != PCI_HEADER_DEVICE && f->header != PCI_HEADER_BRIDGE)
		return;
	if (pci_in16(f->address, PCI_STATUS) & STATUS_CAPABILITIES)
		c->next = pci_in8(f->address, PCI_CAPABILITIES) & ~3U;
}

unsigned pci_capabilities_next(struct pci_capabilities *c, uint8_t id,
			       unsigned size)
{
	while (c->next >= CAPABILITIES_FIRST &&
	       !(c->seen & 1ULL << c->next / 4)) {
		unsigned at = c->next;
		uint16_t head = pci_in16(c->address, at);

		c->seen |= 1ULL << at / 4;
		c->next = head >> 8 & ~3U;
		if ((head & 0xff) == id && size <= PCI_CONFIG_SIZE - at)
			return at;
	}
	c->next = 0;
	return 0;
}

unsigned pci_capability(const struct pci_function *f, uint8_t id, unsigned size)
{
	struct pci_capabilities c;

	pci_capabilities_start(&c, f);
	return pci_capabilities_next(&c, id, size);
}

static bool is_wide(uint32_t low)
{
	return !(low & BAR_IO) && (low & BAR_TYPE_MASK) == BAR_TYPE_64;
}

/* BAR n begins a place: it is there, and is no other's upper half. */
static bool is_begin(const struct pci_function *f, unsigned n, unsigned bars)
{
	unsigned i = 0;

	if (n >= bars)
		return false;
	while (i < n)
		i += is_wide(pci_in32(f->address, PCI_BAR + i * 4)) ? 2 : 1;
	return i == n;
}

/*
 * Which bits of a BAR can be set; it is left as it was.  False: it isn't, and
 * then it is nowhere.
 */
static bool probe_bits(uint32_t address, unsigned reg, uint32_t value,
		       uint32_t *bits)
{
	pci_out32(address, reg, UINT32_MAX);
	*bits = pci_in32(address, reg);
	pci_out32(address, reg, value);
	return pci_in32(address, reg) == value;
}

/* No RAM is there, nor what the platform uses; the end is in reach. */
static bool is_devices_place(const struct pci_bar *bar)
{
	uint64_t end = bar->base + bar->size;
	uintptr_t ram_end;

	if (bar->ports)
		return end <= PORTS_END;
	if (bar->base >= ADDRESS_END || bar->size > ADDRESS_END - bar->base)
		return false;
	if (bar->base < APIC_END && end > APIC_BASE)
		return false;
	/* The direct map doesn't change after the start: no lock. */
	ram_end = (uintptr_t)phys_to_virt(end);
	return page_next((uintptr_t)phys_to_virt(bar->base), ram_end) ==
	       ram_end;
}

bool pci_bar(const struct pci_function *f, unsigned n, struct pci_bar *bar)
{
	unsigned bars = f->header == PCI_HEADER_DEVICE	 ? DEVICE_BARS
			: f->header == PCI_HEADER_BRIDGE ? BRIDGE_BARS
							 : 0;
	unsigned reg = PCI_BAR + n * 4;
	uint32_t low, flags, high = 0, low_bits, high_bits = UINT32_MAX;
	uint16_t command;
	uint64_t bits;
	bool kept;

	if (!is_begin(f, n, bars))
		return false;
	low = pci_in32(f->address, reg);
	if (is_wide(low) && n + 1 >= bars)
		return false;
	bar->ports = low & BAR_IO;
	flags = bar->ports ? BAR_IO_FLAGS : BAR_MEMORY_FLAGS;
	command = pci_in16(f->address, PCI_COMMAND);
	pci_out16(f->address, PCI_COMMAND,
		  command & (uint16_t) ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	kept = probe_bits(f->address, reg, low, &low_bits);
	if (is_wide(low)) {
		high = pci_in32(f->address, reg + 4);
		kept &= probe_bits(f->address, reg + 4, high, &high_bits);
	}
	pci_out16(f->address, PCI_COMMAND, command);
	/* A device may leave out the half of a port that is always 0. */
	if (bar->ports)
		low_bits |= ~(PORTS_END - 1);
	bits = (uint64_t)high_bits << 32 | (low_bits & ~flags);
	bar->base = (uint64_t)high << 32 | (low & ~flags);
	bar->size = ~bits + 1;
	if (!is_wide(low) && !(low_bits & ~flags))
		return false;
	return kept && bar->base && bar->size &&
	       !(bar->size & (bar->size - 1)) &&
	       !(bar->base & (bar->size - 1)) && is_devices_place(bar);
}

volatile char *pci_map(const struct pci_bar *bar, uint64_t offset, size_t size)
{
	if (bar->ports || offset > bar->size || size > bar->size - offset)
		return NULL;
	return page_map_device(bar->base + offset, size);
}
