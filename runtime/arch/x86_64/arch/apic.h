/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arch/apic.h - local APIC and I/O APIC (Intel SDM vol. 3, ch. 11; 82093AA).
 */
#ifndef ARCH_APIC_H
#define ARCH_APIC_H

#include <stdbool.h>
#include <stdint.h>

/* Switches this CPU's on, as x2APIC where there is one.  False: none. */
bool lapic_init(void);
void lapic_eoi(void);
uint32_t lapic_id(void);

/* One-shot timer with VECTOR_TIMER, in ticks of the APIC; 0 stops it. */
void lapic_timer_set(uint32_t ticks);
/* What is left; 0 when it has fired. */
uint32_t lapic_timer_left(void);

/* Masks all lines of the I/O APIC at phys; false if there is none. */
bool ioapic_init(uint64_t phys);
unsigned ioapic_lines(void);
/* Routes a line to a vector of this CPU; level: level-triggered, or by edge. */
void ioapic_route(unsigned line, unsigned vector, bool level, bool low_active);
void ioapic_mask(unsigned line);

/* Masks the two 8259s, whose interrupts nobody wants. */
void pic_disable(void);

#endif
