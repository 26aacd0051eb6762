/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci.h - PCI by configuration mechanism 1 (PCI 3.0, 3.2.2.3.2): finding
 * functions, their registers and capabilities, MSI-X.
 *
 * A function's address is bus << 8 | device << 3 | function.  Firmware has
 * given the BARs their places.  Configuration space is one pair of ports: a
 * lock is held for each access; any context.
 */
#ifndef DEV_PCI_PCI_H
#define DEV_PCI_PCI_H

#include <stdbool.h>
#include <stdint.h>

enum { /* PCI 3.0, 6.1 */
       PCI_VENDOR = 0x00,
       PCI_DEVICE = 0x02,
       PCI_COMMAND = 0x04,
       PCI_STATUS = 0x06,
       PCI_HEADER_TYPE = 0x0e,
       PCI_BAR = 0x10,
       PCI_SECONDARY_BUS = 0x19,
       PCI_SUBSYSTEM = 0x2e,
       PCI_CAPABILITIES = 0x34,
       PCI_INTERRUPT_LINE = 0x3c,
};

enum {
	PCI_COMMAND_MEMORY = 2,
	PCI_COMMAND_MASTER = 4,
	PCI_COMMAND_NO_INTX = 0x400,
};

#define PCI_CAP_VENDOR 0x09
#define PCI_CAP_MSIX 0x11

uint8_t pci_in8(uint32_t address, unsigned reg);
uint16_t pci_in16(uint32_t address, unsigned reg);
uint32_t pci_in32(uint32_t address, unsigned reg);
void pci_out16(uint32_t address, unsigned reg, uint16_t value);
void pci_out32(uint32_t address, unsigned reg, uint32_t value);

/* A host bridge answers. */
bool pci_present(void);

/*
 * Calls fn for each function behind the first host bridge, until it returns
 * true.
 */
void pci_scan(bool (*fn)(uint32_t address, void *argument), void *argument);

/*
 * The next capability after `at` (0: the first), 0 if there is none.  A bad
 * list may loop: no more than PCI_CAPABILITIES_MAX are real.
 */
#define PCI_CAPABILITIES_MAX 48
unsigned pci_next_capability(uint32_t address, unsigned at);

/* Memory BAR 0..5: false if it is no memory or has no place. */
struct pci_bar {
	uint64_t base, size;
};
bool pci_memory_bar(uint32_t address, unsigned bar, struct pci_bar *place);

/*
 * Has MSI-X entry 0 call fn in interrupt context, and switches MSI-X on.
 * 0, -ENODEV (no such capability), or -errno.
 */
int pci_msix_attach(uint32_t address, void (*fn)(void *), void *argument);

#endif
