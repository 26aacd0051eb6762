/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * plat/vmware/hypervisor.c, pc/acpi_end.c and pc/efi.c: what machine this is,
 * how it ends, and what EFI left.  QEMU has no VMware's CPUID, rates or time.
 */
#include "check.h"
#include "firmware.h"
#include "vmware_host.h"

#include "arch/cpu.h"
#include "host.h"
#include "pc/acpi.h"
#include "pc/efi.h"
#include "plat/vmware/machine.h"

static struct {
	bool hypervisor;
	uint32_t last_leaf, tsc_khz, apic_khz;
	const char *signature;
} cpu;

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid id = {0, 0, 0, 0};

	(void)subleaf;
	switch (leaf) {
	case 1:
		id.ecx = cpu.hypervisor ? 1u << 31 : 0;
		break;
	case 0x40000000:
		id.eax = cpu.last_leaf;
		memcpy(&id.ebx, cpu.signature, 4);
		memcpy(&id.ecx, cpu.signature + 4, 4);
		memcpy(&id.edx, cpu.signature + 8, 4);
		break;
	case 0x40000010:
		id.eax = cpu.tsc_khz;
		id.ebx = cpu.apic_khz;
		break;
	}
	return id;
}

static struct vmware_machine m;

static void find(const char *manufacturer, const char *serial)
{
	struct smbios_info smbios = {0};

	strcpy(smbios.manufacturer, manufacturer);
	strcpy(smbios.serial, serial);
	hypervisor_find(&smbios, &m);
}

static void start(bool vmware)
{
	host_reset();
	host_cpuid = cpuid;
	memset(&cpu, 0, sizeof cpu);
	cpu.hypervisor = vmware;
	cpu.last_leaf = 0x40000010;
	cpu.signature = "VMwareVMware";
	host.absent = !vmware;
}

static void test_found(void)
{
	start(true);
	find("", "");
	check(m.by_cpuid && !m.by_smbios && m.by_backdoor, "by CPUID");
	cpu.signature = "TCGTCGTCGTCG";
	find("QEMU", "");
	check(!m.by_cpuid && !m.by_smbios && m.by_backdoor, "QEMU's vmport");
	host.absent = true;
	find("VMware, Inc.", "");
	check(m.by_smbios && !m.by_backdoor, "by SMBIOS: the manufacturer");
	find("Somebody", "VMware-56 4d 12");
	check(m.by_smbios, "by SMBIOS: the serial number");
	start(false);
	find("VMware", "");
	check(!m.by_cpuid && !m.by_smbios && !m.by_backdoor,
	      "another machine, though its leaves look like it");
}

static void test_rates(void)
{
	start(true);
	cpu.tsc_khz = 2593906;
	cpu.apic_khz = 66000;
	host.hz = 1;
	find("", "");
	check(m.tsc_hz == 2593906000 && m.apic_hz == 66000000,
	      "rates by CPUID");
	cpu.last_leaf = 0x4000000f;
	host.hz = 5000000001;
	host.apic_hz = 65999999;
	find("", "");
	check(m.tsc_hz == 5000000001 && m.apic_hz == 65999999,
	      "without the leaf: by the backdoor");
	host.hz = 0;
	host.apic_hz = VMWARE_GET_HZ;
	find("", "");
	check(!m.tsc_hz && !m.apic_hz, "a host that doesn't know");
	cpu.last_leaf = 0x40000010;
	cpu.tsc_khz = 2000000;
	cpu.apic_khz = 0;
	host.hz = 3000000000;
	host.apic_hz = 100000000;
	find("", "");
	check(m.tsc_hz == 2000000000 && m.apic_hz == 100000000,
	      "what CPUID leaves out");
	cpu.tsc_khz = UINT32_MAX;
	cpu.apic_khz = 1;
	find("", "");
	check(!m.tsc_hz && !m.apic_hz, "rates that can't be");
	start(false);
	cpu.tsc_khz = 2000000;
	find("", "");
	check(!m.tsc_hz && !m.apic_hz, "no hypervisor: nobody says");
}

static void test_time(void)
{
	start(true);
	host.seconds = 1700000000;
	host.microseconds = 250000;
	check(hypervisor_time() == 1700000000250000000, "the host's time");
	host.microseconds = 1000000;
	check(!hypervisor_time(), "no microseconds");
	host.microseconds = 0;
	host.seconds = 1UL << 40;
	check(!hypervisor_time(), "a time that can't be");
	host.seconds = 0;
	check(!hypervisor_time(), "a host that doesn't say");
	host.absent = true;
	check(!hypervisor_time(), "no host");
}

