/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * irq.c - which kind of interrupt a function gets, and the line.
 */
#include "dev/pci/irq.h"

#include "dev/pci/message.h"
#include "halvm/abi/errno.h"
#include "platform.h"

void pci_vector_handler(void *vector)
{
	struct pci_vector *v = vector;
	void (*fn)(void *) = __atomic_load_n(&v->fn, __ATOMIC_ACQUIRE);

	if (fn)
		fn(v->argument);
}

/*
 * Masked by the command register: other functions on the same line aren't
 * troubled, and nor is this one by a handler that isn't attached yet.
 */
static int line_open(struct pci_irq *irq)
{
	const struct pci_function *f = &irq->function;
	int error;

	if (!f->pin)
		return -ENODEV;
	pci_set_no_intx(f, true);
	error =
	    platform_irq_attach(f->line, pci_vector_handler, &irq->vector[0]);
	if (error)
		return error;
	irq->count = 1;
	return 1;
}

static int open_kind(struct pci_irq *irq, unsigned wanted)
{
	switch (irq->kind) {
	case PCI_IRQ_MSIX:
		return pci_msix_open(irq, wanted);
	case PCI_IRQ_MSI:
		return pci_msi_open(irq);
	default:
		return line_open(irq);
	}
}

int pci_irq_open(struct pci_irq *irq, const struct pci_function *f,
		 unsigned kinds, unsigned wanted)
{
	static const enum pci_irq_kind order[] = {PCI_IRQ_MSIX, PCI_IRQ_MSI,
						  PCI_IRQ_LINE};
	int result = -ENODEV;

	if (wanted > PCI_VECTORS_MAX)
		wanted = PCI_VECTORS_MAX;
	for (unsigned i = 0; i < 3 && wanted; i++) {
		int r;

		if (!(kinds & order[i]))
			continue;
		*irq = (struct pci_irq){
		    .function = *f, .kind = order[i], .masked = true};
		r = open_kind(irq, wanted);
		if (r > 0) {
			if (order[i] != PCI_IRQ_LINE)
				pci_set_no_intx(f, true);
			return r;
		}
		if (r != -ENODEV)
			result = r;
	}
	return result;
}

void pci_irq_attach(struct pci_irq *irq, unsigned vector, void (*fn)(void *),
		    void *argument)
{
	struct pci_vector *v = &irq->vector[vector];

	v->argument = argument;
	__atomic_store_n(&v->fn, fn, __ATOMIC_RELEASE);
	pci_irq_mask(irq, vector, false);
}

/* The only vector of those that have one. */
static void mask_only(struct pci_irq *irq)
{
	bool masked = irq->masked || irq->all_masked;

	if (irq->kind == PCI_IRQ_MSI)
		pci_msi_mask(irq, masked);
	else
		pci_set_no_intx(&irq->function, masked);
}

void pci_irq_mask(struct pci_irq *irq, unsigned vector, bool masked)
{
	if (irq->kind == PCI_IRQ_MSIX) {
		pci_msix_mask(irq, vector, masked);
		return;
	}
	irq->masked = masked;
	mask_only(irq);
}

void pci_irq_mask_all(struct pci_irq *irq, bool masked)
{
	if (irq->kind == PCI_IRQ_MSIX) {
		pci_msix_mask_all(irq, masked);
		return;
	}
	irq->all_masked = masked;
	mask_only(irq);
}
