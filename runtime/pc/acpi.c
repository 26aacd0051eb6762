/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * acpi.c - root pointer, lists of tables, and what the tables hold that
 * acpi.h names (ACPI 6.4, 5.2.5 to 5.2.12).
 *
 * Nothing in them is aligned, so all fields are read byte by byte.
 */
#include "pc/acpi.h"

#include "lib/string.h"
#include "pc/acpi_table.h"

/* Root pointer, 5.2.5.3. */
#define RSDP_SIGNATURE "RSD PTR "
#define RSDP_SIZE_OLD 20
#define RSDP_SIZE 36
#define RSDP_SIZE_MAX 4096
#define RSDP_REVISION 15
#define RSDP_RSDT 16
#define RSDP_LENGTH 20
#define RSDP_XSDT 24
/* Where a BIOS leaves it, 5.2.5.1: paragraphs of two areas. */
#define EBDA_SEGMENT 0x40e
#define EBDA_SCAN 1024
#define EBDA_LOWEST 0x400
#define BIOS_BASE 0xe0000
#define BIOS_SIZE 0x20000
#define PARAGRAPH 16

/* Fixed description table, 5.2.9. */
enum {
	FADT_DSDT = 40,
	FADT_SMI_COMMAND = 48,
	FADT_ACPI_ENABLE = 52,
	FADT_PM1A_CONTROL = 64,
	FADT_PM1B_CONTROL = 68,
	FADT_FLAGS = 112,
	FADT_RESET = 116,
	FADT_RESET_VALUE = 128,
	FADT_X_DSDT = 140,
	FADT_X_PM1A_CONTROL = 172,
	FADT_X_PM1B_CONTROL = 184,
};
#define FADT_RESET_SUPPORTED (1u << 10)
#define FADT_HARDWARE_REDUCED (1u << 20)
/* A generic address: space, width, offset, access, and the address. */
#define GENERIC_SIZE 12
#define GENERIC_ADDRESS 4

/* Interrupt controllers, 5.2.12. */
#define MADT_ENTRIES 44
#define MADT_IOAPIC 1
#define MADT_IOAPIC_SIZE 12
#define MADT_OVERRIDE 2
#define MADT_OVERRIDE_SIZE 10
#define POLARITY_MASK 3
#define POLARITY_LOW 3
#define TRIGGER_MASK 12
#define TRIGGER_LEVEL 12

static bool sums_to_zero(const uint8_t *bytes, size_t n)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return sum == 0;
}

bool acpi_table_read(uint64_t address, struct acpi_table *t, boot_reach *reach)
{
	const uint8_t *head;
	uint32_t size;

	if (!address)
		return false;
	head = reach(address, ACPI_HEADER_SIZE);
	if (!head)
		return false;
	size = acpi_get32(head + ACPI_HEADER_LENGTH);
	if (size < ACPI_HEADER_SIZE || size > ACPI_TABLE_MAX)
		return false;
	t->bytes = reach(address, size);
	t->size = size;
	return t->bytes && sums_to_zero(t->bytes, size);
}

static bool has_signature(const struct acpi_table *t, const char *signature)
{
	return memcmp(t->bytes, signature, 4) == 0;
}

/* A field of a table; tables of earlier versions are shorter: 0. */
static uint64_t field(const struct acpi_table *t, unsigned at, unsigned size)
{
	if (t->size < at + size)
		return 0;
	switch (size) {
	case 1:
		return t->bytes[at];
	case 4:
		return acpi_get32(t->bytes + at);
	default:
		return acpi_get64(t->bytes + at);
	}
}

/* A root pointer of this machine, or NULL. */
static const uint8_t *root_at(uint64_t address, boot_reach *reach)
{
	const uint8_t *root = reach(address, RSDP_SIZE_OLD);

	if (!root || memcmp(root, RSDP_SIGNATURE, 8) != 0 ||
	    !sums_to_zero(root, RSDP_SIZE_OLD))
		return NULL;
	return root;
}

static uint64_t scan(uint64_t base, size_t size, boot_reach *reach)
{
	for (size_t at = 0; at + RSDP_SIZE_OLD <= size; at += PARAGRAPH)
		if (root_at(base + at, reach))
			return base + at;
	return 0;
}

