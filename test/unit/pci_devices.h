/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci_devices.h - configuration space as real firmware leaves it: what QEMU
 * 7.2's machine pc shows of vmxnet3, pvscsi and a virtio console after SeaBIOS.
 */
#ifndef TEST_PCI_DEVICES_H
#define TEST_PCI_DEVICES_H

#include "pci_machine.h"

struct pci_device_dword {
	uint8_t reg;
	uint32_t value;
};

/* Sets the dwords of a table, ended by register 0xff. */
static inline struct pci_machine_function *
pci_device_add(uint32_t address, const struct pci_device_dword *table)
{
	struct pci_machine_function *f = pci_machine_add(address);

	for (; table->reg != 0xff; table++)
		pci_machine_set(f, table->reg, 4, table->value);
	return f;
}

static inline struct pci_machine_function *pci_device_bridge(uint32_t address)
{
	static const struct pci_device_dword host[] = {
	    {0x00, 0x12378086}, {0x08, 0x06000002}, {0xff, 0}};

	return pci_device_add(address, host);
}

/* Three BARs and an expansion ROM; MSI with 64 bits, MSI-X of 25 in BAR 2. */
static inline struct pci_machine_function *pci_device_vmxnet3(uint32_t address)
{
	static const struct pci_device_dword vmxnet3[] = {
	    {0x00, 0x07b015ad}, {0x04, 0x00100107}, {0x08, 0x02000001},
	    {0x10, 0xfebca000}, {0x14, 0xfebcb000}, {0x18, 0xfebc8000},
	    {0x2c, 0x07b015ad}, {0x30, 0xfeb80000}, {0x34, 0x0000009c},
	    {0x3c, 0x0000010b}, {0x84, 0x00800005}, {0x9c, 0x00188411},
	    {0xa0, 0x00000002}, {0xa4, 0x00001002}, {0xff, 0}};
	struct pci_machine_function *f = pci_device_add(address, vmxnet3);

	f->bar_bits[0] = f->bar_bits[1] = 0xfffff000;
	f->bar_bits[2] = 0xffffe000;
	return f;
}

/* One BAR, MSI with 64 bits, no MSI-X. */
static inline struct pci_machine_function *pci_device_pvscsi(uint32_t address)
{
	static const struct pci_device_dword pvscsi[] = {
	    {0x00, 0x07c015ad}, {0x04, 0x00100107}, {0x08, 0x01000002},
	    {0x0c, 0x0000ff00}, {0x10, 0xfebc0000}, {0x2c, 0x07c015ad},
	    {0x34, 0x0000007c}, {0x3c, 0x0000010a}, {0x7c, 0x00800005},
	    {0xff, 0}};
	struct pci_machine_function *f = pci_device_add(address, pvscsi);

	f->bar_bits[0] = 0xffff8000;
	return f;
}

/* A PCI bridge to one bus. */
static inline struct pci_machine_function *
pci_device_pci_bridge(uint32_t address, unsigned secondary)
{
	static const struct pci_device_dword bridge[] = {{0x00, 0x00011b36},
							 {0x08, 0x06040000},
							 {0x0c, 0x00010000},
							 {0xff, 0}};
	struct pci_machine_function *f = pci_device_add(address, bridge);

	f->config[0x18] = (uint8_t)(address >> 8);
	f->config[0x19] = f->config[0x1a] = (uint8_t)secondary;
	return f;
}

#endif
