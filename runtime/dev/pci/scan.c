/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * scan.c - which functions there are, and who is for them.
 */
#include "core/panic.h"
#include "dev/pci/pci.h"

#define BUSES 256
#define DEVICES 32
#define FUNCTIONS 8
#define HEADER_TYPE_MASK 0x7f
#define HEADER_MULTIFUNCTION 0x80
#define PIN_MAX 4
#define LINE_NONE 0xff /* PCI 3.0, 6.2.4 */

/* What reads when nobody answers, also by halves from odd bridges. */
static bool is_nobody(uint32_t id)
{
	return (id & 0xffff) == 0xffff || (id & 0xffff) == 0;
}

bool pci_identify(uint32_t address, struct pci_function *f)
{
	uint32_t id = pci_in32(address, PCI_VENDOR);
	uint32_t class, interrupt, subsystem;

	if (is_nobody(id))
		return false;
	class = pci_in32(address, PCI_CLASS_REVISION);
	interrupt = pci_in32(address, PCI_INTERRUPT);
	*f = (struct pci_function){
	    .address = address,
	    .vendor = (uint16_t)id,
	    .device = (uint16_t)(id >> 16),
	    .class = class >> 8,
	    .revision = (uint8_t) class,
	    .header = pci_in8(address, PCI_HEADER_TYPE) & HEADER_TYPE_MASK,
	    .line = (uint8_t)interrupt,
	    .pin = (uint8_t)(interrupt >> 8),
	};
	if (f->pin > PIN_MAX || f->line == LINE_NONE)
		f->pin = 0;
	if (f->header == PCI_HEADER_DEVICE) {
		subsystem = pci_in32(address, PCI_SUBSYSTEM);
		f->subsystem_vendor = (uint16_t)subsystem;
		f->subsystem = (uint16_t)(subsystem >> 16);
	}
	return true;
}

struct scan {
	bool (*fn)(uint32_t address, void *argument);
	void *argument;
	/* Buses in the order they were found; each is looked at once. */
	uint8_t bus[BUSES];
	unsigned count;
	uint64_t known[BUSES / 64];
};

static void add_bus(struct scan *s, uint8_t bus)
{
	uint64_t bit = 1ULL << bus % 64;

	if (s->known[bus / 64] & bit)
		return;
	s->known[bus / 64] |= bit;
	s->bus[s->count++] = bus;
}

/* True: fn wants no more.  *multi: the device says it has more functions. */
static bool scan_function(struct scan *s, uint32_t address, bool *multi)
{
	uint8_t type;

	if (is_nobody(pci_in32(address, PCI_VENDOR)))
		return false;
	type = pci_in8(address, PCI_HEADER_TYPE);
	*multi = type & HEADER_MULTIFUNCTION;
	if ((type & HEADER_TYPE_MASK) == PCI_HEADER_BRIDGE)
		add_bus(s, pci_in8(address, PCI_SECONDARY_BUS));
	return s->fn(address, s->argument);
}

static bool scan_device(struct scan *s, uint32_t address)
{
	bool multi = false, ignored;

	if (scan_function(s, address, &multi))
		return true;
	for (unsigned i = 1; multi && i < FUNCTIONS; i++)
		if (scan_function(s, address | i, &ignored))
			return true;
	return false;
}

void pci_scan(bool (*fn)(uint32_t address, void *argument), void *argument)
{
	struct scan s = {.fn = fn, .argument = argument};

	if (!pci_present())
		return;
	add_bus(&s, 0);
	for (unsigned i = 0; i < s.count; i++)
		for (unsigned device = 0; device < DEVICES; device++)
			if (scan_device(&s,
					(uint32_t)s.bus[i] << 8 | device << 3))
				return;
}

const struct pci_id *pci_match(const struct pci_function *f,
			       const struct pci_id *table)
{
	for (; table->vendor; table++)
		if ((table->vendor == f->vendor || table->vendor == PCI_ANY) &&
		    (table->device == f->device || table->device == PCI_ANY) &&
		    ((table->class ^ f->class) & table->class_mask) == 0)
			return table;
	return NULL;
}

struct find {
	const struct pci_id *table;
	bool (*fn)(const struct pci_function *f, const struct pci_id *id,
		   void *argument);
	void *argument;
	bool taken;
};

static bool find_in_table(uint32_t address, void *argument)
{
	struct find *find = argument;
	const struct pci_id *id;
	struct pci_function f;

	if (!pci_identify(address, &f))
		return false;
	id = pci_match(&f, find->table);
	find->taken = id && find->fn(&f, id, find->argument);
	return find->taken;
}

bool pci_find(const struct pci_id *table,
	      bool (*fn)(const struct pci_function *f, const struct pci_id *id,
			 void *argument),
	      void *argument)
{
	struct find find = {.table = table, .fn = fn, .argument = argument};

	pci_scan(find_in_table, &find);
	return find.taken;
}

static bool list_function(uint32_t address, void *argument)
{
	struct pci_function f;

	(void)argument;
	if (pci_identify(address, &f))
		log_line(LOG_DEBUG,
			 "pci %02x:%02x.%u: %04x:%04x class %06x line %u",
			 address >> 8, address >> 3 & 31, address & 7, f.vendor,
			 f.device, f.class, f.pin ? f.line : 0U);
	return false;
}

void pci_list(void)
{
	if (log_level >= LOG_DEBUG)
		pci_scan(list_function, NULL);
}
