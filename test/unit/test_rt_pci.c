/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dev/pci: which functions there are, what they have and where, on machines as
 * they are and on such as can't be.
 */
#include "arch/page.h"
#include "check.h"
#include "dev/pci/pci.h"
#include "halvm/abi/errno.h"
#include "pci_devices.h"

#define AT(bus, device, function)                                              \
	((uint32_t)(bus) << 8 | (device) << 3 | (function))

static uint32_t found[70000];
static unsigned found_count;

static bool note(uint32_t address, void *argument)
{
	(void)argument;
	found[found_count++] = address;
	return false;
}

static bool stop(uint32_t address, void *argument)
{
	note(address, argument);
	return found_count == *(unsigned *)argument;
}

static unsigned scan(void)
{
	found_count = 0;
	pci_scan(note, NULL);
	return found_count;
}

static void start(void)
{
	pci_machine_start();
	pci_device_bridge(0);
}

/* A function with nothing in it but its ids. */
static struct pci_machine_function *plain(uint32_t address)
{
	struct pci_machine_function *f = pci_machine_add(address);

	pci_machine_set(f, 0, 4, 0x12345678);
	return f;
}

static void test_scan(void)
{
	unsigned limit = 2;

	pci_machine_start();
	check(!pci_present() && scan() == 0, "no PCI");
	start();
	check(pci_present() && scan() == 1, "a host bridge alone");
	plain(AT(0, 3, 0));
	plain(AT(0, 3, 1));
	plain(AT(0, 4, 2));
	check(scan() == 2 && found[1] == AT(0, 3, 0),
	      "functions count only beside function 0, where it says so");
	pci_machine_at(AT(0, 3, 0))->config[0x0e] = 0x80;
	pci_machine_at(AT(0, 3, 1))->config[0x0e] = 0x80;
	check(scan() == 3 && found[2] == AT(0, 3, 1), "it says so");
	pci_machine_set(pci_machine_at(AT(0, 3, 1)), 0, 2, 0);
	check(scan() == 2, "vendor 0 is nobody");
	found_count = 0;
	pci_scan(stop, &limit);
	check(found_count == 2, "no more than is wanted");
}

static void test_bridges(void)
{
	start();
	pci_device_pci_bridge(AT(0, 5, 0), 7);
	pci_device_pci_bridge(AT(7, 0, 0), 3);
	plain(AT(7, 31, 0));
	plain(AT(3, 1, 0));
	check(scan() == 5 && found[2] == AT(7, 0, 0) && found[4] == AT(3, 1, 0),
	      "behind bridges");
	pci_device_pci_bridge(AT(0, 6, 0), 0);
	pci_device_pci_bridge(AT(3, 2, 0), 3);
	pci_device_pci_bridge(AT(3, 3, 0), 7);
	pci_device_pci_bridge(AT(3, 4, 0), 0);
	check(scan() == 9, "bridges to their own bus, and back");
	/* All buses in a chain, and each bridge eight times. */
	start();
	for (unsigned bus = 0; bus < 255; bus++)
		pci_device_pci_bridge(AT(bus, 9, 0), bus + 1);
	check(scan() == 256, "256 buses deep");
	pci_machine.mirrored = true;
	pci_machine.function[0] = pci_machine.function[1];
	pci_machine.function[0].config[0x0e] |= 0x80;
	check(scan() == 2 * 256, "what decodes no address");
}

static void test_flipping(void)
{
	unsigned long reads = 0;

	for (unsigned flip = 1; flip < 40; flip++) {
		start();
		for (unsigned bus = 0; bus < 200; bus++)
			pci_device_pci_bridge(AT(bus, 9, 0), bus + 1);
		pci_machine.flip = flip;
		scan();
		if (pci_machine.reads > reads)
			reads = pci_machine.reads;
	}
	check(reads && reads < 65536 * 3, "changing values: %lu reads", reads);
}

static bool take(const struct pci_function *f, const struct pci_id *id,
		 void *argument)
{
	(void)id;
	found[found_count++] = f->address;
	return argument && f->address == *(uint32_t *)argument;
}

