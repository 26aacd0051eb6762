/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ioapic.c - the I/O APIC (Intel 82093AA data sheet, 3.1 and 3.2): a window of
 * two registers, an index and its data.
 */
#include "arch/apic.h"
#include "arch/page.h"

#define WINDOW_SIZE 0x20
#define INDEX 0
#define DATA 4 /* as 32-bit words: byte 0x10 */

#define REG_VERSION 1
#define REG_ROUTE 0x10 /* two for each line */
#define ROUTE_LOW_ACTIVE (1u << 13)
#define ROUTE_LEVEL (1u << 15)
#define ROUTE_MASKED (1u << 16)

static volatile uint32_t *window;
static unsigned lines;

static void write_register(unsigned reg, uint32_t value)
{
	window[INDEX] = reg;
	window[DATA] = value;
}

bool ioapic_init(uint64_t phys)
{
	uint32_t version;

	window = page_map_device(phys, WINDOW_SIZE);
	if (!window)
		return false;
	window[INDEX] = REG_VERSION;
	version = window[DATA];
	if (version == ~0u || !version)
		return false;
	/* At reset all lines are masked, and no loader changes that. */
	lines = (version >> 16 & 0xff) + 1;
	return true;
}

unsigned ioapic_lines(void)
{
	return lines;
}

void ioapic_route(unsigned line, unsigned vector, bool level, bool low_active)
{
	uint32_t low = vector;

	if (level)
		low |= ROUTE_LEVEL;
	if (low_active)
		low |= ROUTE_LOW_ACTIVE;
	write_register(REG_ROUTE + 2 * line, low | ROUTE_MASKED);
	write_register(REG_ROUTE + 2 * line + 1, lapic_id() << 24);
	write_register(REG_ROUTE + 2 * line, low);
}

void ioapic_mask(unsigned line)
{
	write_register(REG_ROUTE + 2 * line, ROUTE_MASKED);
}
