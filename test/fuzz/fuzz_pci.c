/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzzer of PCI (dev/pci, dev/virtio/pci.c): the input is configuration space.
 *
 *	1 byte	0: values keep; else one bit is another every so many reads
 *	1 byte	bit 0: no function decodes its address; the rest: what
 *		devices' memory is full of
 *	then, for each function:
 *	2 bytes	its address: device and function, bus
 *	6 bytes	for each BAR, how many of its low bits are fixed; 0xff: all
 *	256 bytes
 *
 * Whatever it is, looking at all of it ends soon, writes what may be written
 * and leaves BARs as they were, and maps only what a BAR covers
 *(pci_machine.h).
 */
#include "pci_machine.h"

#include "arch/page.h"
#include "dev/pci/irq.h"
#include "dev/virtio/virtio.h"

#define RECORD 264
#define FUNCTIONS_MAX 32
/* 256 buses of 256 functions, each read so often. */
#define READS_MAX (65536UL * 400)

static unsigned seen;

static void handler(void *argument)
{
	++*(unsigned *)argument;
}

static void use_capabilities(const struct pci_function *f)
{
	struct pci_capabilities c;
	unsigned at, n = 0;

	for (unsigned id = 0; id < 256; id += 9) {
		pci_capabilities_start(&c, f);
		while ((at = pci_capabilities_next(&c, (uint8_t)id, 16))) {
			if (at < 0x40 || at + 16 > 256 || at % 4)
				abort();
			n++;
		}
	}
	if (n > 48 * 29)
		abort();
}

static void use_bars(const struct pci_function *f)
{
	struct pci_bar bar;

	for (unsigned n = 0; n < 8; n++) {
		if (!pci_bar(f, n, &bar))
			continue;
		if (!bar.base || !bar.size || bar.base % bar.size)
			abort();
		if (bar.ports ? bar.base + bar.size > 0x10000
			      : bar.base + bar.size > 1UL << 46)
			abort();
		if (pci_map(&bar, bar.size, 1) ||
		    pci_map(&bar, 1, (size_t)bar.size))
			abort();
	}
}

static void use_interrupts(const struct pci_function *f)
{
	static struct pci_irq irq; /* the platform keeps its address */
	int n;

	host_forget_interrupts();
	n = pci_irq_open(&irq, f, PCI_IRQ_ANY, 3);
	if (n > 3 || n == 0)
		abort();
	for (int i = 0; i < n; i++) {
		pci_irq_attach(&irq, (unsigned)i, handler, &seen);
		pci_irq_mask(&irq, (unsigned)i, true);
	}
	if (n > 0) {
		pci_irq_mask_all(&irq, true);
		pci_irq_mask_all(&irq, false);
	}
}

static void use_virtio(uint32_t address)
{
	struct bus_device device = {.kind = BUS_PCI, .base = address};
	struct virtio_queue_place place = {.size = 8};
	static struct virtio v;

	host_forget_interrupts();
	if (!virtio_pci_probe(&v, &device))
		return;
	virtio_acknowledge(&v);
	if (v.transport->interrupt(&v, handler, &seen))
		return;
	for (unsigned i = 0; i < 2; i++)
		if (v.transport->queue_max(&v, i) &&
		    v.transport->queue_setup(&v, i, &place) == 0)
			v.transport->notify(&v, i);
}

static bool use(uint32_t address, void *argument)
{
	struct pci_function f;
	unsigned *used = argument;

	/* They say all the same where nobody decodes addresses. */
	if (++*used > (pci_machine.mirrored ? 4U : 64U) ||
	    !pci_identify(address, &f))
		return false;
	use_capabilities(&f);
	use_bars(&f);
	use_interrupts(&f);
	use_virtio(address);
	return false;
}

static bool refuse(const struct pci_function *f, const struct pci_id *id,
		   void *argument)
{
	(void)argument;
	if (id->device != PCI_ANY && id->device != f->device)
		abort();
	return false;
}

static void add_function(const uint8_t *data)
{
	struct pci_machine_function *f =
	    pci_machine_add(data[0] | (uint32_t)data[1] << 8);

	memcpy(f->config, data + 8, 256);
	for (unsigned i = 0; i < 6; i++)
		f->bar_bits[i] = data[2 + i] < 32 ? ~0U << data[2 + i] : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pci_id table[] = {
	    {0x15ad, 0x07b0, 0, 0},
	    {PCI_ANY, PCI_ANY, 0x010000, 0xffff00},
	    {0, 0, 0, 0},
	};
	static struct pci_machine_function before[FUNCTIONS_MAX];
	unsigned used = 0;

	if (size < 2)
		return 0;
	if (!host_ram)
		host_ram_start(1 << 21);
	pci_machine_start();
	pci_machine.flip = data[0];
	pci_machine.mirrored = data[1] & 1;
	pci_machine.fill = data[1] >> 1;
	for (data += 2, size -= 2;
	     size >= RECORD && pci_machine.count < FUNCTIONS_MAX;
	     data += RECORD, size -= RECORD)
		add_function(data);
	memcpy(before, pci_machine.function,
	       pci_machine.count * sizeof(*before));
	pci_scan(use, &used);
	if (!pci_machine.mirrored && pci_find(table, refuse, NULL))
		abort();
	if (pci_machine.reads > READS_MAX)
		abort();
	for (unsigned i = 0; !pci_machine.flip && i < pci_machine.count; i++)
		if (memcmp(before[i].config + 0x10,
			   pci_machine.function[i].config + 0x10, 0x30))
			abort();
	return 0;
}
