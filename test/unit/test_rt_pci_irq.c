/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dev/pci/irq.h: interrupts as vmxnet3 and pvscsi have them, as others might,
 * and as none should.
 */
#include "arch/cpu.h"
#include "arch/page.h"
#include "check.h"
#include "dev/pci/irq.h"
#include "halvm/abi/errno.h"
#include "pci_devices.h"

#define PLACE 0x18 /* bus 0, device 3 */
#define TABLE_PHYS 0xfebc8000UL

static struct pci_irq irq;
static struct pci_function function;
static struct pci_machine_function *m;
static unsigned calls[4];

static void handler(void *argument)
{
	++*(unsigned *)argument;
}

static void start_device(struct pci_machine_function *add(uint32_t address))
{
	pci_machine_start();
	pci_device_bridge(0);
	m = add(PLACE);
	pci_machine.fill = 0;
	pci_identify(PLACE, &function);
	memset(calls, 0, sizeof(calls));
}

/* Entry i of the MSI-X table, as four dwords. */
static uint32_t *entry(unsigned i)
{
	volatile char *table = pci_machine_map(TABLE_PHYS, 25 * 16);

	return (uint32_t *)(uintptr_t)(table + i * 16);
}

static uint16_t config16(unsigned reg)
{
	return (uint16_t)(m->config[reg] | m->config[reg + 1] << 8);
}

static void raise_entry(unsigned i)
{
	host_raise_message((uint64_t)entry(i)[1] << 32 | entry(i)[0],
			   entry(i)[2]);
}

static void test_vectors(void)
{
	bool masked = true;

	start_device(pci_device_vmxnet3);
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 3) == 3 &&
		  irq.kind == PCI_IRQ_MSIX,
	      "vmxnet3: MSI-X, three vectors of 25");
	for (unsigned i = 0; i < 25; i++)
		masked = masked && entry(i)[3] == 1;
	check(masked, "all entries of the table are masked");
	check(config16(0x9e) == 0x8018, "MSI-X is on, the function not masked");
	check(config16(4) & PCI_COMMAND_NO_INTX, "the line is off");
	check(!(config16(0x86) & 1), "and so is MSI");
	raise_entry(1);
	check(calls[1] == 0, "a vector that nobody has taken does no harm");
	for (unsigned i = 0; i < 3; i++)
		pci_irq_attach(&irq, i, handler, &calls[i]);
	check(!entry(0)[3] && !entry(1)[3] && !entry(2)[3] && entry(3)[3] == 1,
	      "those attached are unmasked");
	raise_entry(2);
	raise_entry(0);
	raise_entry(2);
	check(calls[0] == 1 && calls[1] == 0 && calls[2] == 2,
	      "each calls its own handler");
	pci_irq_mask(&irq, 1, true);
	check(entry(1)[3] == 1 && entry(0)[3] == 0, "masked one by one");
	pci_irq_mask(&irq, 1, false);
	check(entry(1)[3] == 0, "and no longer");
	pci_irq_mask_all(&irq, true);
	check(config16(0x9e) == 0xc018, "the function's mask");
	pci_irq_mask_all(&irq, false);
	check(config16(0x9e) == 0x8018, "taken off");
}

static void test_how_many(void)
{
	start_device(pci_device_vmxnet3);
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 1000) ==
		  PCI_VECTORS_MAX,
	      "as many as we use at most");
	start_device(pci_device_vmxnet3);
	m->config[0x9e] = 1;
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 8) == 2,
	      "as many as it has");
	start_device(pci_device_vmxnet3);
	host_messages_left = 2;
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 8) == 2 &&
		  irq.kind == PCI_IRQ_MSIX,
	      "as many as the platform has");
	start_device(pci_device_vmxnet3);
	host_messages_left = 0;
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 8) == 1 &&
		  irq.kind == PCI_IRQ_LINE && config16(0x9e) == 0x4018,
	      "none: the line, with MSI-X off");
	start_device(pci_device_vmxnet3);
	host_messages_left = 0;
	check(pci_irq_open(&irq, &function, PCI_IRQ_MSIX, 8) == -ENOSPC &&
		  pci_irq_open(&irq, &function, 0, 8) == -ENODEV &&
		  pci_irq_open(&irq, &function, PCI_IRQ_ANY, 0) == -ENODEV,
	      "nothing that would do");
}

static void test_msi(void)
{
	start_device(pci_device_pvscsi);
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 4) == 1 &&
		  irq.kind == PCI_IRQ_MSI,
	      "pvscsi: MSI, one vector");
	check(!(config16(0x7e) & 1), "without mask bits it is masked by off");
	pci_irq_attach(&irq, 0, handler, &calls[0]);
	check(config16(0x7e) == 0x81 && config16(4) & PCI_COMMAND_NO_INTX,
	      "on, the line off");
	host_raise_message(pci_machine_dword(m, 0x80), config16(0x88));
	check(calls[0] == 1 && pci_machine_dword(m, 0x84) == 0,
	      "the message, 64 bits");
	pci_irq_mask_all(&irq, true);
	pci_irq_mask(&irq, 0, true);
	pci_irq_mask(&irq, 0, false);
	check(config16(0x7e) == 0x80, "both masks must let it through");
	pci_irq_mask_all(&irq, false);
	check(config16(0x7e) == 0x81, "they do");
	/* 32 bits, mask bits, 4 messages enabled by somebody. */
	start_device(pci_device_pvscsi);
	pci_machine_set(m, 0x7e, 2, 0x0125);
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 4) == 1 &&
		  config16(0x7e) == 0x0105 && pci_machine_dword(m, 0x88) == 1,
	      "with mask bits it is on, and masked by them");
	pci_irq_attach(&irq, 0, handler, &calls[0]);
	check(pci_machine_dword(m, 0x88) == 0, "unmasked");
	host_raise_message(pci_machine_dword(m, 0x80), config16(0x84));
	check(calls[0] == 1, "the message, 32 bits");
}

