/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lapic.c - the local APIC (Intel SDM vol. 3, ch. 11): by registers in memory,
 * or by MSRs (x2APIC), which cost a hypervisor less.
 */
#include "arch/apic.h"
#include "arch/cpu.h"
#include "arch/io.h"
#include "arch/page.h"
#include "arch/trap.h"

#define CPUID_APIC (1u << 9)	/* CPUID.1:EDX */
#define CPUID_X2APIC (1u << 21) /* CPUID.1:ECX */
#define MSR_APIC_BASE 0x1b
#define APIC_BASE_ENABLE (1UL << 11)
#define APIC_BASE_X2APIC (1UL << 10)
#define APIC_BASE_ADDRESS 0xffffff000UL
#define MSR_X2APIC 0x800

/* Offsets of registers in bytes; an MSR's is a sixteenth. */
enum {
	REG_ID = 0x20,
	REG_EOI = 0xb0,
	REG_SPURIOUS = 0xf0,
	REG_TIMER = 0x320,
	REG_LINT0 = 0x350,
	REG_TIMER_INITIAL = 0x380,
	REG_TIMER_CURRENT = 0x390,
	REG_TIMER_DIVIDE = 0x3e0,
};

#define SPURIOUS_ENABLE 0x100
#define LVT_MASKED 0x10000
#define DIVIDE_BY_1 0xb

static volatile uint32_t *registers;
static bool x2apic;

static void write_register(unsigned reg, uint32_t value)
{
	if (x2apic)
		cpu_write_msr(MSR_X2APIC + reg / 16, value);
	else
		registers[reg / 4] = value;
}

static uint32_t read_register(unsigned reg)
{
	return x2apic ? (uint32_t)cpu_read_msr(MSR_X2APIC + reg / 16)
		      : registers[reg / 4];
}

bool lapic_init(void)
{
	struct cpuid id = cpu_id(1, 0);
	uint64_t base;

	if (!(id.edx & CPUID_APIC))
		return false;
	base = cpu_read_msr(MSR_APIC_BASE) | APIC_BASE_ENABLE;
	if (id.ecx & CPUID_X2APIC) {
		base |= APIC_BASE_X2APIC;
		x2apic = true;
	} else {
		registers =
		    page_map_device(base & APIC_BASE_ADDRESS, PAGE_SIZE);
		if (!registers)
			return false;
	}
	cpu_write_msr(MSR_APIC_BASE, base);
	write_register(REG_LINT0, LVT_MASKED);
	write_register(REG_TIMER_DIVIDE, DIVIDE_BY_1);
	write_register(REG_TIMER, VECTOR_TIMER);
	write_register(REG_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
	return true;
}

void lapic_eoi(void)
{
	write_register(REG_EOI, 0);
}

uint32_t lapic_id(void)
{
	uint32_t id = read_register(REG_ID);

	return x2apic ? id : id >> 24;
}

void lapic_timer_set(uint32_t ticks)
{
	write_register(REG_TIMER_INITIAL, ticks);
}

uint32_t lapic_timer_left(void)
{
	return read_register(REG_TIMER_CURRENT);
}

#define PIC1_DATA 0x21
#define PIC2_DATA 0xa1

void pic_disable(void)
{
	port_out8(PIC1_DATA, 0xff);
	port_out8(PIC2_DATA, 0xff);
}
