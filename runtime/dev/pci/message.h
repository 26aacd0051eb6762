/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * message.h - the two kinds of message-signalled interrupts, for irq.c.
 *
 * *_open: how many vectors are set up, each masked and calling
 * pci_vector_handler; -ENODEV if the function hasn't this kind, or -errno.
 */
#ifndef DEV_PCI_MESSAGE_H
#define DEV_PCI_MESSAGE_H

#include "dev/pci/irq.h"

/* Calls what is attached to a struct pci_vector, if anything is. */
void pci_vector_handler(void *vector);

int pci_msix_open(struct pci_irq *irq, unsigned wanted);
void pci_msix_mask(struct pci_irq *irq, unsigned vector, bool masked);
void pci_msix_mask_all(struct pci_irq *irq, bool masked);

int pci_msi_open(struct pci_irq *irq);
void pci_msi_mask(struct pci_irq *irq, bool masked);
/* By the capability itself: also without mask bits. */
void pci_msi_switch(struct pci_irq *irq, bool on);

#endif