static void test_line(void)
{
	start_device(pci_device_pvscsi);
	check(pci_irq_open(&irq, &function, PCI_IRQ_MSIX | PCI_IRQ_LINE, 1) ==
		      1 &&
		  irq.kind == PCI_IRQ_LINE && config16(4) & PCI_COMMAND_NO_INTX,
	      "the line, masked");
	host_raise_irq(10);
	pci_irq_attach(&irq, 0, handler, &calls[0]);
	check(!(config16(4) & PCI_COMMAND_NO_INTX), "unmasked");
	host_raise_irq(10);
	check(calls[0] == 1, "its handler");
	pci_irq_mask_all(&irq, true);
	check(config16(4) & PCI_COMMAND_NO_INTX, "masked again");
	start_device(pci_device_pvscsi);
	function.pin = 0;
	check(pci_irq_open(&irq, &function, PCI_IRQ_LINE, 1) == -ENODEV,
	      "a function without a line");
	start_device(pci_device_pvscsi);
	function.line = 200;
	check(pci_irq_open(&irq, &function, PCI_IRQ_LINE, 1) == -EINVAL,
	      "a line that the platform hasn't");
}

/* vmxnet3 with another MSI-X capability; what it then gets. */
static enum pci_irq_kind kind_with(uint16_t control, uint32_t table,
				   uint32_t pending)
{
	start_device(pci_device_vmxnet3);
	pci_machine_set(m, 0x9e, 2, control);
	pci_machine_set(m, 0xa0, 4, table);
	pci_machine_set(m, 0xa4, 4, pending);
	return pci_irq_open(&irq, &function, PCI_IRQ_ANY, 2) < 0 ? 0 : irq.kind;
}

static void test_bad_tables(void)
{
	check(kind_with(0x18, 2, 0x1002) == PCI_IRQ_MSIX, "a good table");
	check(kind_with(0x18, 0x1e7a, 0x1002) == PCI_IRQ_MSI,
	      "a table that ends behind its BAR");
	check(kind_with(0x18, 0x1e72, 0x1002) == PCI_IRQ_MSIX,
	      "one that ends with it");
	check(kind_with(0x18, 0xfffffffa, 0x1002) == PCI_IRQ_MSI,
	      "one that begins far behind it");
	check(kind_with(0x7ff, 2, 1) == PCI_IRQ_MSI, "2048 don't fit");
	check(kind_with(0xff, 2, 1) == PCI_IRQ_MSIX, "256 do");
	check(kind_with(0x18, 3, 0x1002) == PCI_IRQ_MSI, "a BAR of size 0");
	check(kind_with(0x18, 6, 0x1002) == PCI_IRQ_MSI, "BAR 6");
	check(kind_with(0x18, 7, 7) == PCI_IRQ_MSI, "BAR 7");
	check(kind_with(0x18, 2, 2) == PCI_IRQ_MSI, "two tables in one place");
	check(kind_with(0x18, 2, 0x182) == PCI_IRQ_MSI, "that overlap");
	check(kind_with(0x18, 2, 0x192) == PCI_IRQ_MSIX, "that don't");
	check(kind_with(0x18, 2, 0x2002) == PCI_IRQ_MSI,
	      "what is pending lies behind the BAR");
	check(kind_with(0x18, 0, 0x1002) == PCI_IRQ_MSIX, "in two BARs");
	start_device(pci_device_vmxnet3);
	m->config[0x34] = 0xf8;
	m->config[0xf8] = PCI_CAP_MSIX;
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 2) == 1 &&
		  irq.kind == PCI_IRQ_LINE,
	      "a capability that reaches beyond configuration space");
	start_device(pci_device_vmxnet3);
	m->config[0x34] = 0xf4;
	m->config[0xf4] = PCI_CAP_MSI;
	m->config[0xf6] = 0x80;
	check(pci_irq_open(&irq, &function, PCI_IRQ_MSI, 2) == -ENODEV,
	      "so does MSI, with 64 bits");
	start_device(pci_device_vmxnet3);
	m->config[0x14] = m->config[0x15] = m->config[0x16] = 0;
	pci_machine_set(m, 0x18, 4, 0xc001);
	m->bar_bits[2] = ~0xfffU;
	check(pci_irq_open(&irq, &function, PCI_IRQ_ANY, 2) == 1 &&
		  irq.kind == PCI_IRQ_MSI,
	      "a table among ports");
}

int main(void)
{
	host_ram_start(1 << 21);
	irq_enable();
	test_vectors();
	test_how_many();
	test_msi();
	test_line();
	test_bad_tables();
	return check_done();
}
