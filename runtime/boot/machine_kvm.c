/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * machine_kvm.c - the devices of QEMU's machines.
 *
 * virtio devices are looked for where the options say; else on PCI; else,
 * without PCI, where QEMU's machine microvm has them.
 */
#include "arch/io.h"
#include "arch/page.h"
#include "boot/machine.h"
#include "core/panic.h"
#include "dev/pci/pci.h"
#include "dev/virtio/virtio_console.h"
#include "dev/virtio/rng.h"

/*
 * QEMU's hw/i386/microvm.c: virtio-mmio transports and their lines, with
 * acpi=off; without, there is a second I/O APIC that has the lines.
 */
#define MICROVM_VIRTIO_BASE 0xfeb00000UL
#define MICROVM_VIRTIO_SIZE 0x200
#define MICROVM_VIRTIO_COUNT 8
#define MICROVM_VIRTIO_IRQ 5
#define MICROVM_IOAPIC2 0xfec10000UL
#define MICROVM_IOAPIC2_IRQ 24
/* 82093AA: index and window, the version register, a version that exists. */
#define IOAPIC_INDEX 0x00
#define IOAPIC_WINDOW 0x10
#define IOAPIC_VERSION 1
#define IOAPIC_VERSION_MASK 0xf0
#define IOAPIC_VERSION_BAD 0xf0

/* The first device of each kind is ours. */
static struct found {
	struct virtio console, rng;
	bool want_console, has_console, has_rng;
} found;

typedef bool probe_fn(struct virtio *v, const struct bus_device *device);

/* True: all we want is found. */
static bool try_device(const struct bus_device *device, probe_fn *probe)
{
	struct virtio v;

	if (probe(&v, device)) {
		if (v.id == VIRTIO_ID_CONSOLE && !found.has_console) {
			found.console = v;
			found.has_console = true;
		} else if (v.id == VIRTIO_ID_ENTROPY && !found.has_rng) {
			found.rng = v;
			found.has_rng = true;
		}
	}
	return (found.has_console || !found.want_console) && found.has_rng;
}

static bool try_pci(uint32_t address, void *argument)
{
	struct bus_device device = {.kind = BUS_PCI, .base = address};

	(void)argument;
	return try_device(&device, virtio_pci_probe);
}

static unsigned microvm_irq(void)
{
	volatile char *ioapic = page_map_device(MICROVM_IOAPIC2, PAGE_SIZE);
	uint32_t version;

	if (!ioapic)
		return MICROVM_VIRTIO_IRQ;
	mmio_out32(ioapic + IOAPIC_INDEX, IOAPIC_VERSION);
	version = mmio_in32(ioapic + IOAPIC_WINDOW) & IOAPIC_VERSION_MASK;
	return version && version != IOAPIC_VERSION_BAD ? MICROVM_IOAPIC2_IRQ
							: MICROVM_VIRTIO_IRQ;
}

static void find_microvm(void)
{
	struct bus_device device = {
	    .kind = BUS_MMIO,
	    .base = MICROVM_VIRTIO_BASE,
	    .size = MICROVM_VIRTIO_SIZE,
	    .irq = microvm_irq(),
	};

	for (unsigned i = 0; i < MICROVM_VIRTIO_COUNT; i++) {
		if (try_device(&device, virtio_mmio_probe))
			break;
		device.base += device.size;
		device.irq++;
	}
}

static void find_virtio(const struct boot_options *options)
{
	found.want_console = options->console != CONSOLE_SERIAL0;
	if (options->virtio_mmio_count) {
		for (unsigned i = 0; i < options->virtio_mmio_count; i++)
			try_device(&options->virtio_mmio[i], virtio_mmio_probe);
		return;
	}
	if (pci_present())
		pci_scan(try_pci, NULL);
	else
		find_microvm();
}

struct console *machine_console(const struct boot_options *options)
{
	struct console *c = NULL;

	find_virtio(options);
	if (found.want_console && found.has_console)
		c = virtio_console_open(&found.console);
	return c ? c : boot_serial();
}

const char *machine_command_line(const char *line)
{
	return line;
}

void machine_start(const struct boot_options *options)
{
	if (options->console == CONSOLE_VIRTIO0 && !found.has_console)
		log_line(LOG_WARNING, "halvm.console: there is no virtio0");
	pci_list();
	if (found.has_rng)
		virtio_rng_open(&found.rng);
}