static void test_find(void)
{
	static const struct pci_id vmware[] = {
	    {0x15ad, 0x07b0, 0, 0}, {0x15ad, 0x07c0, 0, 0}, {0, 0, 0, 0}};
	static const struct pci_id scsi[] = {
	    {PCI_ANY, PCI_ANY, 0x010000, 0xffff00}, {0, 0, 0, 0}};
	static const struct pci_id vendor[] = {{0x15ad, PCI_ANY, 0, 0},
					       {0, 0, 0, 0}};
	uint32_t want = AT(0, 2, 0);

	start();
	pci_device_pvscsi(AT(0, 2, 0));
	pci_device_pci_bridge(AT(0, 4, 0), 1);
	pci_device_vmxnet3(AT(1, 3, 0));
	found_count = 0;
	check(!pci_find(vmware, take, NULL) && found_count == 2 &&
		  found[0] == AT(0, 2, 0) && found[1] == AT(1, 3, 0),
	      "by vendor and device, none taken");
	found_count = 0;
	check(!pci_find(scsi, take, NULL) && found_count == 1 &&
		  found[0] == AT(0, 2, 0),
	      "by class");
	found_count = 0;
	check(pci_find(vendor, take, &want) && found_count == 1,
	      "by vendor, the first taken");
}

static void test_identify(void)
{
	struct pci_function f;

	start();
	pci_device_vmxnet3(AT(0, 3, 0));
	pci_device_pci_bridge(AT(0, 4, 0), 1)->config[0x3d] = 9;
	check(pci_identify(AT(0, 3, 0), &f) && f.vendor == 0x15ad &&
		  f.device == 0x07b0 && f.subsystem_vendor == 0x15ad &&
		  f.subsystem == 0x07b0 && f.class == 0x020000 &&
		  f.revision == 1 && f.header == PCI_HEADER_DEVICE &&
		  f.line == 11 && f.pin == 1,
	      "vmxnet3 is what it is");
	check(!pci_identify(AT(0, 3, 1), &f), "and has one function");
	check(pci_identify(AT(0, 4, 0), &f) && f.header == PCI_HEADER_BRIDGE &&
		  f.subsystem == 0 && f.pin == 0,
	      "a bridge has no subsystem, and no such pin");
	pci_machine_at(AT(0, 3, 0))->config[0x3c] = 0xff;
	check(pci_identify(AT(0, 3, 0), &f) && f.pin == 0, "no such line");
	check(pci_in32(AT(0, 3, 0), 0x100) == UINT32_MAX &&
		  pci_in16(AT(0, 3, 0), 0x13c) == 0xffff,
	      "nothing is beyond configuration space");
	pci_out32(AT(0, 3, 0), 0x110, 0);
	pci_out16(AT(0, 3, 0), 0x104, 0);
	check(pci_machine.writes == 0, "nor is anything written there");
}

static void test_enable(void)
{
	struct pci_function f;
	struct pci_machine_function *m;

	start();
	m = pci_device_pvscsi(AT(0, 2, 0));
	pci_identify(AT(0, 2, 0), &f);
	check(pci_enable(&f, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER) == 0 &&
		  pci_machine.writes == 0,
	      "what is on stays on");
	pci_machine_set(m, 4, 2, 0x0140);
	check(pci_enable(&f, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER) == 0 &&
		  m->config[4] == 0x46 && m->config[5] == 1,
	      "memory and bus master, and what was there");
	pci_set_no_intx(&f, true);
	check(m->config[5] == 5, "no INTx");
	pci_set_no_intx(&f, false);
	check(m->config[5] == 1, "INTx");
	f.address = AT(0, 7, 0);
	m->address = AT(0, 8, 0);
	pci_machine_set(plain(AT(0, 9, 0)), 4, 2, 0);
	check(pci_enable(&f, PCI_COMMAND_IO) == 0,
	      "nobody there: all bits read as 1");
}

static unsigned count_capabilities(uint32_t address, uint8_t id, unsigned size)
{
	struct pci_capabilities c;
	struct pci_function f;
	unsigned n = 0;

	pci_identify(address, &f);
	pci_capabilities_start(&c, &f);
	while (pci_capabilities_next(&c, id, size))
		n++;
	return n + (pci_capabilities_next(&c, id, size) ? 1000 : 0);
}