static uint64_t find_root(boot_reach *reach)
{
	const uint8_t *segment = reach(EBDA_SEGMENT, 2);
	uint64_t base = 0, found = 0;

	if (segment)
		base = (uint64_t)(segment[0] | segment[1] << 8) * PARAGRAPH;
	if (base >= EBDA_LOWEST)
		found = scan(base, EBDA_SCAN, reach);
	return found ? found : scan(BIOS_BASE, BIOS_SIZE, reach);
}

/* The list of tables: entry_size 8 for an XSDT, 4 for an RSDT. */
struct table_list {
	struct acpi_table table;
	unsigned entry_size;
};

static bool read_list(uint64_t address, const char *signature,
		      unsigned entry_size, struct table_list *list,
		      boot_reach *reach)
{
	list->entry_size = entry_size;
	return acpi_table_read(address, &list->table, reach) &&
	       has_signature(&list->table, signature);
}

static bool find_list(uint64_t address, struct table_list *list,
		      boot_reach *reach)
{
	const uint8_t *root = root_at(address, reach), *whole;
	uint32_t size;

	if (root[RSDP_REVISION] >= 2 && (whole = reach(address, RSDP_SIZE))) {
		size = acpi_get32(whole + RSDP_LENGTH);
		if (size >= RSDP_SIZE && size <= RSDP_SIZE_MAX)
			whole = reach(address, size);
		else
			whole = NULL;
		if (whole && sums_to_zero(whole, size) &&
		    read_list(acpi_get64(whole + RSDP_XSDT), "XSDT", 8, list,
			      reach))
			return true;
	}
	return read_list(acpi_get32(root + RSDP_RSDT), "RSDT", 4, list, reach);
}

/*
 * The table of that signature: the nth one of those that are sound.
 */
static bool find_table(const struct table_list *list, const char *signature,
		       unsigned nth, struct acpi_table *t, boot_reach *reach)
{
	const uint8_t *entry = list->table.bytes + ACPI_HEADER_SIZE;
	const uint8_t *end = list->table.bytes + list->table.size;

	for (; (size_t)(end - entry) >= list->entry_size;
	     entry += list->entry_size) {
		uint64_t address = list->entry_size == 8 ? acpi_get64(entry)
							 : acpi_get32(entry);
		const uint8_t *head =
		    address ? reach(address, ACPI_HEADER_SIZE) : NULL;

		/* Those that nobody wants may be long: their sum isn't made. */
		if (!head || memcmp(head, signature, 4) != 0 ||
		    !acpi_table_read(address, t, reach))
			continue;
		if (nth-- == 0)
			return true;
	}
	return false;
}

