/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pci.h - PCI: finding functions, their registers, capabilities and places.
 *
 * By configuration mechanism 1 (PCI 3.0, 3.2.2.3.2), which every PC has and
 * which reaches the 256 bytes that drivers need; PCI Express's further ones
 * aren't read.  Firmware has numbered the buses and given the BARs their
 * places.
 *
 * Nothing that a device says is believed: configuration space may hold
 * anything and change between two reads.  All here ends, writes to no register
 * but those it names, and gives out no address where something of the
 * machine's own is.  What decides together is read once, into struct
 * pci_function.
 *
 * Configuration space is one pair of ports: a lock is held for each access;
 * any context.  pci_bar, and changes of the command register, are for one
 * thread a function.
 */
#ifndef DEV_PCI_PCI_H
#define DEV_PCI_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { /* PCI 3.0, 6.1 */
       PCI_VENDOR = 0x00,
       PCI_DEVICE = 0x02,
       PCI_COMMAND = 0x04,
       PCI_STATUS = 0x06,
       PCI_CLASS_REVISION = 0x08,
       PCI_HEADER_TYPE = 0x0e,
       PCI_BAR = 0x10,
       PCI_SECONDARY_BUS = 0x19,
       PCI_SUBSYSTEM = 0x2c,
       PCI_CAPABILITIES = 0x34,
       PCI_INTERRUPT = 0x3c,
       PCI_CONFIG_SIZE = 0x100,
};

enum {
	PCI_COMMAND_IO = 1,
	PCI_COMMAND_MEMORY = 2,
	PCI_COMMAND_MASTER = 4,
	PCI_COMMAND_NO_INTX = 0x400,
};

enum { PCI_CAP_MSI = 0x05, PCI_CAP_VENDOR = 0x09, PCI_CAP_MSIX = 0x11 };

/* Header types: which registers there are. */
enum { PCI_HEADER_DEVICE = 0, PCI_HEADER_BRIDGE = 1 };

/* --- config.c: configuration space --- */

/*
 * A register of the function at address = bus << 8 | device << 3 | function,
 * aligned to its size.  Beyond configuration space all bits read as 1, and
 * writes do nothing.
 */
uint8_t pci_in8(uint32_t address, unsigned reg);
uint16_t pci_in16(uint32_t address, unsigned reg);
uint32_t pci_in32(uint32_t address, unsigned reg);
void pci_out16(uint32_t address, unsigned reg, uint16_t value);
void pci_out32(uint32_t address, unsigned reg, uint32_t value);

/* A host bridge answers. */
bool pci_present(void);

/* --- scan.c: which functions there are --- */

struct pci_function {
	uint32_t address;
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem; /* 0 unless a device's header */
	uint32_t class; /* class << 16 | subclass << 8 | interface */
	uint8_t revision;
	uint8_t header; /* PCI_HEADER_*, or another */
	uint8_t line;	/* for platform_irq_attach, if pin isn't 0 */
	uint8_t pin;	/* 1..4 is INTA..INTD; 0: no interrupt line */
};

/* Reads the above; false if no function is there. */
bool pci_identify(uint32_t address, struct pci_function *f);

/*
 * Calls fn for each function behind the first host bridge, each bus once,
 * until it returns true.
 */
void pci_scan(bool (*fn)(uint32_t address, void *argument), void *argument);

/*
 * What a driver is for: a table of these, ended by a row of zeroes.  A row
 * fits if vendor and device are equal or PCI_ANY, and the bits of class_mask
 * in class.
 */
#define PCI_ANY 0xffff
struct pci_id {
	uint16_t vendor, device;
	uint32_t class, class_mask;
};

/* The row that fits, NULL if none does. */
const struct pci_id *pci_match(const struct pci_function *f,
			       const struct pci_id *table);

/*
 * As pci_scan, for those that a row of the table fits.  False: fn never
 * returned true.
 */
bool pci_find(const struct pci_id *table,
	      bool (*fn)(const struct pci_function *f, const struct pci_id *id,
			 void *argument),
	      void *argument);

/* A line for each function, with halvm.log=debug. */
void pci_list(void);

/* --- function.c: what one function has --- */

/*
 * Sets bits of the command register (PCI_COMMAND_IO, MEMORY, MASTER).  0, or
 * -EIO if the function doesn't take them.
 */
int pci_enable(const struct pci_function *f, uint16_t bits);
/* Keeps INTx low, or no longer. */
void pci_set_no_intx(const struct pci_function *f, bool none);

/*
 * The capabilities of one id, each once, whatever the list is like:
 *	struct pci_capabilities c;
 *	pci_capabilities_start(&c, f);
 *	while ((at = pci_capabilities_next(&c, id, size)))
 * `at` is the register it begins at; those of whose `size` bytes not all are
 * in configuration space are left out.
 */
struct pci_capabilities {
	uint32_t address;
	unsigned next;
	uint64_t seen; /* a bit for each 4 bytes */
};
void pci_capabilities_start(struct pci_capabilities *c,
			    const struct pci_function *f);
unsigned pci_capabilities_next(struct pci_capabilities *c, uint8_t id,
			       unsigned size);
/* The first of that id, 0 if there is none. */
unsigned pci_capability(const struct pci_function *f, uint8_t id,
			unsigned size);

/*
 * BAR 0..5: false if there is none, if it has no place, or one where RAM or an
 * APIC is.  size is a power of two, base a multiple of it.  The function
 * decodes nothing for a moment.
 */
struct pci_bar {
	uint64_t base, size;
	bool ports; /* base is a port, size <= 64 KiB; else physical memory */
};
bool pci_bar(const struct pci_function *f, unsigned n, struct pci_bar *bar);

/*
 * [offset, offset + size) of a memory BAR, as page_map_device has it; NULL if
 * that is not within the BAR, or no memory.
 */
volatile char *pci_map(const struct pci_bar *bar, uint64_t offset, size_t size);

#endif
