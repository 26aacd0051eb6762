/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci_machine.h - PCI functions of a test, behind configuration mechanism 1
 * and host.h's ports, and memory where their BARs are.  It aborts where one
 * mustn't read, write or map.
 */
#ifndef TEST_PCI_MACHINE_H
#define TEST_PCI_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define PCI_MACHINE_FUNCTIONS 300
#define PCI_MACHINE_MAPS 64

struct pci_machine_function {
	uint32_t address;
	uint8_t config[256];
	/* Which bits of the BARs, dwords 4 to 9, can be set. */
	uint32_t bar_bits[6];
};

static struct pci_machine {
	struct pci_machine_function function[PCI_MACHINE_FUNCTIONS];
	unsigned count;
	uint32_t selected;
	unsigned long reads, writes;
	/* Every so many reads one bit is another; 0: never. */
	unsigned flip;
	/* All functions are the first one: nobody decodes addresses. */
	bool mirrored;
	/* Memory that was mapped: what it is full of. */
	uint8_t fill;
	struct {
		uint64_t phys;
		size_t size;
		char *memory;
	} map[PCI_MACHINE_MAPS];
	unsigned maps;
} pci_machine;

static void pci_machine_die(const char *why)
{
	fprintf(stderr, "PCI machine: %s (selected %08x)\n", why,
		pci_machine.selected);
	abort();
}

static struct pci_machine_function *pci_machine_at(uint32_t address)
{
	if (pci_machine.mirrored && pci_machine.count)
		return &pci_machine.function[0];
	for (unsigned i = 0; i < pci_machine.count; i++)
		if (pci_machine.function[i].address == address)
			return &pci_machine.function[i];
	return NULL;
}

static inline uint32_t pci_machine_dword(const struct pci_machine_function *f,
					 unsigned reg)
{
	const uint8_t *c = &f->config[reg & 0xfc];

	return c[0] | (uint32_t)c[1] << 8 | (uint32_t)c[2] << 16 |
	       (uint32_t)c[3] << 24;
}

static inline void pci_machine_set(struct pci_machine_function *f, unsigned reg,
				   unsigned size, uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		f->config[reg + i] = (uint8_t)(value >> 8 * i);
}

static uint32_t pci_machine_in(uint16_t port, unsigned size)
{
	struct pci_machine_function *f;
	uint32_t value;

	if (port == 0xcf8 && size == 4)
		return pci_machine.selected;
	if (port != 0xcfc || size != 4)
		pci_machine_die("a port that isn't PCI's is read");
	pci_machine.reads++;
	f = pci_machine_at(pci_machine.selected >> 8 & 0xffff);
	if (!f)
		return UINT32_MAX;
	value = pci_machine_dword(f, pci_machine.selected & 0xff);
	if (pci_machine.flip && pci_machine.reads % pci_machine.flip == 0)
		value ^= 1U << pci_machine.reads / pci_machine.flip % 32;
	return value;
}

/* A register that drivers may write: command, BARs, MSI and MSI-X. */
static bool pci_machine_may_write(const struct pci_machine_function *f,
				  unsigned reg)
{
	unsigned type = f->config[0x0e] & 0x7f;

	if (reg == 0x04 || pci_machine.flip)
		return true;
	if (reg >= 0x10 && reg < 0x28 && reg % 4 == 0)
		return type == 0 || (type == 1 && reg < 0x18);
	for (unsigned at = reg & 0xfc; at >= 0x40 && reg - at <= 16; at -= 4)
		if (f->config[at] == 0x05 || f->config[at] == 0x11)
			return true;
	return false;
}

static void pci_machine_write(struct pci_machine_function *f, unsigned reg,
			      unsigned size, uint32_t value)
{
	unsigned bar = reg / 4 - 4;
	uint32_t bits, old;

	pci_machine.writes++;
	if (!pci_machine_may_write(f, reg))
		pci_machine_die("a register is written that mustn't be");
	if (reg < 0x10 || reg >= 0x28) {
		pci_machine_set(f, reg, size, value);
		return;
	}
	if (f->config[0x04] & 3)
		pci_machine_die("a BAR is written while it is decoded");
	bits = f->bar_bits[bar];
	old = pci_machine_dword(f, reg);
	pci_machine_set(f, reg, 4, (old & ~bits) | (value & bits));
}

