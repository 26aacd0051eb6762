/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pc/timer.c and pc/irq.c, with an APIC whose timer counts at a rate that the
 * platform doesn't know, and an I/O APIC whose lines ACPI tells of.  Their
 * names are others here, because host_platform.c has them, too.
 */
#define platform_timer_arm tested_timer_arm
#define platform_irq_attach tested_irq_attach
#define platform_irq_detach tested_irq_detach
#define platform_msi_attach tested_msi_attach
#include "pc/timer.c"
#include "pc/irq.c"

#include "check.h"
#include "host.h"

/* --- The machine --- */

static struct {
	uint64_t hz, set_at;
	uint32_t ticks;
	unsigned eois;
	uint64_t ioapic;
	unsigned line, vector, masked;
	bool level, low_active;
	void (*timer)(void *);
} machine;

static uint64_t ns_of(uint64_t ticks)
{
	return ticks * 1000000000 / machine.hz;
}

bool lapic_init(void)
{
	return true;
}

void lapic_eoi(void)
{
	machine.eois++;
}

uint32_t lapic_id(void)
{
	return 2;
}

void lapic_timer_set(uint32_t ticks)
{
	machine.ticks = ticks;
	machine.set_at = host_clock;
}

uint32_t lapic_timer_left(void)
{
	uint64_t gone = (host_clock - machine.set_at) * machine.hz / 1000000000;

	return gone < machine.ticks ? machine.ticks - (uint32_t)gone : 0;
}

void pic_disable(void)
{
}

bool ioapic_init(uint64_t phys)
{
	machine.ioapic = phys;
	return true;
}

unsigned ioapic_lines(void)
{
	return machine.ioapic ? 24 : 0;
}

void ioapic_route(unsigned line, unsigned vector, bool level, bool low_active)
{
	machine.line = line;
	machine.vector = vector;
	machine.level = level;
	machine.low_active = low_active;
}

void ioapic_mask(unsigned line)
{
	machine.masked = line;
}

void trap_set_handler(unsigned vector, void (*fn)(void *), void *argument)
{
	(void)argument;
	if (vector == VECTOR_TIMER)
		machine.timer = fn;
}

int trap_alloc_vector(void)
{
	static int next = 0x30;

	return next++;
}

void pc_fail(const char *why)
{
	host_fail(why);
}

/* --- Tests --- */

static void on_timer(void)
{
}

/* Arms for ns from now; how long it takes until it fires. */
static uint64_t shot(uint64_t ns)
{
	uint64_t before = host_clock;

	tested_timer_arm(before + ns);
	host_clock += ns_of(machine.ticks) + 1;
	machine.timer(NULL);
	return host_clock - before;
}

static void test_known(void)
{
	uint64_t took;

	machine.hz = 66000000;
	pc_timer_init(on_timer, 66000000);
	took = shot(10000000);
	check(took >= 10000000 && took < 10001000, "a rate that is known");
	check(machine.eois == 1, "acknowledged");
}

static void test_guess(void)
{
	uint64_t took;

	apic_hz = NS_PER_SECOND;
	pc_timer_init(on_timer, 0);
	took = shot(10000000);
	check(took > 100000000, "a guess that is wrong: late once");
	took = shot(10000000);
	check(took >= 9900000 && took < 10200000, "and then right");
	for (unsigned i = 0; i < 100; i++)
		shot(5000000);
	took = shot(1000000);
	check(took >= 990000 && took < 1020000, "and it stays so");

	/* The machine was stopped for an hour. */
	tested_timer_arm(host_clock + 5000000);
	host_clock += 3600UL * 1000000000;
	machine.timer(NULL);
	took = shot(5000000);
	check(took >= 4900000 && took < 5100000, "not misled by a long stop");

	/* Set anew before it fires, the real rate is seen. */
	apic_hz = NS_PER_SECOND;
	tested_timer_arm(host_clock + 100000000);
	host_clock += 20000000;
	took = shot(10000000);
	check(took >= 9900000 && took < 10100000, "measured while it counts");
}

static void handler(void *argument)
{
	++*(unsigned *)argument;
}

static void test_lines(void)
{
	static struct acpi_info acpi = {
	    .ioapic = {{0xfec10000, 24}, {0xfec08000, 0}},
	    .ioapic_count = 2,
	};
	unsigned called = 0;

	for (unsigned i = 0; i < ACPI_ISA_LINES; i++)
		acpi.isa[i].line = i;
	acpi.isa[9] = (struct acpi_line){20, true, true};
	acpi.isa[5] = (struct acpi_line){40, false, false};
	pc_irq_setup(&acpi);
	check(tested_irq_attach(4, handler, &called) == 0 &&
		  machine.ioapic == 0xfec08000,
	      "the I/O APIC of the first lines");
	check(machine.line == 4 && !machine.level && !machine.low_active,
	      "an ISA line as it is");
	check(tested_irq_attach(9, handler, &called) == 0 &&
		  machine.line == 20 && machine.level && machine.low_active,
	      "one that ACPI puts elsewhere");
	check(tested_irq_attach(5, handler, &called) < 0,
	      "one beyond the I/O APIC");
	check(tested_irq_attach(17, handler, &called) == 0 &&
		  machine.line == 17 && machine.level && machine.low_active,
	      "a PCI line");
	tested_irq_detach(9);
	check(machine.masked == 20, "masked where it is");
	interrupt((void *)4);
	interrupt((void *)9);
	check(called == 1, "a handler, and none after it was detached");
}

int main(void)
{
	test_known();
	test_guess();
	test_lines();
	return check_done();
}