/* A port: by the generic address of later versions, or by the old field. */
static uint16_t port_field(const struct acpi_table *fadt, unsigned generic,
			   unsigned old)
{
	uint64_t port = 0;

	if (fadt->size >= generic + GENERIC_SIZE &&
	    fadt->bytes[generic] == ACPI_PORTS)
		port = field(fadt, generic + GENERIC_ADDRESS, 8);
	if (!port || port > UINT16_MAX)
		port = field(fadt, old, 4);
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static void read_reset(const struct acpi_table *fadt, struct acpi_info *info)
{
	if (!(field(fadt, FADT_FLAGS, 4) & FADT_RESET_SUPPORTED) ||
	    fadt->size <= FADT_RESET_VALUE)
		return;
	info->reset.space = fadt->bytes[FADT_RESET];
	info->reset.address = field(fadt, FADT_RESET + GENERIC_ADDRESS, 8);
	info->reset_value = fadt->bytes[FADT_RESET_VALUE];
	/* The space of ports ends at 64 Ki; an address of 0 means none. */
	info->can_reset =
	    info->reset.address && (info->reset.space != ACPI_PORTS ||
				    info->reset.address <= UINT16_MAX);
}

/* \_S5: in the DSDT, else in one of the secondary tables. */
static bool find_s5(const struct acpi_table *fadt,
		    const struct table_list *list, struct acpi_info *info,
		    boot_reach *reach)
{
	uint64_t address = field(fadt, FADT_X_DSDT, 8);
	struct acpi_table t;

	if (!address)
		address = field(fadt, FADT_DSDT, 4);
	if (acpi_table_read(address, &t, reach) && has_signature(&t, "DSDT") &&
	    acpi_find_s5(&t, &info->sleep_type_a, &info->sleep_type_b))
		return true;
	for (unsigned n = 0; n < ACPI_SSDTS_MAX; n++) {
		if (!find_table(list, "SSDT", n, &t, reach))
			break;
		if (acpi_find_s5(&t, &info->sleep_type_a, &info->sleep_type_b))
			return true;
	}
	return false;
}

static void read_fadt(const struct table_list *list, struct acpi_info *info,
		      boot_reach *reach)
{
	struct acpi_table fadt;
	uint64_t smi;

	if (!find_table(list, "FACP", 0, &fadt, reach))
		return;
	read_reset(&fadt, info);
	/* Without these registers at all, 4.1. */
	if (field(&fadt, FADT_FLAGS, 4) & FADT_HARDWARE_REDUCED)
		return;
	info->pm1a_control =
	    port_field(&fadt, FADT_X_PM1A_CONTROL, FADT_PM1A_CONTROL);
	info->pm1b_control =
	    port_field(&fadt, FADT_X_PM1B_CONTROL, FADT_PM1B_CONTROL);
	smi = field(&fadt, FADT_SMI_COMMAND, 4);
	if (smi <= UINT16_MAX) {
		info->smi_command = (uint16_t)smi;
		info->acpi_enable = (uint8_t)field(&fadt, FADT_ACPI_ENABLE, 1);
	}
	info->can_power_off =
	    info->pm1a_control && find_s5(&fadt, list, info, reach);
}

static void read_ioapic(const uint8_t *entry, struct acpi_info *info)
{
	if (info->ioapic_count < ACPI_IOAPICS_MAX)
		info->ioapic[info->ioapic_count++] = (struct acpi_ioapic){
		    acpi_get32(entry + 4), acpi_get32(entry + 8)};
}

static void read_override(const uint8_t *entry, struct acpi_info *info)
{
	unsigned source = entry[3], flags = entry[8];

	/* Bus 0 is ISA, the only one there is. */
	if (entry[2] != 0 || source >= ACPI_ISA_LINES)
		return;
	info->isa[source] = (struct acpi_line){
	    .line = acpi_get32(entry + 4),
	    .level = (flags & TRIGGER_MASK) == TRIGGER_LEVEL,
	    .low_active = (flags & POLARITY_MASK) == POLARITY_LOW,
	};
}

static void read_madt(const struct table_list *list, struct acpi_info *info,
		      boot_reach *reach)
{
	struct acpi_table madt;
	uint32_t at = MADT_ENTRIES, size;

	if (!find_table(list, "APIC", 0, &madt, reach))
		return;
	for (; at < madt.size && madt.size - at >= 2; at += size) {
		const uint8_t *entry = madt.bytes + at;

		size = entry[1];
		if (size < 2 || size > madt.size - at)
			return;
		if (entry[0] == MADT_IOAPIC && size >= MADT_IOAPIC_SIZE)
			read_ioapic(entry, info);
		else if (entry[0] == MADT_OVERRIDE &&
			 size >= MADT_OVERRIDE_SIZE)
			read_override(entry, info);
	}
}

const char *acpi_read(uint64_t rsdp, struct acpi_info *info, boot_reach *reach)
{
	struct table_list list;

	memset(info, 0, sizeof *info);
	for (unsigned i = 0; i < ACPI_ISA_LINES; i++)
		info->isa[i].line = i;
	if (!rsdp || !root_at(rsdp, reach))
		rsdp = find_root(reach);
	if (!rsdp)
		return "ACPI: no root pointer";
	if (!find_list(rsdp, &list, reach))
		return "ACPI: the list of tables is damaged";
	read_fadt(&list, info, reach);
	read_madt(&list, info, reach);
	return NULL;
}