/* Ports: what was written, and a PM1 register that firmware gives away. */
static char written[256];
static uint32_t pm1;
static bool firmware_lets_go;

static uint32_t port_in(uint16_t port, unsigned size)
{
	return port == 0x604 && size == 2 ? pm1 : 0;
}

static void port_out(uint16_t port, unsigned size, uint32_t value)
{
	size_t n = strlen(written);

	snprintf(written + n, sizeof written - n, "%x/%u=%x ", port, size,
		 value);
	if (port == 0xb2 && firmware_lets_go)
		pm1 |= 1;
}

static const char *end(void (*how)(const struct acpi_info *),
		       const struct acpi_info *acpi, uint32_t value)
{
	written[0] = '\0';
	pm1 = value;
	how(acpi);
	return written;
}

static void test_end(void)
{
	struct acpi_info a = {
	    .can_power_off = true, .pm1a_control = 0x604, .sleep_type_a = 5};

	host_port_in = port_in;
	host_port_out = port_out;
	check_str(end(acpi_power_off, &a, 0x1c01), "604/2=1401 604/2=3401 ",
		  "switched off, other bits kept");
	a.pm1b_control = 0x700;
	a.sleep_type_b = 1;
	check_str(end(acpi_power_off, &a, 1),
		  "604/2=1401 700/2=400 604/2=3401 700/2=2400 ",
		  "by two registers, types first");
	a.pm1b_control = 0;
	a.smi_command = 0xb2;
	a.acpi_enable = 0xa0;
	firmware_lets_go = true;
	check_str(end(acpi_power_off, &a, 0), "b2/1=a0 604/2=1401 604/2=3401 ",
		  "after the firmware let go");
	firmware_lets_go = false;
	check_str(end(acpi_power_off, &a, 0), "b2/1=a0 604/2=1400 604/2=3400 ",
		  "or didn't");
	a.can_power_off = false;
	check_str(end(acpi_power_off, &a, 0), "", "not at all");

	check_str(end(acpi_reset, &a, 0), "", "no reset register");
	a.can_reset = true;
	a.reset = (struct acpi_register){ACPI_PORTS, 0xcf9};
	a.reset_value = 15;
	check_str(end(acpi_reset, &a, 0), "cf9/1=f ", "a port");
	a.reset = (struct acpi_register){ACPI_PCI, 0x1f00030046};
	check_str(end(acpi_reset, &a, 0), "cf8/4=8000fb44 cfe/1=f ",
		  "PCI's configuration space");
	a.reset = (struct acpi_register){ACPI_MEMORY, 0xfed00000};
	check_str(end(acpi_reset, &a, 0), "", "memory: left out");
}

#define SYSTEM 0x7ff00010UL
#define TABLES 0x7ff01004UL

static void test_efi(void)
{
	static const uint8_t smbios3[16] = {0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97,
					    0x2c, 0x4a, 0x99, 0x2e, 0xe5, 0xbb,
					    0xcf, 0x20, 0xe3, 0x94};
	uint8_t *system, *tables;

	firmware_clear();
	system = firmware_add(SYSTEM, 120);
	memcpy(system, "IBI SYST", 8);
	put64(system + 104, 2);
	put64(system + 112, TABLES);
	tables = firmware_add(TABLES, 48);
	memcpy(tables + 24, smbios3, 16);
	put64(tables + 40, 0x7ff0aaaa);
	check(efi_find(SYSTEM, EFI_SMBIOS3, firmware_reach) == 0x7ff0aaaa,
	      "EFI: a table");
	check(!efi_find(SYSTEM, EFI_ACPI2, firmware_reach), "EFI: none");
	check(!efi_find(0, EFI_SMBIOS3, firmware_reach), "no EFI");
	put64(system + 104, 3);
	check(!efi_find(SYSTEM, EFI_SMBIOS3, firmware_reach),
	      "EFI: a list out of reach");
	put64(system + 104, UINT64_MAX / 8);
	check(!efi_find(SYSTEM, EFI_SMBIOS3, firmware_reach),
	      "EFI: a list without end");
	put64(system + 104, 2);
	system[0] = 'X';
	check(!efi_find(SYSTEM, EFI_SMBIOS3, firmware_reach),
	      "EFI: another signature");
	firmware_clear();
}

int main(void)
{
	test_found();
	test_rates();
	test_time();
	test_end();
	test_efi();
	host_reset();
	return check_done();
}