static void test_capabilities(void)
{
	struct pci_machine_function *m;
	struct pci_function f;

	start();
	pci_device_vmxnet3(AT(0, 3, 0));
	pci_identify(AT(0, 3, 0), &f);
	check(pci_capability(&f, PCI_CAP_MSIX, 12) == 0x9c &&
		  pci_capability(&f, PCI_CAP_MSI, 14) == 0x84 &&
		  pci_capability(&f, PCI_CAP_VENDOR, 2) == 0,
	      "those of vmxnet3");
	m = plain(AT(0, 5, 0));
	m->config[0x34] = 0x40;
	m->config[0x40] = PCI_CAP_VENDOR;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 0,
	      "the status says there are none");
	m->config[0x06] = 0x10;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 1, "one");
	m->config[0x41] = 0x40;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 1,
	      "one that is the next of itself");
	for (unsigned at = 0x40; at < 0x100; at += 4) {
		m->config[at] = PCI_CAP_VENDOR;
		m->config[at + 1] = (uint8_t)(at + 7); /* not aligned */
	}
	m->config[0xfd] = 0x80;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 48,
	      "as many as there is room for, in a loop");
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 20) == 44,
	      "those that have room for 20 bytes");
	m->config[0x34] = 0x3c;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 0,
	      "a list that begins in the header");
	m->config[0x34] = 0x40;
	m->config[0x0e] = 2;
	check(count_capabilities(m->address, PCI_CAP_VENDOR, 4) == 0,
	      "a header of another kind");
}

static struct pci_bar bar;

/* BAR n of a function whose BARs, and the bits of them, are these. */
static bool has_bar(unsigned n, uint32_t low, uint32_t low_bits, uint32_t high,
		    uint32_t high_bits)
{
	struct pci_machine_function *m;
	struct pci_function f;
	bool has;

	start();
	m = plain(AT(0, 5, 0));
	pci_machine_set(m, 4, 2, 7);
	pci_machine_set(m, 0x10 + n * 4, 4, low);
	m->bar_bits[n] = low_bits;
	if (n < 5) {
		pci_machine_set(m, 0x14 + n * 4, 4, high);
		m->bar_bits[n + 1] = high_bits;
	}
	pci_identify(m->address, &f);
	has = pci_bar(&f, n, &bar);
	if (pci_machine_dword(m, 0x10 + n * 4) != low ||
	    (n < 5 && pci_machine_dword(m, 0x14 + n * 4) != high) ||
	    m->config[4] != 7)
		check(false, "BAR %u of %08x isn't left as it was", n, low);
	return has;
}

static void test_bars(void)
{
	check(has_bar(0, 0xfeb00000, 0xfffff000, 0, 0) && !bar.ports &&
		  bar.base == 0xfeb00000 && bar.size == 0x1000,
	      "32 bits of memory");
	check(has_bar(5, 0xc000000a, 0xfffffff0, 0, 0) && bar.size == 16,
	      "the last and smallest, below 1 MiB as it was once");
	check(has_bar(2, 0xc, ~0xfffffU, 0x38, ~0U) &&
		  bar.base == 0x3800000000 && bar.size == 0x100000,
	      "64 bits, prefetchable");
	check(has_bar(0, 4, 0, 0x38, ~7U) && bar.base == 0x3800000000 &&
		  bar.size == 0x800000000,
	      "32 GiB");
	check(pci_map(&bar, 0x800000000, 1) == NULL &&
		  pci_map(&bar, 0x7fffffff0, 17) == NULL &&
		  pci_map(&bar, UINT64_MAX, 2) == NULL,
	      "nothing is mapped beyond it");
	check(pci_map(&bar, 0x7fffffff0, 16) != NULL, "its end can be");
	check(has_bar(1, 0xc001, 0xffffffe0, 0, 0) && bar.ports &&
		  bar.base == 0xc000 && bar.size == 32 && !pci_map(&bar, 0, 1),
	      "ports");
	check(has_bar(1, 0xc001, 0xffe0, 0, 0) && bar.size == 32,
	      "ports without the upper half");
}

