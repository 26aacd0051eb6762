/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * irq.h - interrupts of a PCI function: MSI-X with several vectors (PCI 3.0,
 * 6.8.2), else MSI (6.8.1), else the interrupt line.
 *
 *	pci_irq_open(&irq, f, PCI_IRQ_ANY, 3)	how many it will be; all masked
 *	pci_irq_attach(&irq, 0, fn, argument)	unmasks vector 0
 *
 * A struct pci_irq stays where it is and is one thread's; pci_irq_mask and
 * pci_irq_mask_all may be called in any context, but not for one function by
 * two CPUs at once.
 */
#ifndef DEV_PCI_IRQ_H
#define DEV_PCI_IRQ_H

#include "dev/pci/pci.h"

#define PCI_VECTORS_MAX 8 /* of one function, that we use */

enum pci_irq_kind {
	PCI_IRQ_MSIX = 1,
	PCI_IRQ_MSI = 2,
	PCI_IRQ_LINE = 4,
	PCI_IRQ_ANY = 7,
};

struct pci_irq {
	struct pci_function function;
	enum pci_irq_kind kind;	 /* one of them */
	unsigned count;		 /* vectors 0 .. count - 1 */
	unsigned at;		 /* the capability, MSI-X and MSI */
	unsigned mask_at;	 /* MSI: the register of mask bits, or 0 */
	volatile char *table;	 /* MSI-X */
	bool masked, all_masked; /* MSI and line, which have one bit for both */
	struct pci_vector {
		void (*fn)(void *);
		void *argument;
	} vector[PCI_VECTORS_MAX];
};

/*
 * Switches on the first of `kinds`, a set of enum pci_irq_kind, that the
 * function and the platform have, with at most `wanted` vectors, all masked.
 * How many vectors there are, at least 1; -ENODEV: none of these kinds, or
 * -errno of the platform.
 */
int pci_irq_open(struct pci_irq *irq, const struct pci_function *f,
		 unsigned kinds, unsigned wanted);

/*
 * The vector, which is below count, calls fn in interrupt context from now on.
 * A line may be shared: fn asks its device.
 */
void pci_irq_attach(struct pci_irq *irq, unsigned vector, void (*fn)(void *),
		    void *argument);

/*
 * What comes while MSI-X, or MSI with mask bits, is masked comes when it is
 * no longer; without mask bits it may be lost, and the line tells it as long
 * as the device does.
 */
void pci_irq_mask(struct pci_irq *irq, unsigned vector, bool masked);
/* All at once, beside the above: both must let one through. */
void pci_irq_mask_all(struct pci_irq *irq, bool masked);

#endif