static void pci_machine_out(uint16_t port, unsigned size, uint32_t value)
{
	struct pci_machine_function *f;
	unsigned reg;

	if (port == 0xcf8 && size == 4) {
		if (value & 0x7f000003)
			pci_machine_die("a reserved bit of the address is set");
		pci_machine.selected = value;
		return;
	}
	if (port < 0xcfc || port + size > 0xd00 || port % size)
		pci_machine_die("a port that isn't PCI's is written");
	f = pci_machine_at(pci_machine.selected >> 8 & 0xffff);
	reg = (pci_machine.selected & 0xfc) + port % 4;
	if (f)
		pci_machine_write(f, reg, size, value);
}

/* Some BAR of some function covers it, as far as that is known. */
static bool pci_machine_covers(uint64_t phys, size_t size)
{
	for (unsigned i = 0; i < pci_machine.count; i++) {
		struct pci_machine_function *f = &pci_machine.function[i];

		for (unsigned n = 0; n < 6; n++) {
			uint64_t base = pci_machine_dword(f, 0x10 + n * 4);
			uint64_t bits = f->bar_bits[n] & ~15U;

			if ((base & 7) == 4 && n < 5) {
				base |=
				    (uint64_t)pci_machine_dword(f, 0x14 + n * 4)
				    << 32;
				bits |= (uint64_t)f->bar_bits[n + 1] << 32;
			} else
				bits |= 0xffffffffUL << 32;
			base &= ~15UL;
			if (phys >= base && phys - base <= ~bits &&
			    size <= ~bits - (phys - base) + 1)
				return true;
		}
	}
	return false;
}

static volatile void *pci_machine_map(uint64_t phys, size_t size)
{
	uint64_t end = phys + size;
	unsigned i = 0;

	if (!size || size > 0x10000 || end > 1UL << 46 || !phys ||
	    (phys < 0xff000000 && end > 0xfec00000))
		pci_machine_die("what mustn't be mapped is");
	if (!pci_machine.flip && !pci_machine_covers(phys, size))
		pci_machine_die("what no BAR covers is mapped");
	while (i < pci_machine.maps && (pci_machine.map[i].phys != phys ||
					pci_machine.map[i].size != size))
		i++;
	if (i == pci_machine.maps) {
		if (i == PCI_MACHINE_MAPS)
			return NULL;
		pci_machine.map[i].phys = phys;
		pci_machine.map[i].size = size;
		pci_machine.map[i].memory = malloc(size);
		if (!pci_machine.map[i].memory)
			pci_machine_die("no memory");
		memset(pci_machine.map[i].memory, pci_machine.fill, size);
		pci_machine.maps++;
	}
	return pci_machine.map[i].memory;
}

/* An empty machine, whose ports and memory are from now on the host's. */
static void pci_machine_start(void)
{
	for (unsigned i = 0; i < pci_machine.maps; i++)
		free(pci_machine.map[i].memory);
	pci_machine.count = pci_machine.maps = 0;
	pci_machine.selected = 0;
	pci_machine.reads = pci_machine.writes = 0;
	pci_machine.flip = 0;
	pci_machine.mirrored = false;
	pci_machine.fill = 0;
	host_port_in = pci_machine_in;
	host_port_out = pci_machine_out;
	host_device = pci_machine_map;
	host_forget_interrupts();
}

static struct pci_machine_function *pci_machine_add(uint32_t address)
{
	struct pci_machine_function *f;

	if (pci_machine.count == PCI_MACHINE_FUNCTIONS)
		pci_machine_die("too many functions");
	f = &pci_machine.function[pci_machine.count++];
	memset(f, 0, sizeof(*f));
	f->address = address;
	return f;
}

#endif