static void test_bad_bars(void)
{
	check(!has_bar(0, 0, 0, 0, 0), "no BAR");
	check(!has_bar(0, 0xfeb00000, 0, 0, 0), "of no size");
	check(!has_bar(0, 0, 0xfffff000, 0, 0), "without a place");
	check(!has_bar(0, 0xfeb00000, 0xff0ff000, 0, 0), "of an odd size");
	check(!has_bar(0, 0xfeb01000, 0xffffc000, 0, 0), "not aligned");
	check(!has_bar(5, 0xfeb00004, 0xfffff000, 0, 0),
	      "64 bits without the other half");
	check(!has_bar(0, 0xfee00000, 0xfffff000, 0, 0), "on the local APIC");
	check(!has_bar(0, 0xf0000000, 0xf0000000, 0, 0), "around the APICs");
	check(!has_bar(0, 4, ~0xfffU, 0x4000, ~0U), "beyond what is mapped");
	check(has_bar(0, 4, 0, 0x2000, 0xffffe000), "that ends with it");
	check(!has_bar(0, 4, 0, 0, 0), "64 bits of nothing");
	check(!has_bar(0, 0xe001, 0xffffe7e0, 0, 0), "ports of an odd size");
	check(!has_bar(0, 0x1c001, 0xffffffe0, 0, 0), "ports beyond the last");
	check(!has_bar(0, 1, 0xffffffe0, 0, 0), "ports without a place");
}

static void test_where_bars_begin(void)
{
	struct pci_machine_function *m;
	struct pci_function f;

	has_bar(0, 0xc, ~0xfffffU, 0xfeb00000, ~0U);
	pci_identify(AT(0, 5, 0), &f);
	check(!pci_bar(&f, 1, &bar), "no BAR begins in an upper half");
	check(!pci_bar(&f, 6, &bar) && !pci_bar(&f, 1000, &bar),
	      "there are six");
	start();
	m = pci_device_pci_bridge(AT(0, 5, 0), 3);
	pci_machine_set(m, 0x14, 4, 0xfeb00004);
	m->bar_bits[1] = ~0xfffU;
	pci_identify(m->address, &f);
	check(!pci_bar(&f, 1, &bar), "64 bits, the last of a bridge");
	pci_machine_set(m, 0x14, 4, 0xfeb00000);
	check(pci_bar(&f, 1, &bar), "32 bits, the last of a bridge");
	check(!pci_bar(&f, 2, &bar), "bus numbers are no BAR");
	f.header = 2;
	check(!pci_bar(&f, 0, &bar), "a header of another kind has none");
	/* A device that forgets where it was. */
	start();
	m = plain(AT(0, 5, 0));
	pci_machine_set(m, 0x10, 4, 0xfeb00000);
	m->bar_bits[0] = ~0xfffU;
	pci_identify(m->address, &f);
	pci_machine.flip = pci_machine.reads + 4;
	check(!pci_bar(&f, 0, &bar), "it isn't where it was put");
}

static void test_ram(void)
{
	uintptr_t at;

	start();
	host_ram_start(4 << 20);
	at = (uintptr_t)phys_to_virt(0x200000);
	page_map(at, 0x200000, PAGE_SIZE, PAGE_READ | PAGE_WRITE);
	check(!has_bar(0, 0x200000, 0xfffff000, 0, 0), "a BAR on RAM");
	check(!has_bar(0, 0x200000, 0xffe00000, 0, 0), "one that begins there");
	check(has_bar(0, 0x201000, 0xfffff000, 0, 0), "one behind it");
	page_unmap(at, at + PAGE_SIZE, NULL, NULL);
}

int main(void)
{
	host_ram_start(1 << 21);
	test_scan();
	test_bridges();
	test_flipping();
	test_find();
	test_identify();
	test_enable();
	test_capabilities();
	test_bars();
	test_bad_bars();
	test_where_bars_begin();
	test_ram();
	return check_done();
}
