/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * irq.c - device interrupts of this platform, by the I/O APIC.
 *
 * Lines below 16 are ISA's: edge-triggered, active high, if ACPI doesn't say
 * otherwise.  Those above are PCI's on a PC: level-triggered, active low
 * (82093AA; PCI 3.0, 2.2.6).  The I/O APIC is one, that of the first lines.
 */
#include "arch/apic.h"
#include "arch/trap.h"
#include "halvm/abi/errno.h"
#include "pc/acpi.h"
#include "pc/pc.h"

#define IOAPIC_ADDRESS 0xfec00000UL
#define ISA_LINES 16
#define LINES_MAX 64

static uint64_t ioapic_address = IOAPIC_ADDRESS;
static const struct acpi_info *routing; /* NULL: none */

static struct {
	void (*fn)(void *);
	void *argument;
	unsigned vector; /* 0: none yet; kept after a detach */
} lines[LINES_MAX];

void pc_irq_setup(const struct acpi_info *acpi)
{
	routing = acpi;
	for (unsigned i = 0; i < acpi->ioapic_count; i++)
		if (acpi->ioapic[i].first == 0)
			ioapic_address = acpi->ioapic[i].address;
}

/* Where an interrupt arrives. */
static struct acpi_line line_of(unsigned irq)
{
	bool pci = irq >= ISA_LINES;

	if (!pci && routing)
		return routing->isa[irq];
	return (struct acpi_line){irq, pci, pci};
}

static void interrupt(void *slot)
{
	unsigned line = (unsigned)(uintptr_t)slot;

	if (lines[line].fn)
		lines[line].fn(lines[line].argument);
	lapic_eoi();
}

int platform_irq_attach(unsigned irq, void (*fn)(void *), void *argument)
{
	struct acpi_line at = line_of(irq);
	int vector;

	if (!ioapic_lines() && !ioapic_init(ioapic_address))
		return -ENODEV;
	if (at.line >= ioapic_lines() || irq >= LINES_MAX)
		return -EINVAL;
	if (lines[irq].fn)
		return -EBUSY;
	if (!lines[irq].vector) {
		vector = trap_alloc_vector();
		if (vector < 0)
			return vector;
		lines[irq].vector = (unsigned)vector;
	}
	lines[irq].argument = argument;
	lines[irq].fn = fn;
	trap_set_handler(lines[irq].vector, interrupt, (void *)(uintptr_t)irq);
	ioapic_route(at.line, lines[irq].vector, at.level, at.low_active);
	return 0;
}

void platform_irq_detach(unsigned irq)
{
	if (irq >= LINES_MAX || !lines[irq].fn)
		return;
	ioapic_mask(line_of(irq).line);
	lines[irq].fn = NULL;
}

/* Message address and data (Intel SDM vol. 3, 11.11): fixed, physical, edge. */
#define MSI_ADDRESS 0xfee00000UL
#define MSI_DESTINATION_SHIFT 12
#define MSI_MAX 16

static struct {
	void (*fn)(void *);
	void *argument;
} messages[MSI_MAX];

static uint32_t message_count;

static void message(void *slot)
{
	unsigned n = (unsigned)(uintptr_t)slot;

	messages[n].fn(messages[n].argument);
	lapic_eoi();
}

int platform_msi_attach(void (*fn)(void *), void *argument, uint64_t *address,
			uint32_t *data)
{
	uint32_t n;
	int vector;

	if (message_count == MSI_MAX)
		return -ENOSPC;
	vector = trap_alloc_vector();
	if (vector < 0)
		return vector;
	n = message_count++;
	messages[n].fn = fn;
	messages[n].argument = argument;
	trap_set_handler((unsigned)vector, message, (void *)(uintptr_t)n);
	*address = MSI_ADDRESS | lapic_id() << MSI_DESTINATION_SHIFT;
	*data = (uint32_t)vector;
	return 0;
}
